"""Capacity: act on no more customers than there is room for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.decide.elkan import NEVER


def capacity_threshold(p: ArrayLike, capacity: int, threshold: float = 0.0) -> float:
    """Returns the lowest threshold, at least the one given, that acts on at most `capacity` of these rows.

    Rows of equal score are acted on together or not at all, so that no one is chosen by their place in the file.

    Args:
        p: scores, shape (n,).
        capacity: how many at most, ≥ 0.
        threshold: the threshold without the limit.

    Raises:
        SpecError: a negative capacity.

    >>> capacity_threshold([0.9, 0.7, 0.7, 0.1], 2)
    0.9
    >>> capacity_threshold([0.9, 0.7, 0.7, 0.1], 3, threshold=0.8)
    0.8
    """
    if capacity < 0:
        raise SpecError("capacity", capacity, "a number of customers, 0 or more")
    ordered = np.sort(np.asarray(p, dtype=np.float64))[::-1]
    if np.count_nonzero(ordered >= threshold) <= capacity:
        return threshold
    above = ordered[ordered > ordered[capacity]]
    return float(above[-1]) if above.size else NEVER
