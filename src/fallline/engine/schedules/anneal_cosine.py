"""The cosine annealer: half a cosine between two factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.anneal import Anneal, ends
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import cosine_between


@dataclass(frozen=True)
class AnnealCosine(Anneal):
    """Goes on half a cosine, up or down; fast.ai's SchedCos.

    >>> AnnealCosine(0.0, 1.0).factors(4)
    array([0.        , 0.14644661, 0.5       , 0.85355339])
    """

    name: ClassVar[str] = "anneal_cosine"
    title: ClassVar[str] = "Cosine annealer"
    formula: ClassVar[str] = r"b + \tfrac{a - b}{2}\left(1 + \cos \tfrac{\pi t}{T}\right)"
    parameters: ClassVar[tuple[Parameter, ...]] = ends()

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the half cosine."""
        return cosine_between(self.start, self.end, t / max(steps, 1))
