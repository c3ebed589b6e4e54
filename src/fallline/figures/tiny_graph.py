"""The net itself: every unit with a picture of what it computes, every weight as a line as thick as it is large."""

from __future__ import annotations

import itertools
from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Graph, Mark, Text
from fallline.figures.wording import number

APART = 1.9
"""Distance between layers; units of a layer are 1 apart."""
HALF = 0.4
"""Half the side of a unit's picture."""


def net_figure(net: dict[str, Any]) -> Figure:
    """Returns the drawing of a net at all its moments."""
    layers = [len(net["inputs"]), *net["hidden"], net["outputs"]]
    places = [_column(layer, units) for layer, units in enumerate(layers)]
    flat = [place for column in places for place in column]
    marks: list[Mark] = [Graph(
        tuple(x for x, _ in flat), tuple(y for _, y in flat), ("",) * len(flat), _edges(layers), "ink",
        frames=tuple(tuple(weights) for weights in net["weights"]), gap=HALF,
    )]  # fmt: skip
    side = net["unit_side"]
    for (x, y), each in zip(places[0], net["inputs"], strict=True):
        marks.append(_picture(x, y, side, (each["picture"],)))
        marks.append(Text(x - HALF - 0.1, y, each["symbol"], align="end"))
    hidden = [place for column in places[1:-1] for place in column]
    for number_, (x, y) in enumerate(hidden):
        marks.append(_picture(x, y, side, tuple(frame[number_] for frame in net["units"])))
    for place, (x, y) in enumerate(places[-1]):
        marks.append(Text(x - HALF + 0.1, y, "output" if net["outputs"] == 1 else str(place + 1)))
    tallest = max(layers)
    title = "-".join(map(str, layers))
    weights = net["weights"][-1]
    rows = tuple((place + 1, weight) for place, weight in enumerate(weights))
    largest = max((abs(weight) for weight in weights), default=0.0)
    return Figure(
        id="tiny-net-net",
        title=f"The net, {title}: {net['parameters']} numbers to learn",
        x=Axis("", low=-1.3, high=APART * (len(layers) - 1) + 1.2),
        y=Axis("", low=-tallest / 2 - 0.1, high=tallest / 2 + 0.1),
        marks=tuple(marks),
        alt=f"A net with {' and '.join(map(str, layers))} units in its layers; each hidden unit shows its value over "
        f"the plane. Its {len(weights)} weights are at most {number(largest)} in size.",
        table=DataTable(("weight", "value at the end"), rows),
        aspect=1.3,
        steps=len(net["weights"]) - 1,
        equal=True,
    )


def _column(layer: int, units: int) -> list[tuple[float, float]]:
    """The middles of a layer's units, from the top."""
    return [(APART * layer, (units - 1) / 2 - place) for place in range(units)]


def _edges(layers: list[int]) -> tuple[tuple[int, int], ...]:
    """Every unit of a layer to every one of the next, in the order of the weights."""
    edges, start = [], 0
    for before, after in itertools.pairwise(layers):
        edges += [(start + i, start + before + j) for i in range(before) for j in range(after)]
        start += before
    return tuple(edges)


def _picture(x: float, y: float, side: int, frames: tuple[str, ...]) -> Field:
    return Field(
        (x - HALF, x + HALF), (y - HALF, y + HALF), side, side, (), palette="diverging", frames=frames, legend=False
    )
