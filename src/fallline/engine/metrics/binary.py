"""Labels and scores of a binary problem, read once and checked: what every metric here is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError

Floats = NDArray[np.float64]
"""An array of float64."""
Bools = NDArray[np.bool_]
"""An array of bool."""


def labels(y: ArrayLike) -> Bools:
    """Reads labels as true for the positive class.

    Args:
        y: shape (n,), each 0 or 1 (or false and true).

    Raises:
        DataError: no rows, more than one dimension, or a value other than 0 and 1.
    """
    array = np.asarray(y)
    if array.ndim != 1 or array.size == 0:
        raise DataError(f"Labels have the shape {array.shape}: give one label per row, at least one row.")
    if array.dtype == np.bool_:
        return array
    positive: Bools = np.asarray(array == 1)
    if not bool(np.all(positive | (array == 0))):
        wrong = array[~(positive | (array == 0))][0]
        raise DataError(f"A label is {wrong!r}: expected 0 or 1, where 1 is the positive class.")
    return positive


def scores(p: ArrayLike, rows: int) -> Floats:
    """Reads scores of any scale, such as logits.

    Args:
        p: shape (rows,), finite.
        rows: how many there must be.

    Raises:
        DataError: another number of rows, or a value that is not finite.
    """
    array = np.asarray(p, dtype=np.float64)
    if array.shape != (rows,):
        raise DataError(f"Scores have the shape {array.shape}: expected ({rows},), one for each label.")
    if not bool(np.isfinite(array).all()):
        raise DataError(
            f"The score of row {int(np.flatnonzero(~np.isfinite(array))[0])} is not finite: mend the model."
        )
    return array


def probabilities(p: ArrayLike, rows: int) -> Floats:
    """Reads scores that must be probabilities.

    Raises:
        DataError: as `scores`, or a value outside 0 to 1.
    """
    array = scores(p, rows)
    if array.min() < 0.0 or array.max() > 1.0:
        wrong = int(np.flatnonzero((array < 0.0) | (array > 1.0))[0])
        raise DataError(
            f"The probability of row {wrong} is {array[wrong]}: expected 0 to 1 (a logit must go through the sigmoid)."
        )
    return array
