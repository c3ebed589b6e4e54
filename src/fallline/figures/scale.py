"""Scale: from the units of an axis to pixels and back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Scale:
    """A linear or logarithmic map from one interval to another.

    Attributes:
        kind: a category axis is linear in the number of the category.
        low: value drawn at ``start``.
        high: value drawn at ``end``; greater than ``low``.
        start: pixel.
        end: pixel; less than ``start`` on a vertical axis.

    >>> scale = Scale("log", 1.0, 100.0, 0.0, 200.0)
    >>> scale.place(10.0), scale.value(100.0), scale.place(-1.0)
    (100.0, 10.0, None)
    """

    kind: Literal["linear", "log", "category"]
    low: float
    high: float
    start: float
    end: float

    def place(self, value: float | None) -> float | None:
        """Returns the pixel of a value; None where it has none (missing, not finite, not positive on a log axis)."""
        if value is None or not math.isfinite(value):
            return None
        if self.kind == "log":
            if value <= 0:
                return None
            low, high = math.log10(self.low), math.log10(self.high)
            share = (math.log10(value) - low) / (high - low)
        else:  # halves, so that the span of the largest floats stays finite
            share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        share = min(max(share, -1e6), 1e6)
        return self.start + share * (self.end - self.start)

    def value(self, pixel: float) -> float:
        """Returns the value at a pixel."""
        share = (pixel - self.start) / (self.end - self.start)
        if self.kind == "log":
            low, high = math.log10(self.low), math.log10(self.high)
            return float(10.0 ** (low + share * (high - low)))
        return self.low * (1 - share) + self.high * share
