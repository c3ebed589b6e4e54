"""The polynomial annealer: a power of the progress between two factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.anneal import Anneal, ends
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import blend


@dataclass(frozen=True)
class AnnealPolynomial(Anneal):
    """Goes as a power of the progress; fast.ai's SchedPoly.

    Attributes:
        power: p.

    >>> AnnealPolynomial(0.0, 1.0).factors(4)
    array([0.    , 0.0625, 0.25  , 0.5625])
    """

    power: float = 2.0

    name: ClassVar[str] = "anneal_polynomial"
    title: ClassVar[str] = "Polynomial annealer"
    formula: ClassVar[str] = r"a + (b - a)(t / T)^p"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        *ends(),
        Parameter("power", "p", "Power", 2.0, 0.1, 10.0),
    )

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the power of the progress."""
        return blend(self.start, self.end, (t / max(steps, 1)) ** self.power)
