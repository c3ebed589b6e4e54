"""Linear warm-up, then cosine annealing: the usual schedule of large models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, cosine_between


@dataclass(frozen=True)
class WarmupCosine(Schedule):
    """Rises in a straight line to 1 over the first share of the steps, then follows half a cosine to a floor.

    With n = ⌈share·T⌉ warm-up steps, step t < n has the factor (t + 1)/n: the first step already moves.

    Attributes:
        warmup: the share of the steps that warm up.
        floor: the factor that it approaches.

    >>> WarmupCosine(warmup=0.5).factors(8)[:4]
    array([0.25, 0.5 , 0.75, 1.  ])
    """

    warmup: float = 0.1
    floor: float = 0.0

    name: ClassVar[str] = "warmup_cosine"
    title: ClassVar[str] = "Warm-up and cosine"
    formula: ClassVar[str] = (
        r"\tfrac{t + 1}{n}\ (t < n),\quad "
        r"a + \tfrac{1 - a}{2}\left(1 + \cos \tfrac{\pi (t - n)}{T - n}\right)\ (t \ge n)"
    )
    source: ClassVar[tuple[str, int]] = ("Goyal and others", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("warmup", "w", "Share of warm-up", 0.1, 0.0, 1.0),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "peak"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the rise, then the cosine."""
        rise = int(np.ceil(self.warmup * steps))
        fall = cosine_between(1.0, self.floor, np.maximum(t - rise, 0.0) / max(steps - rise, 1))
        return np.where(t < rise, (t + 1.0) / max(rise, 1), fall)
