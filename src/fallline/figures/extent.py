"""Extent: the interval an axis shows, from what stands on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from fallline.figures.figure import Band, Bars, Field, Figure, Graph, Line, Mark, Points, Regions, Rule, Text

Direction = Literal["x", "y"]
PADDING = 0.05
LARGEST, SMALLEST = 1e300, 1e-302


def extent(figure: Figure, direction: Direction) -> tuple[float, float]:
    """Returns the ends of an axis: those it names, else those of the data with a little air.

    A category axis shows every category; a log axis only positive values; a field fills its figure to the edge.

    >>> from fallline.figures import Axis, DataTable, Line
    >>> line = Line((0.0, 1.0), (2.0, 6.0), "gd")
    >>> extent(Figure("f", "", Axis("x"), Axis("y"), (line,), "", DataTable((), ())), "y")
    (1.8, 6.2)
    """
    axis = figure.x if direction == "x" else figure.y
    if axis.scale == "category":
        return -0.5, max(len(axis.categories), 1) - 0.5
    log = axis.scale == "log"
    values = [
        value
        for mark in figure.marks
        for value in reach(mark, direction)
        if value is not None and drawable(value, log=log)
    ]
    low, high = (min(values), max(values)) if values else (1.0, 10.0) if log else (0.0, 1.0)
    tight = any(isinstance(mark, Field | Regions) for mark in figure.marks)
    fixed = {value for mark in figure.marks if isinstance(mark, Bars) for value in foot(mark, direction)}
    air = 0.0 if tight else max((air_of(mark, figure, direction) for mark in figure.marks), default=0.0)
    bound = not any(isinstance(mark, Graph) for mark in figure.marks)
    low, high = widen_log(low, high, air) if log else widen(low, high, air, fixed, bound=bound)
    named_low = axis.low if axis.low is not None and drawable(axis.low, log=log) else None
    named_high = axis.high if axis.high is not None and drawable(axis.high, log=log) else None
    return ordered(low if named_low is None else named_low, high if named_high is None else named_high, log=log)


def drawable(value: float | None, *, log: bool) -> bool:
    """Whether a value can stand on an axis.

    >>> drawable(-1.0, log=True), drawable(None, log=False), drawable(-1.0, log=False)
    (False, False, True)
    """
    return value is not None and math.isfinite(value) and (value > 0 or not log)


def reach(mark: Mark, direction: Direction) -> Iterable[float | None]:
    """Returns every value that a mark needs room for along one axis."""
    across = direction == "x"
    match mark:
        case Band():
            return mark.x if across else (*mark.low, *mark.high)
        case Points():
            values, errors = (mark.x, mark.x_error) if across else (mark.y, mark.y_error)
            return (*values, *spread(values, errors))
        case Bars():
            return bar_reach(mark, along=mark.horizontal == across)
        case Rule():
            return (mark.at,) if mark.axis == direction else ()
        case Text():
            return (mark.x,) if across else (mark.y,)
        case Line() if mark.frame:  # it goes right across what the others need
            mark = replace(mark, x=(), y=())
    return mark.x if across else mark.y


def spread(values: Sequence[float | None], errors: Sequence[float | None]) -> Iterator[float]:
    """Yields both ends of every interval."""
    for value, error in zip(values, errors, strict=False):
        if value is not None and error is not None:
            yield value - error
            yield value + error


def bar_reach(mark: Bars, *, along: bool) -> tuple[float, ...]:
    """The values of bars along their length, or their edges across it."""
    if along:
        return (*(mark.starts or (mark.base,)), *mark.values, *mark.low, *mark.high)
    return (*(at - mark.width / 2 for at in mark.at), *(at + mark.width / 2 for at in mark.at))


def foot(mark: Bars, direction: Direction) -> tuple[float, ...]:
    """Where bars stand: that end of the axis gets no air."""
    return (mark.base,) if mark.horizontal == (direction == "x") and not mark.starts else ()


def air_of(mark: Mark, figure: Figure, direction: Direction) -> float:
    """The air that a mark needs at the ends of an axis, as a share of its length: room for dots, boxes and values."""
    if isinstance(mark, Graph):
        return 0.14 if direction == "x" else 0.1
    if isinstance(mark, Bars) and "category" in (figure.x.scale, figure.y.scale):
        return 0.17 if mark.horizontal else 0.08
    return PADDING if direction == "y" or isinstance(mark, Points | Text | Bars) else 0.0


def widen(low: float, high: float, air: float, fixed: set[float], *, bound: bool = True) -> tuple[float, float]:
    """Adds air to a linear interval; none beyond a bar's foot, and none across zero where that is a bound."""
    size = max(abs(low), abs(high))
    if high / 2 - low / 2 <= max(size * 1e-12, SMALLEST):
        room = size * 0.1 if size > SMALLEST else 0.5
        return low - room, high + room
    room = air * 2 * (high / 2 - low / 2)
    below = low if low in fixed else max(low - room, 0.0) if low >= 0 and bound else low - room
    above = high if high in fixed else min(high + room, 0.0) if high <= 0 and bound else high + room
    return below, above


def widen_log(low: float, high: float, air: float) -> tuple[float, float]:
    """Adds air to a logarithmic interval."""
    bottom, top = math.log10(low), math.log10(high)
    room = 0.5 if top - bottom < 1e-9 else air * (top - bottom)
    return 10.0 ** max(bottom - room, -307.0), 10.0 ** min(top + room, 308.0)


def ordered(low: float, high: float, *, log: bool) -> tuple[float, float]:
    """Puts the ends in order, keeps them apart and within what floats can subtract."""
    low, high = min(low, high), max(low, high)
    if log:
        return (max(low, 1e-306), min(high, 1e306)) if low < high else widen_log(low, high, 0.0)
    low, high = max(low, -LARGEST), min(high, LARGEST)
    return (low, high) if high - low > SMALLEST else widen(low, high, 0.0, set())
