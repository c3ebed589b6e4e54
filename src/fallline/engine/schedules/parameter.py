"""One setting of a schedule: its name, range and default."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from fallline.core.errors import SpecError

MOST_MANY = 16
"""How many numbers a list of them may have."""


@dataclass(frozen=True)
class Parameter:
    """One setting of a schedule, as forms and Specs read it.

    Attributes:
        name: the field of the schedule.
        symbol: as in the formula.
        title: as a person reads it.
        default: the field's default.
        low: the smallest value allowed, and the slider's lower end.
        high: the largest value allowed, and its upper end.
        scale: how the slider is spaced.
        many: whether it is a rising list of such numbers instead of one.
    """

    name: str
    symbol: str
    title: str
    default: float | tuple[float, ...]
    low: float
    high: float
    scale: Literal["linear", "log", "integer"] = "linear"
    many: bool = False

    def check(self, value: Any) -> None:
        """Refuses a value outside the range.

        Raises:
            SpecError: names the setting, the value and the range.
        """
        kind = "a whole number" if self.scale == "integer" else "a number"
        span = f"from {self.low:g} to {self.high:g}"
        if self.many:
            fits = isinstance(value, tuple) and 1 <= len(value) <= MOST_MANY and all(map(self._fits, value))
            if not fits or any(after <= before for before, after in pairwise(value)):
                raise SpecError(self.name, value, f"a rising list of 1 to {MOST_MANY}, each {kind} {span}")
        elif not self._fits(value):
            raise SpecError(self.name, value, f"{kind} {span}")

    def _fits(self, value: Any) -> bool:
        if not isinstance(value, int | float):
            return False
        return self.low <= value <= self.high and (self.scale != "integer" or float(value).is_integer())
