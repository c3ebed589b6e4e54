"""Short: a few significant digits, below what a screen shows, and half the bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = 7
"""Significant digits of what is drawn."""


def short(values: NDArray[np.float64]) -> Any:
    """Rounds finite values to a few significant digits, as plain lists of the same shape.

    >>> short(np.array([1234.56789, 0.0, -1e-300]))
    [1234.568, 0.0, -1e-300]
    """
    size = np.where(values == 0, 1.0, np.abs(values))
    with np.errstate(over="ignore", invalid="ignore"):
        scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
        rounded = np.where(np.isfinite(scale), np.round(values * scale) / scale, values)
    return np.where(np.isfinite(rounded), rounded, values).tolist()
