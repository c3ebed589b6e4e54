"""Figures of a sick training: the loss, the gradient, the angle between gradients, and the rate, step by step."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number


def sick_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns what one looks at to name it. None of them says the name."""
    return (_losses(part), _slopes(part), _cosines(part), _rates(part))


def _steps(values: list[float], first: int = 0) -> tuple[float, ...]:
    return tuple(float(step + first) for step in range(len(values)))


def _losses(part: dict[str, Any]) -> Figure:
    losses = part["losses"]
    marks: list[Mark] = [Rule(part["target"], "y", "good", f"goal {number(part['target'])}")]
    if losses:
        marks.append(Line(_steps(losses), tuple(losses), "gd", "", trail=True))
    broken = f" At step {part['steps']} the {part['broken']} is no number." if part["broken"] else ""
    if part["broken"] and losses:
        at = float(part["steps"])
        marks.append(Points((at,), (losses[-1],), "bad", f"no number at step {part['steps']}", size=6))
    ends = f"from {number(losses[0])} to {number(losses[-1])}" if losses else "nowhere"
    return Figure(
        id="sick-loss",
        title=f"{part['model'][:1].upper()}{part['model'][1:]}: loss above the lowest possible",
        x=Axis("step", low=0.0, high=float(part["budget"])),
        y=Axis("loss above the lowest", scale="log"),
        marks=tuple(marks),
        alt=f"Loss above the lowest, over {part['budget']} steps: {ends}. Goal: {number(part['target'])}.{broken}",
        table=DataTable(("step", "loss above the lowest"), tuple(zip(_steps(losses), losses, strict=True))),
        aspect=1.4,
        steps=max(len(losses) - 1, 0),
    )


def _slopes(part: dict[str, Any]) -> Figure:
    slopes, used = part["slopes"], part["used"]
    shown = tuple(value if value > 0.0 else None for value in slopes)
    kept = tuple(value if value > 0.0 else None for value in used)
    marks = (
        Line(_steps(used), kept, "sgd", "used", trail=True),
        Line(_steps(slopes), shown, "ink", "all rows", trail=True),
    )
    rows = tuple((step, slope, used[step] if step < len(used) else None) for step, slope in enumerate(slopes))
    ends = f"from {number(slopes[0])} to {number(slopes[-1])}" if slopes else "nowhere"
    return Figure(
        id="sick-slope",
        title="Length of the gradient",
        x=Axis("step", low=0.0, high=float(part["budget"])),
        y=Axis("length", scale="log"),
        marks=marks if slopes else (),
        alt=f"Length of the gradient over all rows, and of the one that was stepped along: the former goes {ends}.",
        table=DataTable(("step", "over all rows", "used"), rows),
        aspect=1.8,
        steps=max(len(slopes) - 1, 0),
    )


def _cosines(part: dict[str, Any]) -> Figure:
    cosines = part["cosines"]
    marks: list[Mark] = [Rule(0.0, "y", "muted")]
    if cosines:
        marks.append(Line(_steps(cosines, 1), tuple(cosines), "link", ""))
    told = (
        f"Median over the last steps: {number(part['signs']['cosine'])}." if cosines else "There are no two gradients."
    )
    return Figure(
        id="sick-angle",
        title="Cosine between a gradient and the one before",
        x=Axis("step", low=0.0, high=float(part["budget"])),
        y=Axis("cosine", low=-1.05, high=1.05),
        marks=tuple(marks),
        alt=f"Cosine of the angle between each gradient and the one before it. {told}",
        table=DataTable(("step", "cosine"), tuple(zip(_steps(cosines, 1), cosines, strict=True))),
        aspect=1.8,
    )


def _rates(part: dict[str, Any]) -> Figure:
    rates = part["rates"]
    ends = f"from {number(rates[0])} to {number(rates[-1])}" if rates else "nowhere"
    return Figure(
        id="sick-rate",
        title="Learning rate",
        x=Axis("step", low=0.0, high=float(part["budget"])),
        y=Axis("rate", low=0.0, symbol="η"),
        marks=(Line(_steps(rates), tuple(rates), "accent", ""),) if rates else (),
        alt=f"The learning rate goes {ends}.",
        table=DataTable(("step", "rate"), tuple(zip(_steps(rates), rates, strict=True))),
        aspect=1.8,
    )
