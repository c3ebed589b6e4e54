"""Cosine annealing with warm restarts, SGDR (Loshchilov and Hutter, 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.schedule import Schedule, Shape, blend


@dataclass(frozen=True)
class WarmRestarts(Schedule):
    """Falls on half a cosine, jumps back up, and falls again more slowly.

    Torch's CosineAnnealingWarmRestarts (T_0, T_mult), and Keras' CosineDecayRestarts (first_decay_steps, t_mul, m_mul,
    alpha), while T_mult is whole. Where it is not, torch refuses it and Keras lets cycles end between two steps; here
    each cycle is rounded to whole steps, so that every restart is met at its top. Keras also finds the cycle by a
    logarithm, which now and then misses the first step of a cycle by a rounding; here borders are counted.

    Attributes:
        first: T₀, steps of the first cycle.
        multiply: how much longer each cycle is than the one before.
        shrink: m, the top of a cycle over that of the one before.
        floor: the factor that each cycle approaches.

    >>> WarmRestarts(first=2, multiply=2).factors(6)
    array([1.        , 0.5       , 1.        , 0.85355339, 0.5       ,
           0.14644661])
    """

    first: int = 50
    multiply: float = 2.0
    shrink: float = 1.0
    floor: float = 0.0

    name: ClassVar[str] = "warm_restarts"
    title: ClassVar[str] = "Warm restarts"
    formula: ClassVar[str] = r"a + (1 - a)\, m^i\, \tfrac12\left(1 + \cos \tfrac{\pi (t - t_i)}{T_i}\right)"
    source: ClassVar[tuple[str, int]] = ("Loshchilov and Hutter", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("first", "T₀", "Steps of the first cycle", 50, 1, 10_000_000, "integer"),
        Parameter("multiply", "M", "Growth of the cycles", 2.0, 1.0, 10.0),
        Parameter("shrink", "m", "Top over the top before", 1.0, 0.0, 1.0),
        Parameter("floor", "a", "Lowest factor", 0.0, 0.0, 1.0),
    )
    shape: ClassVar[Shape] = "cyclic"

    @classmethod
    def suited(cls, steps: int) -> WarmRestarts:
        """Returns three cycles, each twice as long as the one before."""
        return cls(first=max(1, -(-steps // 7)))

    def curve(self, t: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
        """Returns the cosine of each cycle."""
        del steps
        starts, lengths = self._cycles(float(t.max(initial=0.0)))
        cycle = np.searchsorted(starts, t, side="right") - 1
        progress = (t - starts[cycle]) / lengths[cycle]
        return blend(self.floor, 1.0, self.shrink ** cycle.astype(np.float64) * 0.5 * (1.0 + np.cos(np.pi * progress)))

    def _cycles(self, last: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The first step and the length of every cycle up to step `last`."""
        if self.multiply == 1.0:
            starts = np.arange(0.0, last + 1.0, self.first)
            return starts, np.full(len(starts), float(self.first))
        starts_, lengths_, length = [0.0], [float(self.first)], float(self.first)
        while starts_[-1] + lengths_[-1] <= last:
            length *= self.multiply
            starts_.append(starts_[-1] + lengths_[-1])
            lengths_.append(float(np.floor(length + 0.5)))
        return np.array(starts_), np.array(lengths_)
