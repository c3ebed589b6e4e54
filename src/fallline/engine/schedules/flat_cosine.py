"""Flat, then cosine: the base rate for most of the run, and an annealing at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, cosine_between


@dataclass(frozen=True)
class FlatCosine(Schedule):
    """Stays at 1 for a share of the steps, then follows half a cosine to a floor; fast.ai's fit_flat_cos.

    Attributes:
        flat: the share before the annealing.
        floor: the factor that it approaches; fast.ai ends at 1e-5.

    >>> FlatCosine(flat=0.5).factors(8)
    array([1.        , 1.        , 1.        , 1.        , 1.        ,
           0.85355339, 0.5       , 0.14644661])
    """

    flat: float = 0.75
    floor: float = 0.0

    name: ClassVar[str] = "flat_cosine"
    title: ClassVar[str] = "Flat, then cosine"
    formula: ClassVar[str] = (
        r"1\ (t < pT),\quad a + \tfrac{1 - a}{2}\left(1 + \cos \tfrac{\pi (t/T - p)}{1 - p}\right)\ (t \ge pT)"
    )
    source: ClassVar[tuple[str, int]] = ("Howard and Gugger", 2020)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("flat", "p", "Share before the annealing", 0.75, 0.0, 1.0),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "falling"

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns ones, then the cosine."""
        left = max(1.0 - self.flat, 1e-300)  # a share of 1 never gets there
        return cosine_between(1.0, self.floor, np.clip((t / max(steps, 1) - self.flat) / left, 0.0, 1.0))
