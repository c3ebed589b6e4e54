"""Exponential decay: the same small share off the rate at every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class Exponential(Schedule):
    """Multiplies the rate by γ at every step; torch's ExponentialLR.

    Attributes:
        gamma: γ; 0.98 halves the rate about every 34 steps.

    >>> Exponential(gamma=0.5).factors(4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """

    gamma: float = 0.98

    name: ClassVar[str] = "exponential"
    title: ClassVar[str] = "Exponential decay"
    formula: ClassVar[str] = r"\gamma^t"
    source: ClassVar[tuple[str, int]] = ("Robbins and Monro", 1951)
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("gamma", "γ", "Factor of each step", 0.98, 0.0, 1.0),)
    shape: ClassVar[Shape] = "falling"

    @classmethod
    def suited(cls, steps: int) -> Exponential:
        """Returns one that ends at a hundredth of the base rate."""
        return cls(gamma=0.01 ** (1.0 / max(1, steps)))

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns γ to the t."""
        del steps
        return np.asarray(self.gamma**t)
