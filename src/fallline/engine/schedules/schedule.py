"""A schedule: what the base rate is multiplied by, as a pure function of the step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError


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
    """

    name: str
    symbol: str
    title: str
    default: float
    low: float
    high: float
    scale: Literal["linear", "log", "integer"] = "linear"

    def check(self, value: float) -> None:
        """Refuses a value outside the range.

        Raises:
            SpecError: names the setting, the value and the range.
        """
        whole = self.scale != "integer" or float(value).is_integer()
        if not (self.low <= value <= self.high and whole):
            kind = "a whole number" if self.scale == "integer" else "a number"
            raise SpecError(self.name, value, f"{kind} from {self.low:g} to {self.high:g}")


@dataclass(frozen=True)
class Schedule(ABC):
    """Multiplies the base rate, step by step; the same step of the same length always has the same factor.

    Attributes:
        name: key in `SCHEDULES`.
        title: as a person reads it.
        formula: in TeX, with t the step, T the number of steps.
        source: author and year.
        parameters: the settings.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    def factors(self, steps: int) -> NDArray[np.float64]:
        """Returns the factor of every step.

        Args:
            steps: how many steps there are, ≥ 0.

        Returns:
            shape (steps,), each from 0 to 1.
        """
        return self.curve(np.arange(steps, dtype=np.float64), steps)

    def factor(self, step: int, steps: int) -> float:
        """Returns the factor of one step.

        Args:
            step: from 0 to steps − 1.
            steps: how many steps there are.

        Raises:
            SpecError: there is no such step.
        """
        if not 0 <= step < steps:
            raise SpecError("step", step, f"a step from 0 to {steps - 1}")
        return float(self.curve(np.array([step], dtype=np.float64), steps)[0])

    @abstractmethod
    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the factors at the steps t, elementwise."""


def cosine_between(start: float, end: float, progress: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half a cosine from `start` to `end` while progress goes from 0 to 1."""
    curve = end + 0.5 * (start - end) * (1.0 + np.cos(np.pi * progress))
    return np.maximum(np.minimum(curve, max(start, end)), min(start, end))  # never past an end by a rounding
