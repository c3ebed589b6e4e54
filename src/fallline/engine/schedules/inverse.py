"""The inverse of a schedule: low where the other is high, as momentum is cycled against the rate (Smith, 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.composite import Composite
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Shape, blend


@dataclass(frozen=True)
class Inverse(Composite):
    """Goes from 1 where the other schedule is 0 to a low factor where it is at its ceiling.

    Over `Triangular` with low = 0 it is the momentum of torch's CyclicLR, whose max_momentum is the base.

    Attributes:
        low: the lowest factor.

    >>> from fallline.engine.schedules.triangular import Triangular
    >>> Inverse(parts=(Triangular(low=0.0, up=2, down=2),), low=0.5).factors(5)
    array([1.  , 0.75, 0.5 , 0.75, 1.  ])
    """

    low: float = 0.85 / 0.95

    name: ClassVar[str] = "inverse"
    title: ClassVar[str] = "Inverse"
    formula: ClassVar[str] = r"1 - (1 - a)\, f(t) / \max f"
    source: ClassVar[tuple[str, int]] = ("Smith", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("low", "a", "Lowest factor", 0.85 / 0.95, 0.0, 1.0),)
    shape: ClassVar[Shape] = "free"
    inner: ClassVar[tuple[int, int]] = (1, 1)

    @property
    def ceiling(self) -> float:
        """1, whatever the other's."""
        return 1.0

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the mirrored curve."""
        part = self.parts[0]
        return blend(1.0, self.low, part.curve(t, steps) / max(part.ceiling, 1e-300))
