"""Many noisy descents of one quadratic at once: every rate and every draw of the noise, in one array of weights.

Weights are counted from the minimum, so that a loss is ½·vᵀHv and a step's slope A·v + e: A is H, or the curvature of
the rows of one batch, and e what the noise, or the batch, adds. Optimizers without decay do not see where zero is.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.optim import Elementwise

Array = NDArray[np.float64]
LATE = 0.2
"""The share of the steps, at the end, over which a loss is averaged."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """What a crowd meets.

    Attributes:
        curvature: A of each draw and step, shape (steps, draws, d, d); or H for all, shape (d, d).
        added: e of each draw and step, shape (steps, draws, d).
        hessian: H, shape (d, d).
        start: shape (d,).
    """

    curvature: Array
    added: Array
    hessian: Array
    start: Array

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(self.added)

    def at(self, v: Array, t: int) -> Array:
        """Returns the slopes that step t sees, shape (draws, d, members)."""
        curvature = self.curvature if self.curvature.ndim == 2 else self.curvature[t]
        return np.asarray(curvature @ v + self.added[t][:, :, None])

    def loss(self, v: Array) -> Array:
        """Returns the height above the minimum, shape (draws, members)."""
        return np.asarray(0.5 * (v * (self.hessian @ v)).sum(axis=1))


@dataclass(frozen=True, eq=False)
class Crowd:
    """How descents ended.

    Attributes:
        late: mean height over the last fifth of the steps, infinity where it is no number; shape (draws, rates).
        lengths: of every step, shape (steps, draws, rates).
    """

    late: Array
    lengths: Array


def crowd(slopes: Slopes, optimizer: Elementwise, rates: Array) -> Crowd:
    """Walks all of it, by the optimizer's compiled step.

    Args:
        slopes: what every step meets.
        optimizer: with its hyperparameters; without a decay.
        rates: shape (rates,).
    """
    from fallline.engine.descent.step_kernels import step_kernel  # Numba, 0.3 to 1 s

    draws, d = slopes.added.shape[1:]
    v = np.ascontiguousarray(np.broadcast_to(slopes.start[None, :, None], (draws, d, len(rates))))
    eta = np.ascontiguousarray(np.broadcast_to(rates, v.shape))
    memories = np.concatenate([np.full(v.size, start) for start in optimizer.initial] or [np.empty(1)])
    k = np.array(optimizer.hyperparameters or (0.0,), dtype=np.float64)
    step = step_kernel(type(optimizer)).owner.ctypes
    first = slopes.steps - max(1, round(LATE * slopes.steps))
    late, lengths = np.zeros((draws, len(rates))), np.empty((slopes.steps, draws, len(rates)))
    with np.errstate(all="ignore"):  # who runs away is told by infinity
        for t in range(slopes.steps):
            g, before = np.ascontiguousarray(slopes.at(v, t)), v.copy()
            step(*map(_at, (v, g, memories, eta, k)), float(t + 1), v.size)
            lengths[t] = np.sqrt(((v - before) ** 2).sum(axis=1))
            if t >= first:
                late += slopes.loss(v)
        late /= slopes.steps - first
        return Crowd(np.where(np.isfinite(late), late, np.inf), lengths)


def _at(values: Array) -> Any:
    return values.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
