"""Figures of stage train: each family by fold, and how the network learnt."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Points, Rule
from fallline.figures.wording import number


def train_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns fold losses per family, and the network's epochs where one was trained."""
    figures = [_folds(part)]
    figures += [_epochs(name, each) for name, each in part["families"].items() if "inner" in each["history"]]
    return tuple(figures)


def _folds(part: dict[str, Any]) -> Figure:
    families = part["families"]
    marks = [mark for index, (name, family) in enumerate(families.items()) for mark in _family(index, name, family)]
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
        marks=(prior, *marks),
        alt=f"Mean log loss over {part['folds']} folds: {told}; "
        f"the base rate alone gives {number(part['prior_log_loss'], 4)}.",
        table=DataTable(("family", "fold", "log loss"), rows),
        aspect=2.4,
    )


def _family(index: int, name: str, family: dict[str, Any]) -> tuple[Points, Points]:
    """One family's folds, side by side about its line, and their mean as a ring."""
    losses = family["fold_losses"]
    beside = tuple(index + (fold - len(losses) / 2 + 0.5) * 0.08 for fold in range(len(losses)))
    words = tuple(f"{name}, fold {fold + 1}: {number(loss)}" for fold, loss in enumerate(losses))
    mean = (f"{name}: mean {number(family['log_loss'], 4)}",)
    return (
        Points(tuple(losses), beside, family["family"], names=words),
        Points((family["log_loss"],), (float(index),), family["family"], size=8, hollow=True, names=mean),
    )


def _epochs(name: str, family: dict[str, Any]) -> Figure:
    seen, held = family["history"]["loss"], family["history"]["inner"]
    epochs = tuple(float(epoch + 1) for epoch in range(len(seen)))
    best = min(range(len(held)), key=held.__getitem__)
    rows = tuple(zip(epochs, seen, held, strict=True))
    return Figure(
        id=f"train-epochs-{name.replace(' ', '-')}",
        title=f"{name}: log loss by epoch, first fold",
        x=Axis("epoch"),
        y=Axis("log loss"),
        marks=(
            Rule(epochs[best], "x", "muted", "kept"),
            Line(epochs, tuple(seen), "train", "train"),
            Line(epochs, tuple(held), "validation", "set aside"),
        ),
        alt=f"{name} learns for {len(seen)} epochs; the loss on rows set aside is lowest, "
        f"{number(held[best], 4)}, at {best + 1}.",
        table=DataTable(("epoch", "train", "set aside"), rows),
        caption=family["ending"]["sentence"],
    )
