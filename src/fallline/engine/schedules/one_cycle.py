"""The one-cycle schedule (Smith and Topin, 2018): up to a high rate, then far down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, Ways, between


@dataclass(frozen=True)
class OneCycle(Schedule):
    """Rises from 1/divide to 1, then falls to 1/(divide·final); torch's OneCycleLR, the base rate its peak.

    In two phases, as fast.ai has it, it falls to the end at once; in three, as the paper has it, first back to where it
    began (torch's three_phase). The paper also lowers the momentum while the rate is high: `OneCycleMomentum` is that
    curve, and `Plan.one_cycle` has both.

    Attributes:
        rise: the share of the steps before the peak.
        divide: the peak over the first rate.
        final: the first rate over the last.
        phases: 2 or 3.
        linear: 1 for straight lines, 0 for half cosines.

    >>> OneCycle().factors(11)[[0, -1]]
    array([4.e-02, 4.e-06])
    """

    rise: float = 0.3
    divide: float = 25.0
    final: float = 1e4
    phases: int = 2
    linear: int = 0

    name: ClassVar[str] = "one_cycle"
    title: ClassVar[str] = "One cycle"
    formula: ClassVar[str] = r"\tfrac{1}{d} \nearrow 1 \searrow \tfrac{1}{d f}"
    source: ClassVar[tuple[str, int]] = ("Smith and Topin", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("rise", "p", "Share before the peak", 0.3, 0.0, 1.0),
        Parameter("divide", "d", "Peak over first rate", 25.0, 1.0, 1e6, "log"),
        Parameter("final", "f", "First over last rate", 1e4, 1.0, 1e12, "log"),
        Parameter("phases", "n", "Phases", 2, 2, 3, "integer"),
        Parameter("linear", "", "Straight lines", 0, 0, 1, "integer"),
    )
    shape: ClassVar[Shape] = "peak"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the rise to the peak, at step rise·T − 1 as in torch, then the fall to the last step."""
        low, end = 1.0 / self.divide, 1.0 / (self.divide * self.final)
        return phased(t, steps, self, (low, 1.0, low, end) if self.phases == 3 else (low, 1.0, end))


def phased(t: NDArray[np.float64], steps: int, cycle: Ways, levels: tuple[float, ...]) -> NDArray[np.float64]:
    """Returns the curve through the levels of a cycle, from its first step to its last.

    Args:
        t: the steps, shape (n,).
        steps: T.
        cycle: what says the share before the peak and the way between two levels.
        levels: the first, the peak, and the ends of the phases after it; 3 or 4 numbers.
    """
    peak, last = cycle.rise * steps - 1.0, steps - 1.0
    # torch's second border may lie behind the last step where the rise takes more than half; here it stops there
    borders = (peak, min(2.0 * peak, last), last) if len(levels) == 4 else (peak, last)
    curve = between(levels[0], levels[1], t / peak, linear=cycle.linear) if peak > 0.0 else np.full_like(t, levels[1])
    for start, end, before, after in zip(borders, borders[1:], levels[1:], levels[2:], strict=False):
        progress = np.clip((t - start) / max(end - start, 1e-300), 0.0, 1.0)
        curve = np.where(t <= start, curve, between(before, after, progress, linear=cycle.linear))
    return curve
