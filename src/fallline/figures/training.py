"""Figures of a training: the loss by step, training and validation by epoch, the score, the gradient, the rate."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Rule
from fallline.figures.wording import number


def training_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the curves; none of a training that broke before its first step."""
    if not part["steps"]:
        return ()
    figures = [_steps(part)]
    if part["look"]:
        figures.append(_epochs(part))
    if part["scores"]:
        figures.append(_score(part))
    figures.append(_by_step(part, "gradients", "training-gradient", "Length of the gradient by step", "gradient norm"))
    if len(set(part["rates"])) > 1:
        figures.append(_by_step(part, "rates", "training-rate", "Learning rate by step", "learning rate"))
    return tuple(figures)


def _steps(part: dict[str, Any]) -> Figure:
    """Every batch's loss: what an optimizer sees."""
    steps, losses = tuple(map(float, part["step"])), tuple(part["losses"])
    return Figure(
        id="training-steps",
        title=f"{part['title']} on {part['data']}: loss by step",
        x=Axis("step"),
        y=Axis(part["loss"].lower(), scale=_scale(losses)),
        marks=(Line(steps, losses, "train", "batch"),),
        alt=f"{part['loss']} of each batch over {part['steps']:,} steps: from {number(losses[0])} to "
        f"{number(losses[-1])}. {part['sentence']}",
        table=DataTable(("step", "loss"), tuple(zip(steps, losses, strict=True))),
        caption=part["sentence"],
        aspect=1.8,
    )


def _epochs(part: dict[str, Any]) -> Figure:
    """Training and validation, and where the best weights are."""
    epochs, seen, held = tuple(part["epochs"]), tuple(part["train"]), tuple(part["validation"])
    best = epochs[part["best"]]
    lines = [Line(epochs, seen, "train", "training")]
    lines += [Line(epochs, held, "validation", "validation")] if held else []
    low = number((held or seen)[part["best"]])
    columns, rows = (
        ("epoch", "training", "validation"),
        tuple(zip(epochs, seen, held or (None,) * len(seen), strict=True)),
    )
    return Figure(
        id="training-epochs",
        title="Training and validation loss by epoch" if held else "Training loss by epoch",
        x=Axis("epoch"),
        y=Axis(part["loss"].lower(), scale=_scale((*seen, *held))),
        marks=(Rule(best, "x", "muted", "best"), *lines),
        alt=f"The {'validation' if held else 'training'} loss is lowest, {low}, in epoch {number(best)} of "
        f"{number(epochs[-1])}. {part['sentence']}",
        table=DataTable(columns, rows),
        caption=part["sentence"],
        aspect=1.8,
    )


def _score(part: dict[str, Any]) -> Figure:
    epochs, scores = tuple(part["epochs"]), tuple(part["scores"])
    return Figure(
        id="training-score",
        title=f"{part['score'].capitalize()} of the validation rows by epoch",
        x=Axis("epoch"),
        y=Axis(part["score"]),
        marks=(Rule(epochs[part["best"]], "x", "muted", "best"), Line(epochs, scores, "validation", "validation")),
        alt=f"{part['score'].capitalize()} over {len(scores)} looks, from {number(scores[0])} to {number(scores[-1])}; "
        f"{number(scores[part['best']])} where the loss is best.",
        table=DataTable(("epoch", part["score"]), tuple(zip(epochs, scores, strict=True))),
        aspect=1.8,
    )


def _by_step(part: dict[str, Any], key: str, name: str, title: str, axis: str) -> Figure:
    steps, values = tuple(map(float, part["step"])), tuple(part[key])
    return Figure(
        id=name,
        title=title,
        x=Axis("step"),
        y=Axis(axis, scale=_scale(values)),
        marks=(Line(steps, values, "ink", axis),),
        alt=f"{title}, from {number(values[0])} to {number(values[-1])}.",
        table=DataTable(("step", axis), tuple(zip(steps, values, strict=True))),
        aspect=1.8,
    )


def _scale(values: tuple[float, ...]) -> Any:
    """Logarithmic where the values span more than a factor of twenty."""
    low = min(values)
    return "log" if low > 0.0 and max(values) > 20.0 * low else "linear"
