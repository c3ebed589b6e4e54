"""How a number or a date becomes columns of the matrix: filled, held to the range seen, standardised where asked.

All arithmetic is in float32 from the first step on, so that a graph which reads float32 repeats it bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LIMIT = 1e30
"""Numbers are held to ±LIMIT before anything is fitted, so that differences and squares stay finite in float32."""
DAY = 86_400_000_000
"""Microseconds in a day: a date is counted in days since 1970-01-01."""


@dataclass(frozen=True)
class NumberCode:
    """One number (or date) → its value and, where it was missing in training, an indicator.

    value = (min(max(x or fill, low), high) − centre) · factor

    Attributes:
        source: the raw column.
        fill: median of the training rows; stands for a missing value.
        low: smallest value seen in training; anything below counts as this.
        high: largest value seen; anything above counts as this.
        centre: mean under style ``linear``, else 0.
        factor: 1 / standard deviation under style ``linear``, else 1.
        indicator: whether a column says that the value was missing.
        date: whether the raw column holds dates, read as days since 1970-01-01.
    """

    source: str
    fill: float
    low: float
    high: float
    centre: float = 0.0
    factor: float = 1.0
    indicator: bool = False
    date: bool = False
    kind: str = "number"

    @property
    def names(self) -> tuple[str, ...]:
        """One name per matrix column."""
        return (self.source, f"{self.source} (missing)") if self.indicator else (self.source,)

    def columns(self, values: pa.ChunkedArray) -> Floats:
        """Returns the matrix columns of these raw values, shape (n, 1 or 2)."""
        x = as_float32(values)
        gone = np.isnan(x)
        out = np.empty((x.size, len(self.names)), dtype=np.float32)
        held = np.minimum(np.maximum(np.where(gone, np.float32(self.fill), x), np.float32(self.low)), self.high)
        out[:, 0] = (held.astype(np.float32, copy=False) - np.float32(self.centre)) * np.float32(self.factor)
        if self.indicator:
            out[:, 1] = gone
        return out

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return dict(vars(self))


def fit_number(source: str, values: pa.ChunkedArray, *, standardise: bool) -> NumberCode | str:
    """Fits the code of a number on training rows; returns the reason where the column tells nothing."""
    x = as_float32(values)
    gone = np.isnan(x)
    seen = np.clip(x[~gone].astype(np.float64), -LIMIT, LIMIT)
    if not seen.size:
        return "it has no value in the training rows"
    if seen.min() == seen.max() and not gone.any():
        return "it has one value only in the training rows"
    fill = np.float32(np.median(seen))
    filled = np.where(gone, np.float64(fill), np.clip(x.astype(np.float64), -LIMIT, LIMIT))
    centre, spread = float(filled.mean()), float(filled.std())
    return NumberCode(
        source=source,
        fill=float(fill),
        low=float(np.float32(seen.min())),
        high=float(np.float32(seen.max())),
        centre=float(np.float32(centre)) if standardise else 0.0,
        factor=_inverse(spread) if standardise else 1.0,
        indicator=bool(gone.any()),
        date=bool(pa.types.is_temporal(values.type)),
    )


def _inverse(spread: float) -> float:
    """Returns 1 / spread in float32, and 1 where that would be no number."""
    inverse = np.float32(1.0 / spread) if spread > 1e-30 else np.float32(1.0)
    return float(inverse)


def as_float32(values: pa.ChunkedArray) -> Floats:
    """Returns raw numbers or dates as float32, a missing value as NaN, a number beyond float32 as ±∞.

    >>> as_float32(pa.chunked_array([[1.5, None, 1e300]])).tolist()
    [1.5, nan, inf]
    """
    if pa.types.is_temporal(values.type):
        counted = pc.cast(pc.cast(values, pa.timestamp("us")), pa.int64())
        days = pc.divide(pc.cast(counted, pa.float64(), safe=False), float(DAY))
        wide = days.to_numpy()
    else:
        wide = pc.cast(values, pa.float64(), safe=False).to_numpy()
    with np.errstate(over="ignore"):
        narrow: Floats = wide.astype(np.float32)
    return narrow
