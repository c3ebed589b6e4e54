"""Figures of a failure: what was seen and what was wanted by effort, and both where the effort stands."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Figure, Line, Points, Rule
from fallline.figures.wording import number


def failure_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the two curves, and the two numbers."""
    return (_curves(part), _here(part))


def _curves(part: dict[str, Any]) -> Figure:
    efforts, here = tuple(part["efforts"]), part["here"]
    log = efforts[0] > 0 and efforts[-1] / efforts[0] > 100
    marks = (
        Rule(part["goal"], "y", "good", f"goal {number(part['goal'])}"),
        Line(efforts, tuple(part["seens"]), "link", "seen"),
        Line(efforts, tuple(part["wanteds"]), "accent", "wanted"),
        Points((here["effort"],), (here["seen"],), "link", size=5),
        Points((here["effort"],), (here["wanted"],), "accent", size=5),
    )
    rows = tuple(zip(efforts, part["seens"], part["wanteds"], strict=True))
    return Figure(
        id="failure-curves",
        title=f"{part['title'][:1].upper()}{part['title'][1:]}: what the optimizer sees, and what was wanted",
        x=Axis(part["effort"], scale="log" if log else "linear"),
        y=Axis("share or correlation", high=1.05),
        marks=marks,
        alt=f"As {part['effort']} grows, {part['seen']} goes from {number(part['start']['seen'])} to "
        f"{number(part['end']['seen'])}, {part['wanted']} from {number(part['start']['wanted'])} to "
        f"{number(part['end']['wanted'])}.",
        table=DataTable((part["effort"], part["seen"], part["wanted"]), rows),
        aspect=1.4,
    )


def _here(part: dict[str, Any]) -> Figure:
    names, here = (part["seen"], part["wanted"]), part["here"]
    values = (here["seen"], here["wanted"])
    return Figure(
        id="failure-here",
        title=f"Where it stands: {part['effort']} {number(here['effort'])}",
        x=Axis("share or correlation", high=1.0),
        y=Axis("", scale="category", categories=names),
        marks=(Bars((0.0, 1.0), values, "link", roles=("link", "accent"), horizontal=True),),
        alt=f"{names[0]}: {number(values[0])}; {names[1]}: {number(values[1])}.",
        table=DataTable(("number", "value"), tuple(zip(names, values, strict=True))),
        aspect=2.2,
    )
