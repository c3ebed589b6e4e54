"""Figures of the view ``prediction``: what the served model says, before and after, and along one column."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number


def prediction_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the prediction along one column, and the one before beside the one after the changes."""
    return (_along(part), _both(part))


def _along(part: dict[str, Any]) -> Figure:
    along, threshold = part["along"], part["threshold"]
    column, chances = along["column"], tuple(along["p"])
    words = along["kind"] == "word"
    here = along["at"].index(along["here"]) if words and along["here"] in along["at"] else along["here"]
    limit = Rule(threshold, "y", "muted", f"threshold {number(threshold, 2)}")
    marks: tuple[Mark, ...]
    if words:
        roles = tuple("accent" if word == along["here"] else "link" for word in along["at"])
        marks = (Bars(tuple(map(float, range(len(chances)))), chances, "link", roles=roles), limit)
        axis = Axis(column, scale="category", categories=tuple(along["at"]))
    else:
        marks = (limit, Line(tuple(along["at"]), chances, "link", "probability"))
        if here is not None:
            marks += (
                Rule(float(here), "x", "accent", f"{column} {number(here)}", handle=column),
                Points((float(here),), (part["after"],), "accent", size=6, names=(number(part["after"]),)),
            )
        axis = Axis(column, low=along["at"][0], high=along["at"][-1])
    return Figure(
        id="prediction-along",
        title=f"What the served model says of this customer, by {column}",
        x=axis,
        y=Axis("probability", low=0.0, high=1.0),
        marks=marks,
        alt=f"{part['sentence']} Along {column} the probability goes from {number(min(chances))} to "
        f"{number(max(chances))}.",
        table=DataTable((column, "probability"), tuple(zip(along["at"], chances, strict=True))),
    )


def _both(part: dict[str, Any]) -> Figure:
    names = ("as it was", "as changed")
    values = (part["before"], part["after"])
    marks = (
        Rule(part["threshold"], "x", "muted", f"threshold {number(part['threshold'], 2)}"),
        Points((values[0],), (0.0,), "muted", size=7, names=(number(values[0]),)),
        Points((values[1],), (1.0,), "accent", size=8, names=(number(values[1]),)),
    )
    return Figure(
        id="prediction",
        title="Before and after the changes",
        x=Axis("probability", low=0.0, high=1.0),
        y=Axis("", scale="category", categories=names),
        marks=marks,
        alt=part["sentence"],
        table=DataTable(("row", "probability"), tuple(zip(names, values, strict=True))),
        aspect=3.0,
    )
