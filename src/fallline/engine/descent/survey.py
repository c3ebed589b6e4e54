"""One compiled look over a finished path: what the verdict needs to know about it."""

from __future__ import annotations

from math import inf, isfinite, sqrt
from typing import Any, NamedTuple

from numba.extending import register_jitable

from fallline.engine.optim.compiled import compile_loop

FAR = 1000.0
"""A run is cut where it is this many half-widths from the middle of the map."""


class Survey(NamedTuple):
    """What a path looks like as a whole; losses are counted from `floor`.

    Attributes:
        last: the last point that is kept.
        broke: 0 all steps were kept; 1 the next point, loss or slope is not finite; 2 the last point is too far away.
        left: the first step from which on the path stays off the map; last + 1 if it ends on it.
        above: the first step from which on the loss stays above the start's; last + 1 if it does not end above.
        settled: the first step from which on the path stays within the tolerance of its last point.
        drift: the largest distance from the last point, over the second half of the path.
        late: lowest, mean and highest loss of the last quarter.
        earlier: the same of the quarter before it.
        rises: how many steps of the last quarter went up.
        growing: whether the highest loss grew through each of eight windows of equal length.
    """

    last: int
    broke: int
    left: int
    above: int
    settled: int
    drift: float
    late: tuple[float, float, float]
    earlier: tuple[float, float, float]
    rises: int
    growing: bool


def _extent(w: Any, losses: Any, norms: Any, box: Any) -> Any:
    last, broke = -1, 0
    for i in range(w.shape[1]):
        finite = isfinite(losses[i]) and isfinite(norms[i])
        for j in range(w.shape[0]):
            finite = finite and isfinite(w[j, i])
        if not finite:
            broke = 1
            break
        last = i
        if _distance(w, i, box) > FAR:
            broke = 2
            break
    return last, broke


def _distance(w: Any, i: int, box: Any) -> Any:
    """How many half-widths point i is from the middle of the box (middles in row 0, half-widths in row 1)."""
    most = 0.0
    for j in range(w.shape[0]):
        most = max(most, abs(w[j, i] - box[0, j]) / box[1, j])
    return most


def _apart(w: Any, i: int, k: int) -> Any:
    """The distance between two points of the path."""
    total = 0.0
    for j in range(w.shape[0]):
        total += (w[j, i] - w[j, k]) ** 2
    return sqrt(total)


def _windows(losses: Any, last: int, floor: float) -> Any:
    """Whether the highest loss grows by over 1 % from each eighth of the path to the next, and past the start's."""
    size = (last + 1) // 8
    if size < 2:
        return False
    highest = 0.0
    for k in range(8):
        peak = 0.0
        for i in range(last + 1 - (8 - k) * size, last + 1 - (7 - k) * size):
            peak = max(peak, losses[i] - floor)
        if k > 0 and not peak > 1.01 * highest:
            return False
        highest = peak
    return highest > losses[0] - floor


def _span(losses: Any, first: int, last: int) -> Any:
    """Lowest, mean and highest of the losses from `first` to `last`."""
    low, mean, high = inf, 0.0, -inf
    for i in range(first, last + 1):
        low, high = min(low, losses[i]), max(high, losses[i])
        mean += losses[i] / (last + 1 - first)
    return low, mean, high


def _rest(w: Any, last: int, tolerance: float) -> Any:
    """Since when the path stays within the tolerance of its end, and how far its second half strays from it."""
    settled, drift, still = last, 0.0, True
    for i in range(last, -1, -1):
        away = _apart(w, i, last)
        still = still and away <= tolerance
        if still:
            settled = i
        if 2 * i >= last:
            drift = max(drift, away)
        elif not still:
            break
    return settled, drift


def _survey(w: Any, losses: Any, norms: Any, box: Any, floor: float, tolerance: float) -> Any:
    """Returns the fields of `Survey`, in order; `w` has shape (d, points), and the start is a point of the map."""
    last, broke = _extent(w, losses, norms, box)
    left, above = last + 1, last + 1
    while left > 0 and _distance(w, left - 1, box) > 1.0:
        left -= 1
    while above > 0 and losses[above - 1] > losses[0]:
        above -= 1
    settled, drift = _rest(w, last, tolerance)
    quarter = max(last // 4, 1)
    first = max(last - quarter + 1, 0)
    rises = 0
    for i in range(max(first, 1), last + 1):
        rises += losses[i] > losses[i - 1]
    late = _span(losses, first, last)
    earlier = _span(losses, max(first - quarter, 0), max(first - 1, 0))
    return last, broke, left, above, settled, drift, late, earlier, rises, _windows(losses, last, floor)


for _part in (_extent, _distance, _apart, _windows, _span, _rest):
    register_jitable(_part)
survey_path = compile_loop(_survey)
