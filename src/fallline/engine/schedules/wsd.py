"""Warm-up, stable, decay (Hu and others, 2024): only its end depends on the length of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, blend


@dataclass(frozen=True)
class WarmupStableDecay(Schedule):
    """Rises in a straight line, stays at 1, and falls to a floor over the last share of the steps.

    With n = ⌈warmup·T⌉, step t < n has the factor (t + 1)/n. The fall goes as 1 − uᵖ with u from 0 to 1: p = 1 is the
    straight line, p = 1/2 the "1 − sqrt" that Hägele and others (2024) found best.

    Attributes:
        warmup: the share that warms up.
        decay: the share that decays; where the two shares exceed the run, the decay is what is left of it.
        power: p.
        floor: the factor that it approaches.

    >>> WarmupStableDecay(warmup=0.25, decay=0.5).factors(8)
    array([0.5 , 1.  , 1.  , 1.  , 1.  , 0.75, 0.5 , 0.25])
    """

    warmup: float = 0.1
    decay: float = 0.2
    power: float = 1.0
    floor: float = 0.0

    name: ClassVar[str] = "wsd"
    title: ClassVar[str] = "Warm-up, stable, decay"
    formula: ClassVar[str] = (
        r"\tfrac{t + 1}{n}\ (t < n),\quad 1,\quad a + (1 - a)(1 - u^p),\ u = \tfrac{t - (T - k)}{k}\ (t \ge T - k)"
    )
    source: ClassVar[tuple[str, int]] = ("Hu and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("warmup", "w", "Share of warm-up", 0.1, 0.0, 1.0),
        Parameter("decay", "k/T", "Share of decay", 0.2, 0.0, 1.0),
        Parameter("power", "p", "Power of the fall", 1.0, 0.1, 10.0),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "peak"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the rise, the plateau and the fall."""
        rise = int(np.ceil(self.warmup * steps))
        fall = min(int(np.ceil(self.decay * steps)), steps - rise)
        progress = np.clip((t - (steps - fall)) / max(fall, 1), 0.0, 1.0)
        return np.where(t < rise, (t + 1.0) / max(rise, 1), blend(self.floor, 1.0, 1.0 - progress**self.power))
