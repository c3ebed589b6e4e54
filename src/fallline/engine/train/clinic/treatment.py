"""A treatment: everything that one may change about a training that went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.schedules import Constant, Cosine, Exponential

Shape = Literal["constant", "cosine", "exponential"]


@dataclass(frozen=True)
class Treatment:
    """How a patient is trained.

    Attributes:
        rate: the base rate, > 0.
        schedule: what multiplies it.
        span: steps in which the schedule falls: a cosine to zero, where it stays; an exponential to a hundredth, and
            on from there.
        warmup: steps in which the rate first rises in a straight line; 0 for none.
        batch: rows a step; 0 for all.
        standardise: whether features are brought to mean 0 and deviation 1.
        clip: longest gradient that is used; 0 for any.
        start: what the first weights are multiplied by.
    """

    rate: float
    schedule: Shape = "constant"
    span: int = 100
    warmup: int = 0
    batch: int = 0
    standardise: bool = False
    clip: float = 0.0
    start: float = 1.0

    def __post_init__(self) -> None:
        """Refuses what is no treatment."""
        if not 0.0 < self.rate < float("inf"):
            raise SpecError("rate", self.rate, "a finite number above 0")
        if self.span < 1:
            raise SpecError("span", self.span, "at least one step")

    def rates(self, steps: int) -> NDArray[np.float64]:
        """Returns the rate of every step.

        >>> Treatment(0.5, "cosine", span=2, warmup=2).rates(4).round(3).tolist()
        [0.25, 0.25, 0.0, 0.0]
        """
        t = np.arange(steps, dtype=np.float64)
        rise = np.minimum((t + 1.0) / max(self.warmup, 1), 1.0)
        made = {"constant": Constant(), "cosine": Cosine(), "exponential": Exponential.suited(self.span)}[self.schedule]
        within = np.minimum(t, self.span) if self.schedule == "cosine" else t
        return np.asarray(self.rate * rise * made.curve(within, self.span))
