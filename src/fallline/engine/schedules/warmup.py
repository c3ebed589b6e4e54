"""Linear warm-up to any schedule (Goyal and others, 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.composite import Composite
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Shape, blend


@dataclass(frozen=True)
class Warmup(Composite):
    """Rises in a straight line to the first factor of the next schedule, which then takes the rest of the steps.

    With n = ⌈share·T⌉ warm-up steps, step t < n has start + (1 − start)·(t + 1)/n of the way up: the first step already
    moves. Torch's LinearLR and Keras' warmup_steps have t/n instead, so that without a start their first step stands
    still; in a `Sequence`, `AnnealLinear` is that one.

    Attributes:
        share: the share of the steps that warm up.
        start: the factor before the first step.

    >>> from fallline.engine.schedules.cosine import Cosine
    >>> Warmup(parts=(Cosine(),), share=0.5).factors(8)[:5]
    array([0.25, 0.5 , 0.75, 1.  , 1.  ])
    """

    share: float = 0.1
    start: float = 0.0

    name: ClassVar[str] = "warmup"
    title: ClassVar[str] = "Linear warm-up"
    formula: ClassVar[str] = r"a + (1 - a)\tfrac{t + 1}{n}\ (t < n),\quad f(t - n)\ (t \ge n)"
    source: ClassVar[tuple[str, int]] = ("Goyal and others", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("share", "w", "Share of warm-up", 0.1, 0.0, 1.0),
        Parameter("start", "a", "Factor before the first step", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "free"
    inner: ClassVar[tuple[int, int]] = (1, 1)

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the rise, then the next schedule over what is left."""
        then, rise = self.parts[0], int(np.ceil(self.share * steps))
        left = max(steps - rise, 1)
        top = float(then.curve(np.zeros(1), left)[0])
        up = blend(min(self.start, top), top, (t + 1.0) / max(rise, 1))
        return np.where(t < rise, up, then.curve(np.maximum(t - rise, 0.0), left))
