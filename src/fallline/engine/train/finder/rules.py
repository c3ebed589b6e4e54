"""The rules that read a rate off a sweep: four by the shape of the loss, as fast.ai defines them, one by curvature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
HEAD, TAIL = 0.1, 5
"""What the rules leave out: the first tenth of the sweep, where smoothing has not settled, and the last five points,
where the loss is on its way out."""
WINDOW, FLAT = 15, 0.005
"""Slide: points between the two slopes that it compares, and the difference below which they are alike."""
ALIKE = 1e-9
"""Share by which slopes may differ by rounding alone: in other units of the rate the same place must be found."""
FEWEST = 8
"""A rule says nothing of fewer points."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        name: key in `RULES`.
        title: as a person reads it.
        sentence: what it takes the rate to be.
        source: author and year.
    """

    name: str
    title: str
    sentence: str
    source: tuple[str, int]


RULES: dict[str, Rule] = {
    "valley": Rule("valley", "Valley", "Half-way down the longest fall of the loss.", ("Mueller, after ESRI", 2021)),
    "slide": Rule(
        "slide",
        "Slide",
        "Where, coming from the high rates, the slope no longer changes.",
        ("Mueller, after Novetta", 2021),
    ),
    "minimum": Rule("minimum", "Minimum over ten", "A tenth of the rate at the lowest loss.", ("Smith", 2017)),
    "steep": Rule("steep", "Steepest", "Where the loss falls fastest per factor of the rate.", ("Gugger", 2018)),
    "curvature": Rule(
        "curvature",
        "Curvature",
        "A share of the largest rate that the curvature on the way allows.",
        ("LeCun, Simard and Pearlmutter; Cohen and others", 1993),
    ),
}
"""Name → rule; the first four need the sweep alone."""


def kept(rates: Array, losses: Array, steps: int) -> tuple[Array, Array]:
    """Leaves out the ends of a sweep.

    Args:
        rates: those that were reached, shape (n,).
        losses: smoothed, shape (n,).
        steps: how many rates the whole sweep has.
    """
    head = int(steps * HEAD)
    return rates[head:-TAIL], losses[head:-TAIL]


def suggest(name: str, rates: Array, losses: Array) -> float | None:
    """Returns the rate that one of the first four rules reads off a sweep whose ends are left out.

    Args:
        name: ``valley``, ``slide``, ``minimum`` or ``steep``.
        rates: rising, shape (n,).
        losses: smoothed and finite, shape (n,).

    Returns:
        a rate, or None where there are fewer than 8 points.

    >>> rates = np.logspace(-4, 0, 41)
    >>> float(suggest("minimum", rates, (np.log10(rates) + 1) ** 2))
    0.01
    """
    return float(_SHAPES[name](rates, losses)) if len(rates) >= FEWEST else None


def valley(rates: Array, losses: Array) -> float:
    """Returns the rate half-way down the longest fall.

    The fall is the longest strictly falling subsequence; its length is counted back from its last point. Of the points
    in it, a third and a half of a third are passed, which is half of them.
    """
    length = _falling(losses)
    end = int(np.argmax(length))  # the first of the longest
    third = int(length[end]) / 3.0
    return float(rates[max(end - int(length[end]), 0) + int(third) + int(third / 2.0)])


def slide(rates: Array, losses: Array) -> float:
    """Returns the rate at the left edge of a window that comes down from the high rates until both ends slope alike."""
    slope = np.gradient(losses)
    right, left = len(losses) - 1, max(len(losses) - 1 - WINDOW, 0)
    found = rates[left]
    while left >= 0 and abs(slope[right] - slope[left]) > FLAT:
        found = rates[left]
        right, left = right - 1, left - 1
    return float(found)


def minimum(rates: Array, losses: Array) -> float:
    """Returns a tenth of the rate at the lowest loss."""
    return float(rates[int(np.argmin(losses))]) / 10.0


def steep(rates: Array, losses: Array) -> float:
    """Returns the rate from which the loss falls fastest on a logarithmic axis; the lowest of those that are alike."""
    slope = np.diff(losses) / np.diff(np.log(rates))
    fastest = float(slope.min())
    return float(rates[int(np.argmax(slope <= fastest + ALIKE * abs(fastest)))])


def _falling(losses: Array) -> NDArray[np.int64]:
    """The length of the longest strictly falling subsequence that ends at each point."""
    length = np.ones(len(losses), dtype=np.int64)
    for place in range(1, len(losses)):
        above = length[:place][losses[:place] > losses[place]]
        length[place] = 1 + (above.max() if above.size else 0)
    return length


def smoothed(losses: Sequence[float], share: float) -> Array:
    """Returns the running mean of the losses, corrected for its start.

    Args:
        losses: in order, shape (n,).
        share: of the past in each mean, from 0 to below 1; fast.ai has 0.98.
    """
    mean, found = 0.0, np.empty(len(losses))
    for place, loss in enumerate(losses):
        mean = share * mean + (1.0 - share) * loss
        found[place] = mean / (1.0 - share ** (place + 1))
    return found


_SHAPES: dict[str, Callable[[Array, Array], float]] = {
    "valley": valley,
    "slide": slide,
    "minimum": minimum,
    "steep": steep,
}
