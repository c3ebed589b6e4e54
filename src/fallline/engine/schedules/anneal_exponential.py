"""The exponential annealer: by the same ratio at every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.anneal import Anneal, ends
from fallline.engine.schedules.parameter import Parameter


@dataclass(frozen=True)
class AnnealExponential(Anneal):
    """Goes by equal ratios; fast.ai's SchedExp, and the sweep of the learning-rate finder.

    >>> AnnealExponential(1.0, 0.01).factors(4)
    array([1.        , 0.31622777, 0.1       , 0.03162278])
    """

    name: ClassVar[str] = "anneal_exponential"
    title: ClassVar[str] = "Exponential annealer"
    formula: ClassVar[str] = r"a\,(b / a)^{t / T}"
    parameters: ClassVar[tuple[Parameter, ...]] = ends(1e-12)

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the geometric sequence."""
        low, high = sorted((self.start, self.end))
        return np.clip(self.start * (self.end / self.start) ** (t / max(steps, 1)), low, high)
