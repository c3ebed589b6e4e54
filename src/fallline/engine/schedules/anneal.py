"""An annealer: from one factor to another over the whole of its steps, the piece that sequences are made of."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape

MOST = 1000.0
"""The largest factor: batches grow by annealing upwards."""


@dataclass(frozen=True)
class Anneal(Schedule, ABC):
    """Goes from `start` to `end`; with t/T the progress, so that the end itself is where the next piece begins.

    Attributes:
        start: factor at the first step.
        end: factor that it arrives at after the last step.
    """

    start: float = 1.0
    end: float = 0.01

    source: ClassVar[tuple[str, int]] = ("Howard and Gugger", 2020)
    shape: ClassVar[Shape] = "monotone"

    @property
    def ceiling(self) -> float:
        """The higher end."""
        return max(self.start, self.end)


def ends(least: float = 0.0) -> tuple[Parameter, Parameter]:
    """Returns the two settings of every annealer.

    Args:
        least: the smallest factor allowed.
    """
    return (
        Parameter("start", "a", "First factor", 1.0, least, MOST, "log" if least else "linear"),
        Parameter("end", "b", "Factor at the end", 0.01, least, MOST, "log" if least else "linear"),
    )
