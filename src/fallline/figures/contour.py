"""Contour: lines of equal value through a grid, by marching squares.

Lorensen and Cline (1987) in two dimensions; the ambiguous saddle is settled by the mean of its four corners. Written
here rather than taken from a package because the page's renderer (`contour.js`) needs the same lines, segment by
segment.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float64]
Polyline = list[tuple[float, float]]

BOTTOM, RIGHT, TOP, LEFT = range(4)
SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((LEFT, BOTTOM),),
    2: ((BOTTOM, RIGHT),),
    3: ((LEFT, RIGHT),),
    4: ((RIGHT, TOP),),
    6: ((BOTTOM, TOP),),
    7: ((LEFT, TOP),),
    8: ((TOP, LEFT),),
    9: ((TOP, BOTTOM),),
    11: ((TOP, RIGHT),),
    12: ((RIGHT, LEFT),),
    13: ((RIGHT, BOTTOM),),
    14: ((BOTTOM, LEFT),),
}
SADDLES = {5: (((LEFT, TOP), (RIGHT, BOTTOM)), ((LEFT, BOTTOM), (RIGHT, TOP)))}
SADDLES[10] = (SADDLES[5][1], SADDLES[5][0])
"""Case → segments when the middle is above the level, when it is below."""


def contour(values: Grid, level: float) -> list[Polyline]:
    """Returns the lines along which a grid takes one value.

    Args:
        values: shape (ny, nx); NaN where undefined, which no line crosses.
        level: the value.

    Returns:
        Polylines in grid units: column and row as floats, row 0 first. A closed line repeats its first point.

    >>> contour(np.array([[0.0, 0.0], [1.0, 1.0]]), 0.25)
    [[(0.0, 0.25), (1.0, 0.25)]]
    """
    links: dict[int, list[int]] = {}
    for row, column, case in crossed(values, level):
        for first, second in segments(values, row, column, case, level):
            a, b = edge(row, column, first, values.shape[1]), edge(row, column, second, values.shape[1])
            links.setdefault(a, []).append(b)
            links.setdefault(b, []).append(a)
    return [[crossing(values, name, level) for name in chain] for chain in chains(links)]


def crossed(values: Grid, level: float) -> list[tuple[int, int, int]]:
    """Lists the cells that the level passes through: row, column, and which corners lie above it."""
    above = (values >= level).astype(np.int64)
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    known = np.isfinite(values)
    whole = known[:-1, :-1] & known[:-1, 1:] & known[1:, 1:] & known[1:, :-1]
    rows, columns = np.nonzero((case > 0) & (case < 15) & whole)
    return [(int(row), int(column), int(case[row, column])) for row, column in zip(rows, columns, strict=True)]


def segments(values: Grid, row: int, column: int, case: int, level: float) -> tuple[tuple[int, int], ...]:
    """The pieces of line within one cell, as pairs of its sides."""
    if case not in SADDLES:
        return SEGMENTS[case]
    middle = float(values[row : row + 2, column : column + 2].sum()) / 4
    return SADDLES[case][0 if middle >= level else 1]


def edge(row: int, column: int, side: int, width: int) -> int:
    """The number of a side of a cell: even numbers lie along a row, odd ones along a column."""
    if side in (BOTTOM, TOP):
        return 2 * ((row + (side == TOP)) * width + column)
    return 2 * (row * width + column + (side == RIGHT)) + 1


def crossing(values: Grid, name: int, level: float) -> tuple[float, float]:
    """Where a level crosses a side, in grid units."""
    row, column = divmod(name // 2, values.shape[1])
    along = name % 2 == 0
    start = float(values[row, column])
    end = float(values[row, column + 1] if along else values[row + 1, column])
    share = (level - start) / (end - start)
    return (column + share, float(row)) if along else (float(column), row + share)


def chains(links: dict[int, list[int]]) -> list[list[int]]:
    """Joins segments end to end; open lines first, then rings."""
    left = {name: list(others) for name, others in links.items()}
    ends = [name for name in sorted(left) if len(left[name]) == 1]
    result = []
    for start in (*ends, *sorted(left)):
        if not left.get(start):
            continue
        chain = [start]
        while left[chain[-1]]:
            here = chain[-1]
            there = left[here].pop(0)
            left[there].remove(here)
            chain.append(there)
        result.append(chain)
    return result
