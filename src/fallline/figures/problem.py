"""Figures of a problem's kind: the curve with a chord to drag, its slope, and the same question asked again."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number


def problem_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the curve, the slope along it, and repeated answers."""
    return (_curve(part), _slopes(part), _asked(part))


def _curve(part: dict[str, Any]) -> Figure:
    chord = part["chord"]
    marks: list[Mark] = [
        Rule(chord["left"], "x", "muted", "", handle="left"),
        Rule(chord["right"], "x", "muted", "", handle="right"),
    ]
    if part["edge"] is not None:
        marks.append(Rule(part["edge"], "x", "bad", "forbidden", half="above"))
    marks.append(Line(tuple(part["x"]), tuple(part["y"]), "ink"))
    if chord["ends"] is not None:
        ends = (chord["left"], chord["right"]), tuple(chord["ends"])
        role, word = ("bad", "crossed") if chord["crossed"] else ("good", "chord")
        marks += [Line(*ends, role), Points(*ends, role, word, size=5)]
    span = f"from {number(chord['left'])} to {number(chord['right'])}"
    crossed = f"The curve rises {number(chord['above'])} above it." if chord["crossed"] else "The curve stays below it."
    return Figure(
        id="problem-curve",
        title=f"{part['title'][:1].upper()}{part['title'][1:]}: {part['value']} by {part['parameter']}",
        x=Axis(part["parameter"], low=-2.0, high=2.0),
        y=Axis(part["value"]),
        marks=tuple(marks),
        alt=f"Curve of {part['value']} with a chord {span}. {crossed}",
        table=DataTable((part["parameter"], part["value"]), tuple(zip(part["x"], part["y"], strict=True))),
        aspect=1.4,
    )


def _slopes(part: dict[str, Any]) -> Figure:
    middles = tuple((a + b) / 2 for a, b in zip(part["x"], part["x"][1:], strict=False))
    surface = part["truth"]["surface"]
    told = f"The surface is {surface}." if surface else "Noise hides the slope."
    return Figure(
        id="problem-slope",
        title="Its slope: a jump is a kink, spikes on zero are steps",
        x=Axis(part["parameter"], low=-2.0, high=2.0),
        y=Axis("slope"),
        marks=(Rule(0.0, "y", "muted", ""), Line(middles, tuple(part["slopes"]), "link", step=True)),
        alt=f"Slope along the curve, from differences over 0.025. {told}",
        table=DataTable((part["parameter"], "slope"), tuple(zip(middles, part["slopes"], strict=True))),
        aspect=1.7,
    )


def _asked(part: dict[str, Any]) -> Figure:
    asked = part["asked"]
    places = tuple(float(place + 1) for place in range(len(asked)))
    return Figure(
        id="problem-asked",
        title=f"Asked {len(asked)} times at 0",
        x=Axis("question"),
        y=Axis(part["value"]),
        marks=(Points(places, tuple(asked), "accent", size=3),),
        alt=f"{len(asked)} answers at the same place have a standard deviation of {number(part['spread'])}.",
        table=DataTable(("question", part["value"]), tuple(zip(places, asked, strict=True))),
        aspect=1.7,
    )
