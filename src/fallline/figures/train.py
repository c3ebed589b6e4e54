"""Figures of stage train: each family by fold, and how the network learnt."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Points, Rule
from fallline.figures.wording import number


def train_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns fold losses per family, and the network's epochs where one was trained."""
    figures = [_folds(part)]
    figures += [_epochs(name, family) for name, family in part["families"].items() if family["history"]]
    return tuple(figures)


def _folds(part: dict[str, Any]) -> Figure:
    families = part["families"]
    marks = [
        Points(
            tuple(family["fold_losses"]),
            tuple(
                index + (fold - len(family["fold_losses"]) / 2 + 0.5) * 0.08
                for fold in range(len(family["fold_losses"]))
            ),
            family["family"],
            names=tuple(f"{name}, fold {fold + 1}: {number(loss)}" for fold, loss in enumerate(family["fold_losses"])),
        )
        for index, (name, family) in enumerate(families.items())
    ]
    means = [
        Points(
            (family["log_loss"],),
            (float(index),),
            family["family"],
            size=8,
            hollow=True,
            names=(f"{name}: mean {number(family['log_loss'], 4)}",),
        )
        for index, (name, family) in enumerate(families.items())
    ]
    told = "; ".join(f"{name} {number(family['log_loss'], 4)}" for name, family in families.items())
    rows = tuple(
        (name, fold + 1, loss) for name, family in families.items() for fold, loss in enumerate(family["fold_losses"])
    )
    prior = Rule(part["prior_log_loss"], "x", "baseline", "knows only the base rate")
    return Figure(
        id="train-folds",
        title="Log loss by fold, each family once",
        x=Axis("log loss on the fold left out"),
        y=Axis("", scale="category", categories=tuple(families)),
        marks=(prior, *marks, *means),
        alt=f"Mean log loss over {part['folds']} folds: {told}; "
        f"the base rate alone gives {number(part['prior_log_loss'], 4)}.",
        table=DataTable(("family", "fold", "log loss"), rows),
        aspect=2.4,
    )


def _epochs(name: str, family: dict[str, Any]) -> Figure:
    history = family["history"]
    epochs = tuple(float(entry["epoch"]) for entry in history)
    train = Line(epochs, tuple(entry["train"] for entry in history), "train", "train")
    held = Line(epochs, tuple(entry["validation"] for entry in history), "validation", "validation")
    best = min(history, key=lambda entry: entry["validation"])
    rows = tuple((entry["epoch"], entry["train"], entry["validation"]) for entry in history)
    return Figure(
        id=f"train-epochs-{name}",
        title=f"{name}: log loss by epoch, first fold",
        x=Axis("epoch"),
        y=Axis("log loss"),
        marks=(Rule(float(best["epoch"]), "x", "muted", "kept"), train, held),
        alt=f"{name} learns for {len(history)} epochs; validation is lowest, "
        f"{number(best['validation'], 4)}, at {best['epoch']}.",
        table=DataTable(("epoch", "train", "validation"), rows),
        caption=family["ending"]["sentence"],
    )
