"""The constant schedule: no schedule at all, and the one to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.schedule import Schedule, Shape


@dataclass(frozen=True)
class Constant(Schedule):
    """The base rate throughout.

    >>> Constant().factors(3)
    array([1., 1., 1.])
    """

    name: ClassVar[str] = "constant"
    title: ClassVar[str] = "Constant"
    formula: ClassVar[str] = r"1"
    source: ClassVar[tuple[str, int]] = ("Cauchy", 1847)
    shape: ClassVar[Shape] = "constant"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns ones."""
        del steps
        return np.ones_like(t)
