"""Quartiles over seeds: a band that an infinite loss cannot break."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Quartiles:
    """Lower quartile, median and upper quartile along the first axis.

    Attributes:
        low: a quarter of the seeds lie at or below it.
        median: half of them do.
        high: three quarters do.
    """

    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]


def quartiles(values: ArrayLike) -> Quartiles:
    """Returns the quartiles over the first axis; each is a value that occurred (method ``nearest``).

    Interpolating between values would make an infinity of a quartile beside one; a NaN counts as infinite.

    >>> found = quartiles([1.0, 2.0, float("inf"), 4.0, 3.0])
    >>> float(found.low), float(found.median), float(found.high)
    (2.0, 3.0, 4.0)
    """
    plain = np.asarray(values, dtype=np.float64)
    low, median, high = np.quantile(
        np.where(np.isnan(plain), np.inf, plain), (0.25, 0.5, 0.75), axis=0, method="nearest"
    )
    return Quartiles(low, median, high)
