"""Figure: one frozen description of a picture, made from a Record by a pure function.

The page, reports and notebooks draw it, from plain data. Coordinates are in units of the axes, colours are roles.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from fallline.figures.axis import Axis, Scale
from fallline.figures.plane import Field, Regions


@dataclass(frozen=True)
class Line:
    """A line through points in order.

    Attributes:
        x: coordinates; a None in x or y breaks the line.
        y: as many as x.
        role: whose colour and dash it takes.
        label: drawn at its end, instead of a legend; empty draws none.
        trail: revealed point by point by the player (index = step); its head is marked by a dot.
        step: drawn as a staircase (a running best, an empirical distribution).
        fill: closed and filled lightly down to the axis.
        faint: thin and light, so that it hides nothing.
        frame: points of a step (a tangent has 2): of a trail with frames only that of the step is drawn; 0 for none.
        dots: every point of a short trail as a dot, as on a map.
    """

    x: tuple[float | None, ...]
    y: tuple[float | None, ...]
    role: str
    label: str = ""
    trail: bool = False
    step: bool = False
    fill: bool = False
    faint: bool = False
    frame: int = 0
    dots: bool = False
    kind: Literal["line"] = "line"


@dataclass(frozen=True)
class Band:
    """The space between two lines: an interval, or the spread over seeds (say which in the label, with n)."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    role: str
    label: str = ""
    kind: Literal["band"] = "band"


@dataclass(frozen=True)
class Points:
    """Marks at points.

    Attributes:
        x: coordinates.
        y: as many as x.
        role: colour and marker shape.
        label: name of the whole set.
        names: one per point, shown on hover and read aloud; or empty.
        links: one per point, where a click leads; or empty.
        size: radius in pixels.
        hollow: outline only.
        handle: the knob that dragging this (single) point sets, or one number of it (``heights.3``); empty for none.
        along: the axis along which alone it can be dragged; empty for both.
        x_error: half-width of a horizontal interval per point, or empty.
        y_error: half-width of a vertical interval per point, or empty.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    role: str
    label: str = ""
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    size: float = 4.0
    hollow: bool = False
    handle: str = ""
    along: Literal["", "x", "y"] = ""
    x_error: tuple[float, ...] = ()
    y_error: tuple[float, ...] = ()
    kind: Literal["points"] = "points"


@dataclass(frozen=True)
class Bars:
    """Bars from a base to a value, along a category or numeric axis.

    Attributes:
        at: positions on the category axis (0, 1, …) or bin centres.
        values: ends of the bars.
        role: colour; ``roles`` gives one per bar where they differ.
        base: where bars start.
        low: lower ends of intervals, or empty.
        high: upper ends of intervals, or empty.
        horizontal: values run along x.
        width: thickness in axis units.
        starts: own start per bar (a waterfall), or empty.
    """

    at: tuple[float, ...]
    values: tuple[float, ...]
    role: str
    label: str = ""
    roles: tuple[str, ...] = ()
    base: float = 0.0
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    horizontal: bool = False
    width: float = 0.72
    starts: tuple[float, ...] = ()
    kind: Literal["bars"] = "bars"


@dataclass(frozen=True)
class Graph:
    """Nodes and edges at given places (a pipeline, a network).

    Attributes:
        x: of each node.
        y: of each node.
        names: of each node.
        edges: pairs of node numbers.
        weights: one per edge, or empty.
        frames: weights at each step of the player, in place of `weights`.
        gap: space left and right of every node, in units of x, at whose borders edges end; something else is drawn
            there, and no node. Edges are then blue where their weight is negative and orange where it is positive.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    role: str
    weights: tuple[float, ...] = ()
    frames: tuple[tuple[float, ...], ...] = ()
    gap: float = 0.0
    kind: Literal["graph"] = "graph"


@dataclass(frozen=True)
class Rule:
    """A straight line across the whole figure: a limit, a threshold, a target.

    Attributes:
        at: where, in axis units.
        axis: ``x`` draws a vertical line at x = at; ``y`` a horizontal one.
        role: colour and dash.
        label: written along it.
        handle: the knob that dragging it sets; empty when it cannot be dragged.
        half: shade the side beyond it (``above``, ``below``) lightly: what the limit forbids.
    """

    at: float
    axis: Literal["x", "y"]
    role: str
    label: str = ""
    handle: str = ""
    half: Literal["", "above", "below"] = ""
    kind: Literal["rule"] = "rule"


@dataclass(frozen=True)
class Text:
    """Words at a point: a direct label."""

    x: float
    y: float
    text: str
    role: str = "ink"
    align: Literal["start", "middle", "end"] = "start"
    kind: Literal["text"] = "text"


Mark = Line | Band | Points | Bars | Field | Regions | Graph | Rule | Text


@dataclass(frozen=True)
class DataTable:
    """The numbers behind a figure; one key away from it, and its CSV."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One picture.

    Attributes:
        id: unique on its page; letters, digits and dashes.
        title: what it shows, a noun phrase.
        x: horizontal axis.
        y: vertical axis.
        marks: drawn in order, the last on top.
        alt: what a person who cannot see it needs to know, with the numbers.
        table: the data behind it.
        caption: a computed sentence or two on what to notice; empty when the page gives it.
        aspect: width over height.
        steps: length of the trails, for the player; 0 when nothing plays.
        beat: what the player calls one of them.
        equal: one unit is as long on x as on y.
        moments: what the player calls each step, as in ``epoch 12``; empty for their numbers.
        frames: marks of single steps, drawn over the others while the player stands there; at its end the last are
            seen. There is one more than steps, and both axes say how far they go.
    """

    id: str
    title: str
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    alt: str
    table: DataTable
    caption: str = ""
    aspect: float = 1.6
    steps: int = 0
    beat: str = "step"
    equal: bool = False
    moments: tuple[str, ...] = ()
    frames: tuple[tuple[Mark, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data, as the page's renderer reads it."""
        return asdict(self)


__all__ = [
    "Axis", "Band", "Bars", "DataTable", "Field", "Figure", "Graph", "Line", "Mark", "Points", "Regions", "Rule",
    "Scale", "Text",
]  # fmt: skip
