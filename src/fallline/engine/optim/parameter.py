"""One hyperparameter, as forms and Specs read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from fallline.core.errors import SpecError


@dataclass(frozen=True)
class Parameter:
    """One hyperparameter.

    Attributes:
        name: the field of the optimizer.
        symbol: as in the formula.
        title: as a person reads it.
        default: what the dialect's own tool uses.
        low: the slider's lower end.
        high: its upper end.
        scale: how the slider is spaced; ``complement`` is logarithmic in 1 − value, for decay rates close to 1;
            ``whole`` takes whole numbers alone, ``switch`` 0 or 1.
        least: the smallest value allowed.
        below: every value allowed is smaller than this.
    """

    name: str
    symbol: str
    title: str
    default: float
    low: float
    high: float
    scale: Literal["linear", "log", "complement", "whole", "switch"] = "linear"
    least: float = 0.0
    below: float = math.inf

    def check(self, value: float) -> None:
        """Refuses a value outside the allowed range.

        Raises:
            SpecError: names the hyperparameter, the value and the range.
        """
        if not self.least <= value < self.below:  # also refuses NaN and, where unbounded, infinity
            span = f"below {self.below:g}" if math.isfinite(self.below) else "finite"
            raise SpecError(self.name, value, f"a number of at least {self.least:g}, {span}")
        if self.scale == "switch" and value not in {0.0, 1.0}:
            raise SpecError(self.name, value, "0 for no or 1 for yes")
        if self.scale == "whole" and value != int(value):
            raise SpecError(self.name, value, "a whole number")
