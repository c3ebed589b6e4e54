"""Figures of basins: the map of starts in the colours of their ends, and the shares as bars."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Field, Figure, Line, Mark, Points, Regions
from fallline.figures.wording import number

GRID = 121
LABELLED = 6
"""Valleys whose share stands on the map; more would cover it."""


def basins_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map of basins and the shares; the heights under the map come by their key."""
    return (_map(part), _shares(part))


def _map(part: dict[str, Any]) -> Figure:
    (x_low, x_high), (y_low, y_high) = part["domain"]
    across, up = (x_low, x_high), (y_low, y_high)
    log = part["levels"] == "log"
    key = f"{part['surface']}-{GRID}"
    field = Field(across, up, GRID, GRID, (), palette="relief", log=log, label=part["title"], key=key)
    classes = part["classes"]
    roles, names = tuple(each["role"] for each in classes), tuple(each["name"] for each in classes)
    size = part["size"]
    path = part["run"]["path"]
    start = Points((part["start"][0],), (part["start"][1],), "accent", "start", size=7, handle="start")
    trail = Line(tuple(p[0] for p in path), tuple(p[1] for p in path), "accent", trail=True)
    marks = (field, Regions(across, up, size, size, part["cells"], roles, names), *_valleys(part), trail, start)
    told = "; ".join(f"{each['share']:.1%} of the starts: {each['name']}" for each in classes if each["share"] > 0)
    return Figure(
        id="basins-map",
        title=f"{part['title']}: where each start ends",
        x=Axis("w₁ of the start", low=x_low, high=x_high),
        y=Axis("w₂ of the start", low=y_low, high=y_high),
        marks=marks,
        alt=f"Map of {part['starts']:,} starts on {part['title']}, coloured by where {part['label']} ends. {told}.",
        table=DataTable(("step", "w₁", "w₂"), tuple((step, float(p[0]), float(p[1])) for step, p in enumerate(path))),
        aspect=1.25,
        steps=len(path) - 1,
    )


def _valleys(part: dict[str, Any]) -> list[Mark]:
    """The minima, each with the share of starts that it holds."""
    valleys = part["valleys"]
    if len(valleys) > LABELLED:
        places = tuple(v["at"][0] for v in valleys), tuple(v["at"][1] for v in valleys)
        names = tuple(f"minimum, loss {number(v['loss'])}: {v['share']:.1%}" for v in valleys)
        return [Points(*places, "ink", names=names, size=2.5)]
    return [
        Points(
            (valley["at"][0],),
            (valley["at"][1],),
            "ink",
            f"{valley['share']:.0%}" if valley["held"] else "nobody",
            names=(f"minimum, loss {number(valley['loss'])}, largest stable rate {number(valley['limit'])}",),
            size=4.5,
            hollow=not valley["held"],
        )
        for valley in valleys
    ]


def _shares(part: dict[str, Any]) -> Figure:
    shown = [each for each in part["classes"] if each["kind"] == "valley" or each["share"] > 0]
    names, shares = tuple(each["name"] for each in shown), tuple(each["share"] for each in shown)
    roles = tuple(each["role"] for each in shown)
    bars = Bars(tuple(map(float, range(len(shown)))), shares, "ink", roles=roles, horizontal=True)
    told = "; ".join(f"{name}: {share:.1%}" for name, share in zip(names, shares, strict=True))
    return Figure(
        id="basins-shares",
        title="Share of the starts",
        x=Axis("share", low=0.0, high=1.0),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=f"Share of {part['starts']:,} starts by how they end. {told}.",
        table=DataTable(("fate", "share"), tuple(zip(names, shares, strict=True))),
        aspect=1.7,
    )
