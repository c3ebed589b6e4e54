"""The triangular cyclical learning rate (Smith, 2017): up and down in straight lines, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, blend


@dataclass(frozen=True)
class Triangular(Schedule):
    """Rises and falls between a low factor and 1, the base rate being torch's max_lr.

    Torch's CyclicLR in all three of its modes: ``triangular`` is the default, ``triangular2`` has shrink = 0.5, and
    ``exp_range`` has gamma below 1.

    Attributes:
        low: torch's base_lr over its max_lr.
        up: steps of each rise.
        down: steps of each fall.
        shrink: s, height of a cycle over that of the one before.
        gamma: γ, factor on the height at every step.

    >>> Triangular(low=0.0, up=2, down=2, shrink=0.5).factors(8)
    array([0.  , 0.5 , 1.  , 0.5 , 0.  , 0.25, 0.5 , 0.25])
    """

    low: float = 0.1
    up: int = 25
    down: int = 25
    shrink: float = 1.0
    gamma: float = 1.0

    name: ClassVar[str] = "triangular"
    title: ClassVar[str] = "Triangular cycles"
    formula: ClassVar[str] = r"a + (1 - a)\, h\, s^{c}\, \gamma^{t},\quad h: 0 \nearrow 1 \searrow 0"
    source: ClassVar[tuple[str, int]] = ("Smith", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("low", "a", "Low over high rate", 0.1, 0.0, 1.0),
        Parameter("up", "u", "Steps of each rise", 25, 1, 10_000_000, "integer"),
        Parameter("down", "v", "Steps of each fall", 25, 1, 10_000_000, "integer"),
        Parameter("shrink", "s", "Height over the one before", 1.0, 0.0, 1.0),
        Parameter("gamma", "γ", "Factor of each step", 1.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "cyclic"

    @classmethod
    def suited(cls, steps: int) -> Triangular:
        """Returns three cycles."""
        side = max(1, -(-steps // 6))
        return cls(up=side, down=side)

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the triangles."""
        del steps
        whole = self.up + self.down
        cycle = np.floor(t / whole)
        place = t - cycle * whole
        height = np.where(place <= self.up, place / self.up, (whole - place) / self.down)
        return blend(self.low, 1.0, height * self.shrink**cycle * self.gamma**t)
