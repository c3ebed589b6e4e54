"""The linear annealer: a straight line between two factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.anneal import Anneal, ends
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import blend


@dataclass(frozen=True)
class AnnealLinear(Anneal):
    """Goes in a straight line; fast.ai's SchedLin, and torch's LinearLR over total_iters steps.

    >>> AnnealLinear(0.0, 1.0).factors(4)
    array([0.  , 0.25, 0.5 , 0.75])
    """

    name: ClassVar[str] = "anneal_linear"
    title: ClassVar[str] = "Linear annealer"
    formula: ClassVar[str] = r"a + (b - a)\,t / T"
    parameters: ClassVar[tuple[Parameter, ...]] = ends()

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the line."""
        return blend(self.start, self.end, t / max(steps, 1))
