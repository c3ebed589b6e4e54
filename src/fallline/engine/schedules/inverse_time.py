"""Inverse-time decay: the oldest rule under which stochastic approximation is known to arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class InverseTime(Schedule):
    """Divides the rate by 1 + t/k, or by a power of it; Keras' InverseTimeDecay with decay_rate/decay_steps = 1/k.

    With a power above 1/2 and at most 1 the rates sum to infinity and their squares do not: the conditions under which
    Robbins and Monro prove convergence.

    Attributes:
        half: k, the step by which the rate is halved where the power is 1.
        power: p.

    >>> InverseTime(half=2).factors(5)
    array([1.        , 0.66666667, 0.5       , 0.4       , 0.33333333])
    """

    half: float = 50.0
    power: float = 1.0

    name: ClassVar[str] = "inverse_time"
    title: ClassVar[str] = "Inverse-time decay"
    formula: ClassVar[str] = r"(1 + t / k)^{-p}"
    source: ClassVar[tuple[str, int]] = ("Robbins and Monro", 1951)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("half", "k", "Steps to half the rate", 50.0, 1e-3, 1e7, "log"),
        Parameter("power", "p", "Power", 1.0, 0.0, 4.0),
    )
    shape: ClassVar[Shape] = "falling"

    @classmethod
    def suited(cls, steps: int) -> InverseTime:
        """Returns one that ends at an eleventh of the base rate."""
        return cls(half=max(1.0, steps / 10.0))

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the decaying power."""
        del steps
        return np.asarray((1.0 + t / self.half) ** -self.power)
