"""Multi-step decay: a lower rate after each of some chosen steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class MultiStep(Schedule):
    """Multiplies the rate by γ at each milestone; torch's MultiStepLR.

    Keras' PiecewiseConstantDecay has the same values, but its boundary is the last step before a drop and torch's
    milestone the first step after it: boundary = milestone − 1.

    Attributes:
        milestones: the steps at which it drops, rising.
        gamma: γ.

    >>> MultiStep(milestones=(2, 3), gamma=0.5).factors(5)
    array([1.  , 1.  , 0.5 , 0.25, 0.25])
    """

    milestones: tuple[float, ...] = (50.0, 100.0)
    gamma: float = 0.1

    name: ClassVar[str] = "multi_step"
    title: ClassVar[str] = "Multi-step decay"
    formula: ClassVar[str] = r"\gamma^{\#\{i : m_i \le t\}}"
    source: ClassVar[tuple[str, int]] = ("He, Zhang, Ren and Sun", 2016)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("milestones", "m", "Steps at which it drops", (50.0, 100.0), 1, 10_000_000, "integer", many=True),
        Parameter("gamma", "γ", "Factor of each drop", 0.1, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "falling"

    @classmethod
    def suited(cls, steps: int) -> MultiStep:
        """Returns drops after a half and after three quarters, as for the first residual nets."""
        first = max(1, -(-steps // 2))
        return cls(milestones=(float(first), float(max(first + 1, -(-3 * steps // 4)))))

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns γ to the number of milestones reached."""
        del steps
        return np.asarray(self.gamma ** np.searchsorted(np.array(self.milestones), t, side="right").astype(np.float64))
