"""Directions: objectives to minimise and to maximise, turned so that lower is better in each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.choice import lookup
from fallline.core.errors import DataError

Floats = NDArray[np.float64]
"""An array of float64."""
SIGNS = {"minimize": 1.0, "maximize": -1.0}
"""The words for a direction, and the factor that makes lower better."""


def lower_is_better(points: ArrayLike, directions: Sequence[str]) -> Floats:
    """Turns the maximised columns round.

    Args:
        points: shape (n, m), one row per point and one column per objective; infinities are allowed.
        directions: m words, each ``minimize`` or ``maximize``.

    Returns:
        shape (n, m) where lower is better everywhere.

    Raises:
        DataError: another shape, or a NaN, which no order has a place for.
        SpecError: another word.

    >>> lower_is_better([[1.0, 2.0]], ["minimize", "maximize"]).tolist()
    [[1.0, -2.0]]
    """
    signs = np.array([lookup(word, SIGNS, f"directions.{number}") for number, word in enumerate(directions)])
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != signs.size or signs.size == 0:
        raise DataError(
            f"Points have the shape {array.shape}: expected (points, {signs.size}), a column per direction."
        )
    if bool(np.isnan(array).any()):
        raise DataError(
            f"Point {int(np.argmax(np.isnan(array).any(axis=1)))} has a NaN objective: leave it out or mend it."
        )
    turned: Floats = array * signs + 0.0  # adding zero turns −0 into 0
    return turned
