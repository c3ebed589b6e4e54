"""Figures of the grid of optimizers and batch sizes: late losses as a map and as lines, best rates, longest steps."""

from __future__ import annotations

import math
from typing import Any

from fallline.figures.figure import Axis, Band, Bars, DataTable, Field, Figure, Line, Mark, Points, Text
from fallline.figures.wording import number

FINE = 12
"""Points of the map to a side of a cell: enough that its borders look sharp."""


def noisy_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map of late losses, the same as lines, the best rates, and the longest steps at one batch size."""
    return (_grid(part), _lines(part), _longest(part), _rates(part))


def _rows(part: dict[str, Any]) -> tuple[tuple[str | float | int | None, ...], ...]:
    keys = ("median", "low", "high", "rate", "longest")
    return tuple(
        (part["labels"][name], column["batch"], *(column["cells"][name][key] for key in keys))
        for name in part["who"]
        for column in part["columns"]
    )


NOWHERE = 1e9
"""A level that no height reaches: cells have no contour lines."""
COLUMNS = (
    "optimizer",
    "batch size",
    "median",
    "lower quartile",
    "upper quartile",
    "best rate",
    "longest over usual step",
)


def _grid(part: dict[str, Any]) -> Figure:
    """Optimizers by batch sizes: the darker, the lower; a ring on the first of a column, filled where it is real."""
    who, columns = part["who"], part["columns"]
    medians = [column["cells"][name]["median"] for column in columns for name in who]
    worst = max((median for median in medians if median is not None), default=1.0)
    values: list[float] = []
    for name in reversed(who):
        row = [_height(column["cells"][name]["median"], worst) for column in columns for _ in range(FINE)]
        values += row * FINE
    edge = 0.5 - 0.5 / FINE
    marks: list[Mark] = [
        Field(
            (-edge, len(columns) - 1 + edge), (-edge, len(who) - 1 + edge), FINE * len(columns), FINE * len(who),
            tuple(values), palette="cividis", levels=(NOWHERE,), label="late loss, log", legend=False,
        )
    ]  # fmt: skip
    for place, column in enumerate(columns):
        for up, name in enumerate(reversed(who)):
            marks.append(Text(float(place), float(up), number(column["cells"][name]["median"], 2), "ink", "middle"))
        first = len(who) - 1 - who.index(column["first"])
        label = "first" if column["told_apart"] else "first, perhaps by luck"
        marks.append(
            Points((place - 0.38,), (first + 0.3,), "accent", names=(label,), size=5.0, hollow=not column["told_apart"])
        )
    told = "; ".join(
        f"batch size {c['batch']}: {part['labels'][c['first']]} first, ahead of {part['labels'][c['second']]} in "
        f"{c['ahead']} of {part['repeats']}" for c in columns
    )  # fmt: skip
    return Figure(
        id="noisy-grid",
        title=f"Late loss, {part['title']}: who is first at each batch size",
        x=Axis("batch size", scale="category", categories=tuple(str(column["batch"]) for column in columns)),
        y=Axis("", scale="category", categories=tuple(part["labels"][name] for name in reversed(who))),
        marks=tuple(marks),
        alt=f"Median height above the minimum at the end, over {part['repeats']} draws of the noise. {told}.",
        table=DataTable(COLUMNS, _rows(part)),
        aspect=1.35,
    )


def _height(median: float | None, worst: float) -> float:
    """The logarithm of a late loss; who ran away stands with the worst."""
    return math.log10(max(worst if median is None else median, 1e-300))


def _lines(part: dict[str, Any]) -> Figure:
    marks: list[Mark] = []
    for name in part["who"]:
        cells = [(column["batch"], column["cells"][name]) for column in part["columns"]]
        known = [(batch, cell) for batch, cell in cells if cell["high"] is not None and cell["low"] > 0]
        x = tuple(float(batch) for batch, _ in known)
        if name == part["here"]["first"] and len(known) > 1:
            marks.insert(0, Band(x, tuple(c["low"] for _, c in known), tuple(c["high"] for _, c in known), name))
        marks.append(Line(x, tuple(c["median"] for _, c in known), name, part["labels"][name]))
    return Figure(
        id="noisy-lines",
        title=f"The same as lines: medians of {part['repeats']} draws, quartiles of the first",
        x=Axis("batch size", scale="log", low=1.0, high=64.0),
        y=Axis("late loss", scale="log"),
        marks=tuple(marks),
        alt="Late loss by batch size, a line for each optimizer; the numbers are in the table.",
        table=DataTable(COLUMNS, _rows(part)),
        aspect=1.4,
    )


def _longest(part: dict[str, Any]) -> Figure:
    """How far the longest step goes beyond the usual one: what a single draw of the noise can do."""
    cells = part["here"]["cells"]
    names = [name for name in part["who"] if cells[name]["longest"] is not None]
    values = tuple(cells[name]["longest"] for name in names)
    told = "; ".join(f"{part['labels'][name]} {number(cells[name]['longest'], 2)}" for name in names)
    rows = tuple((part["labels"][name], cells[name]["longest"]) for name in names)
    places = tuple(map(float, range(len(names))))
    bars = Bars(places, values, "ink", roles=tuple(names), base=1.0, horizontal=True)
    return Figure(
        id="noisy-longest",
        title=f"The longest step over the usual one, batch size {part['batch']}",
        x=Axis("times as long", scale="log", low=1.0, high=max(10.0, *values, 10.0)),
        y=Axis("", scale="category", categories=tuple(part["labels"][name] for name in names)),
        marks=(bars,),
        alt=f"Longest step of a descent over its median step, medians of {part['repeats']} draws. {told}.",
        table=DataTable(("optimizer", "longest over usual step"), rows),
        aspect=1.7,
    )


def _rates(part: dict[str, Any]) -> Figure:
    lines = tuple(
        Line(
            tuple(float(column["batch"]) for column in part["columns"]),
            tuple(column["cells"][name]["rate"] for column in part["columns"]),
            name,
            part["labels"][name],
        )
        for name in part["who"]
    )
    return Figure(
        id="noisy-rates",
        title="The best rate of each, by batch size",
        x=Axis("batch size", scale="log", low=1.0, high=64.0),
        y=Axis("learning rate", scale="log", symbol="η"),
        marks=lines,
        alt="Best rate of a grid of six by batch size, a line for each optimizer; the numbers are in the table.",
        table=DataTable(COLUMNS, _rows(part)),
        aspect=1.6,
    )
