"""The schedule of the first transformer (Vaswani and others, 2017), named after Noam Shazeer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class Noam(Schedule):
    """Rises in a straight line over w steps, then falls as one over the root of the step.

    The paper's rate is d^(−1/2)·min(t^(−1/2), t·w^(−3/2)) with t from 1; here it is divided by its peak (d·w)^(−1/2),
    so that the base rate is the highest rate.

    Attributes:
        warmup: w; the paper has 4,000 of 100,000 steps.

    >>> Noam(warmup=2).factors(8)[[0, 1, 7]]
    array([0.5, 1. , 0.5])
    """

    warmup: int = 20

    name: ClassVar[str] = "noam"
    title: ClassVar[str] = "Noam"
    formula: ClassVar[str] = r"\min\left(\tfrac{t + 1}{w}, \sqrt{\tfrac{w}{t + 1}}\right)"
    source: ClassVar[tuple[str, int]] = ("Vaswani and others", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("warmup", "w", "Steps of warm-up", 20, 1, 10_000_000, "integer"),
    )
    shape: ClassVar[Shape] = "peak"

    @classmethod
    def suited(cls, steps: int) -> Noam:
        """Returns one that warms up over a tenth of the run."""
        return cls(warmup=max(1, -(-steps // 10)))

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the lower of the line and the root."""
        del steps
        return np.minimum((t + 1.0) / self.warmup, np.sqrt(self.warmup / (t + 1.0)))
