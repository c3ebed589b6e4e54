"""Int: a whole number between two bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.tune.clause import When
from fallline.engine.tune.dimensions.checks import bounds, condition, steps_between
from fallline.engine.tune.value import Value

MOST_OPTIONS = 10_000
"""A range with more values is not listed one by one."""


@dataclass(frozen=True)
class Int:
    """A whole number between two bounds, both possible.

    Attributes:
        low: the lower bound.
        high: the upper bound, above `low`.
        log: whether equal ratios rather than equal differences are equally likely.
        when: what it depends on.
        step: only ``low + k · step``, up to `high`.

    Raises:
        SpecError: bounds that are not whole and ascending, or below 1 with `log`; a step that does not fit.

    >>> [Int(1, 3).from_unit(unit) for unit in (0.0, 0.34, 0.99)]
    [1, 2, 3]
    >>> Int(16, 64, step=16).options
    (16, 32, 48, 64)
    """

    low: int
    high: int
    log: bool = False
    when: When = None
    step: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", condition(self.when))
        for name, value in (("low", self.low), ("high", self.high), ("step", self.step)):
            if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
                raise SpecError(name, value, "a whole number within ±2**53")
        bounds(self.low, self.high, log=self.log, least=0.5)
        steps_between(self.low, self.high, None if self.step == 1 else self.step, log=self.log)

    @cached_property
    def options(self) -> tuple[int, ...] | None:
        """The separate values, ascending; None where there are more than 10,000."""
        count = (self.high - self.low) // self.step + 1
        return tuple(range(self.low, self.high + 1, self.step)) if count <= MOST_OPTIONS else None

    def to_unit(self, value: Value) -> float:
        """Maps a value to the middle of its share of (0, 1)."""
        low, high, x = self._scaled(self.low - 0.5 * self.step), self._ceiling, self._scaled(float(value))  # type: ignore[arg-type]
        return (x - low) / (high - low)

    def from_unit(self, unit: float) -> int:
        """Maps [0, 1] to a value."""
        low = self._scaled(self.low - 0.5 * self.step)
        x = low + unit * (self._ceiling - low)
        steps = math.floor(((math.exp(x) if self.log else x) - self.low) / self.step + 0.5)
        return min(max(self.low + steps * self.step, self.low), self.high)

    def read(self, value: object, path: str) -> int:
        """Returns an allowed value.

        Raises:
            SpecError: not a whole number between the bounds, or between two steps.
        """
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise SpecError(path, value, f"a whole number from {self.low} to {self.high}")
        if (value - self.low) % self.step:
            near = self.low + round((value - self.low) / self.step) * self.step
            raise SpecError(path, value, f"{self.low} plus a multiple of {self.step}", f"The nearest is {near}.")
        return value

    def grid(self, points: int) -> tuple[int, ...]:
        """Returns up to `points` spread values, both bounds among them."""
        spread = np.linspace(self._scaled(self.low), self._scaled(self.high), max(2, points))
        found = (round(((math.exp(x) if self.log else x) - self.low) / self.step) for x in spread.tolist())
        return tuple(sorted({self.low + steps * self.step for steps in found}))

    @property
    def _ceiling(self) -> float:
        return self._scaled(self.high + 0.5 * self.step)

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.log else float(value)
