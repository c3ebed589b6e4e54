"""Polynomial decay; with power 1 the straight line down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, blend


@dataclass(frozen=True)
class Polynomial(Schedule):
    """Falls from 1 to a floor as a power of what is left of the run; power 1 is linear decay.

    Keras' PolynomialDecay with decay_steps the number of steps; torch's PolynomialLR is the same with floor 0. Both
    hold the last value afterwards, where this schedule has no step any more.

    Attributes:
        power: p.
        floor: the factor that it approaches.

    >>> Polynomial().factors(4)
    array([1.  , 0.75, 0.5 , 0.25])
    """

    power: float = 1.0
    floor: float = 0.0

    name: ClassVar[str] = "polynomial"
    title: ClassVar[str] = "Polynomial decay"
    formula: ClassVar[str] = r"a + (1 - a)(1 - t / T)^p"
    source: ClassVar[tuple[str, int]] = ("Liu, Rabinovich and Berg", 2015)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("power", "p", "Power", 1.0, 0.0, 10.0),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "falling"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the power of what is left, above the floor."""
        return blend(self.floor, 1.0, (1.0 - t / max(steps, 1)) ** self.power)
