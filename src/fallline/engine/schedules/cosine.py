"""Cosine annealing (Loshchilov and Hutter, 2017), without restarts: long at the top, long at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, cosine_between


@dataclass(frozen=True)
class Cosine(Schedule):
    """Follows half a cosine from 1 down to a floor; torch's CosineAnnealingLR with T_max the number of steps.

    Attributes:
        floor: the factor that it approaches.

    >>> Cosine().factors(4)
    array([1.        , 0.85355339, 0.5       , 0.14644661])
    """

    floor: float = 0.0

    name: ClassVar[str] = "cosine"
    title: ClassVar[str] = "Cosine annealing"
    formula: ClassVar[str] = r"a + \tfrac{1 - a}{2}\left(1 + \cos \tfrac{\pi t}{T}\right)"
    source: ClassVar[tuple[str, int]] = ("Loshchilov and Hutter", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),)
    shape: ClassVar[Shape] = "falling"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the cosine from 1 to the floor."""
        return cosine_between(1.0, self.floor, t / max(steps, 1))
