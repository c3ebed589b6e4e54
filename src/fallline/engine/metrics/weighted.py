"""Row weights: how one definition of a metric serves a single data set and a thousand resamples of it at once.

A bootstrap resample is the same data with integer weights, so every metric here takes `weights` of shape (n,), one
value out, or (b, n), b values out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import DataError
from fallline.engine.metrics.binary import Floats

WeightedMetric = Callable[..., Any]
"""``metric(*arrays, weights=None)``: a float, or shape (b,) for weights of shape (b, n)."""


def row_weights(weights: ArrayLike | None, rows: int) -> Floats:
    """Reads weights; None means one each.

    Raises:
        DataError: not `rows` of them, or a negative or non-finite one.
    """
    if weights is None:
        return np.ones(rows)
    array = np.asarray(weights, dtype=np.float64)
    if array.ndim not in {1, 2} or array.shape[-1] != rows:
        raise DataError(f"Weights have the shape {array.shape}: expected ({rows},) or (resamples, {rows}).")
    if not bool(np.all((array >= 0) & np.isfinite(array))):
        raise DataError("A weight is negative or not finite: expected 0 or more.")
    return array


def total(values: Floats, weights: Floats) -> Any:
    """Sums row values under weights: a float, or shape (b,)."""
    return plain(weights @ values)


def mean(values: Floats, weights: Floats) -> Any:
    """Averages row values under weights; NaN where all weights are zero."""
    return ratio(weights @ values, weights.sum(axis=-1))


def ratio(above: Any, below: Any) -> Any:
    """Divides; NaN where the divisor is zero, as for the precision of a model that never acts.

    >>> ratio(1.0, 0.0)
    nan
    """
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    out = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    return plain(np.divide(above, below, out=out, where=below != 0))


def plain(value: Any) -> Any:
    """Turns a zero-dimensional array into a float and leaves others as they are."""
    return float(value) if np.ndim(value) == 0 else value
