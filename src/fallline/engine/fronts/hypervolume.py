"""Hypervolume: the volume that a set of points dominates up to a reference point (Zitzler and Thiele 1998)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import DataError
from fallline.engine.fronts.directions import Floats, lower_is_better
from fallline.engine.fronts.dominance import non_dominated


def hypervolume(points: ArrayLike, reference: ArrayLike, directions: Sequence[str]) -> float:
    """Measures, exactly, the space that is dominated by some point and dominates the reference.

    A point that is not better than the reference in every objective adds nothing.

    Args:
        points: shape (n, m), finite.
        reference: the worst values still of interest, shape (m,), in the objectives' own directions.
        directions: ``minimize`` or ``maximize`` for each objective.

    Returns:
        The volume, ≥ 0, in the product of the objectives' units. One and two objectives take a sort, three a sweep,
        O(n²) at worst; more the recursion of WFG (While, Bradstreet and Barone 2012), fit for some hundred points.

    Raises:
        DataError: another shape, or a coordinate that is not finite.

    >>> hypervolume([[1.0, 3.0], [2.0, 1.0]], [4.0, 4.0], ["minimize", "minimize"])
    7.0
    >>> hypervolume([[0.5, 0.5]], [0.0, 1.0], ["maximize", "minimize"])
    0.25
    """
    worst = lower_is_better(np.array([reference], dtype=np.float64), directions)[0]
    costs = lower_is_better(points, directions)
    if not bool(np.isfinite(costs).all() and np.isfinite(worst).all()):
        raise DataError("A coordinate is infinite: the hypervolume needs finite points and a finite reference.")
    inside = costs[(costs < worst).all(axis=1)]
    if not inside.size:
        return 0.0
    lower = ["minimize"] * worst.size
    front = np.unique(inside[non_dominated(inside, lower)], axis=0) - worst
    return {1: _length, 2: _area}.get(worst.size, _volume)(front)


def _length(front: Floats) -> float:
    """One objective: how far the best lies below the reference, which is the origin here and below."""
    return -float(front.min())


def _area(front: Floats) -> float:
    """Two objectives, sorted by the first: a staircase of rectangles."""
    x, y = front[:, 0], front[:, 1]
    return float(np.sum(x * np.diff(np.r_[0.0, y])))


def _volume(front: Floats) -> float:
    """Three objectives by a sweep, more by recursion."""
    return _sweep(front) if front.shape[1] == 3 else _wfg(front)


def _sweep(front: Floats) -> float:
    """Adds points from best to worst in the third objective, keeping the staircase of the first two and its area."""
    xs: list[float] = []
    ys: list[float] = []
    volume, area, height = 0.0, 0.0, 0.0
    for x, y, z in sorted(map(tuple, front.tolist()), key=lambda point: point[2]):
        volume += area * (z - height)
        area, height = area + _insert(xs, ys, x, y), z
    return volume - area * height


def _insert(xs: list[float], ys: list[float], x: float, y: float) -> float:
    """Adds a point to a staircase (x ascending, y descending, corner at the origin); returns the area gained."""
    start = bisect_left(xs, x)
    if (start > 0 and ys[start - 1] <= y) or (start < len(xs) and xs[start] == x and ys[start] <= y):
        return 0.0
    ceiling = ys[start - 1] if start > 0 else 0.0
    stop, left, gained = start, x, 0.0
    while stop < len(xs) and ys[stop] >= y:
        gained += (xs[stop] - left) * (ceiling - y)
        left, ceiling, stop = xs[stop], ys[stop], stop + 1
    gained += ((xs[stop] if stop < len(xs) else 0.0) - left) * (ceiling - y)
    xs[start:stop], ys[start:stop] = [x], [y]
    return gained


def _wfg(front: Floats) -> float:
    """Sums each point's exclusive volume: its own box less what the points after it cover of it."""
    if front.shape[1] == 3:
        return _sweep(front)
    # Worst in the last objective first: the limited sets shrink fastest.
    ordered = front[np.argsort(-front[:, -1], kind="stable")]
    total = 0.0
    for number, point in enumerate(ordered):
        box = float(np.prod(-point))
        rest = np.maximum(ordered[number + 1 :], point)
        total += box - (_limited(rest) if rest.size else 0.0)
    return total


def _limited(rest: Floats) -> float:
    """Returns the volume of a limited set; where all share the last coordinate, one dimension fewer is enough."""
    distinct = np.unique(rest[non_dominated(rest, ["minimize"] * rest.shape[1])], axis=0)
    last = distinct[:, -1]
    if last.min() == last.max():
        return -float(last[0]) * _wfg(distinct[:, :-1])
    return _wfg(distinct)
