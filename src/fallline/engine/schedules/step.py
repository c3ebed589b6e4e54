"""Step decay: a lower rate after every so many steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class Step(Schedule):
    """Multiplies the rate by γ every k steps; torch's StepLR.

    Attributes:
        every: k.
        gamma: γ.

    >>> Step(every=2, gamma=0.5).factors(5)
    array([1.  , 1.  , 0.5 , 0.5 , 0.25])
    """

    every: int = 50
    gamma: float = 0.1

    name: ClassVar[str] = "step"
    title: ClassVar[str] = "Step decay"
    formula: ClassVar[str] = r"\gamma^{\lfloor t / k \rfloor}"
    source: ClassVar[tuple[str, int]] = ("Krizhevsky, Sutskever and Hinton", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("every", "k", "Steps between drops", 50, 1, 100_000, "integer"),
        Parameter("gamma", "γ", "Factor of each drop", 0.1, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "falling"

    @classmethod
    def suited(cls, steps: int) -> Step:
        """Returns one that divides the rate by 5 after each third."""
        return cls(every=max(1, -(-steps // 3)), gamma=0.2)

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns γ to the number of drops so far."""
        del steps
        return np.asarray(self.gamma ** np.floor(t / self.every))
