"""Float: a number between two bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import bounds, condition, steps_between
from fallline.engine.tune.value import Value


@dataclass(frozen=True)
class Float:
    """A number between two bounds, both possible.

    Attributes:
        low: the lower bound.
        high: the upper bound, above `low`.
        log: whether equal ratios rather than equal differences are equally likely.
        when: what it depends on.
        step: only ``low + k · step``, up to `high`; None for every number.

    Raises:
        SpecError: bounds that are not finite and ascending, or not positive with `log`; a step that does not fit.

    >>> Float(1e-4, 1.0, log=True).from_unit(0.5)
    0.01
    >>> Float(0.0, 0.5, step=0.1).options
    (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
    """

    low: float
    high: float
    log: bool = False
    when: When = None
    step: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", condition(self.when))
        bounds(self.low, self.high, log=self.log, least=0.0)
        _ = self.options

    @cached_property
    def options(self) -> tuple[float, ...] | None:
        """The separate values, ascending; None for a range without gaps."""
        count = steps_between(self.low, self.high, self.step, log=self.log)
        if count is None or self.step is None:
            return None
        # Digits beyond those of a step are rounding: 3 · 0.1 is 0.3.
        digits = max(0, 12 - math.floor(math.log10(self.step)))
        inner = (round(self.low + place * self.step, digits) for place in range(1, count))
        return (float(self.low), *inner, float(self.high))

    def to_unit(self, value: Value) -> float:
        """Maps a value to [0, 1]; with a step, to the middle of its share."""
        low, high, x = (math.log(v) if self.log else float(v) for v in (self.low, self.high, value))  # type: ignore[arg-type]
        if self.options is None or self.step is None:
            return (x - low) / (high - low)
        return (round((x - low) / self.step) + 0.5) / len(self.options)

    def from_unit(self, unit: float) -> float:
        """Maps [0, 1] to a value, the ends to the bounds exactly."""
        if self.options is not None:
            return self.options[min(int(unit * len(self.options)), len(self.options) - 1)]
        if unit in {0.0, 1.0}:
            return float(self.high if unit else self.low)
        if self.log:
            value = math.exp(math.log(self.low) + unit * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(value, float(self.low)), float(self.high))

    def read(self, value: object, path: str) -> float:
        """Returns an allowed value.

        Raises:
            SpecError: not a number between the bounds, or between two steps.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise SpecError(path, value, f"a number from {self.low:g} to {self.high:g}")
        if self.options is None or self.step is None:
            return float(value)
        near = self.options[round((value - self.low) / self.step)]
        if abs(near - value) > 1e-9 * max(1.0, abs(near)):
            raise SpecError(path, value, f"{self.low:g} plus a multiple of {self.step:g}", f"The nearest is {near:g}.")
        return near

    def grid(self, points: int) -> tuple[float, ...]:
        """Returns evenly spread values, both bounds among them."""
        spread = np.linspace(0.0, 1.0, max(2, points)).tolist()
        return tuple(dict.fromkeys(self.from_unit(unit) for unit in spread))
