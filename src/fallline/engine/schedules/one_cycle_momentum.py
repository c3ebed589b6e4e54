"""The momentum of a one-cycle run (Smith and Topin, 2018): low while the rate is high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.one_cycle import phased
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class OneCycleMomentum(Schedule):
    """Falls from 1 to a low factor while the rate of `OneCycle` rises, and back: torch's OneCycleLR, cycle_momentum.

    The base momentum is torch's max_momentum, and low·base its base_momentum. In the third of three phases it stays up.

    Attributes:
        rise: the share of the steps before the rate's peak.
        low: the lowest factor; torch goes from 0.95 to 0.85.
        phases: 2 or 3.
        linear: 1 for straight lines, 0 for half cosines.

    >>> (0.95 * OneCycleMomentum(rise=0.5).factors(9)).round(2)
    array([0.95, 0.93, 0.89, 0.85, 0.85, 0.87, 0.91, 0.94, 0.95])
    """

    rise: float = 0.3
    low: float = 0.85 / 0.95
    phases: int = 2
    linear: int = 0

    name: ClassVar[str] = "one_cycle_momentum"
    title: ClassVar[str] = "One cycle, momentum"
    formula: ClassVar[str] = r"1 \searrow a \nearrow 1"
    source: ClassVar[tuple[str, int]] = ("Smith and Topin", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("rise", "p", "Share before the rate's peak", 0.3, 0.0, 1.0),
        Parameter("low", "a", "Lowest factor", 0.85 / 0.95, 0.0, 1.0),
        Parameter("phases", "n", "Phases", 2, 2, 3, "integer"),
        Parameter("linear", "", "Straight lines", 0, 0, 1, "integer"),
    )
    shape: ClassVar[Shape] = "valley"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the fall, the rise, and in three phases the plateau."""
        return phased(t, steps, self, (1.0, self.low, 1.0, 1.0)[: self.phases + 1])
