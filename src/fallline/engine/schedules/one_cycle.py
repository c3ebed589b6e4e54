"""The one-cycle schedule (Smith and Topin, 2018): up to a high rate, then far down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.schedule import Parameter, Schedule, cosine_between


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Rises on a cosine from 1/divide to 1, then falls to 1/(divide·final); torch's OneCycleLR, the base rate its peak.

    The paper also lowers the momentum while the rate is high; here the momentum stays what the optimizer says.

    Attributes:
        rise: the share of the steps before the peak.
        divide: the peak over the first rate.
        final: the first rate over the last.

    >>> OneCycle().factors(11)[[0, -1]]
    array([4.e-02, 4.e-06])
    """

    rise: float = 0.3
    divide: float = 25.0
    final: float = 1e4

    name: ClassVar[str] = "one_cycle"
    title: ClassVar[str] = "One cycle"
    formula: ClassVar[str] = r"\tfrac{1}{d} \nearrow 1 \searrow \tfrac{1}{d f}"
    source: ClassVar[tuple[str, int]] = ("Smith and Topin", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("rise", "p", "Share before the peak", 0.3, 0.0, 1.0),
        Parameter("divide", "d", "Peak over first rate", 25.0, 1.0, 1e6, "log"),
        Parameter("final", "f", "First over last rate", 1e4, 1.0, 1e12, "log"),
    )

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the rise to the peak, at step rise·T − 1 as in torch, then the fall to the last step."""
        peak, last = self.rise * steps - 1.0, steps - 1.0
        low, end = 1.0 / self.divide, 1.0 / (self.divide * self.final)
        up = cosine_between(low, 1.0, t / peak) if peak > 0.0 else np.ones_like(t)
        down = cosine_between(1.0, end, np.clip((t - peak) / max(last - peak, 1e-300), 0.0, 1.0))
        return np.where(t <= peak, up, down)
