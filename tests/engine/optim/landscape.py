"""Losses that an optimizer may ask about, for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.optim import Optimizer, State
from fallline.engine.optim.layers import each, flat, folded


@dataclass(frozen=True, eq=False)
class Bowl:
    """½·(w − a)ᵀH(w − a) over all elements of all layers, in NumPy or torch, whichever asks.

    Attributes:
        hessian: H, symmetric, shape (n, n).
        bottom: a, shape (n,).
    """

    hessian: NDArray[np.float64]
    bottom: NDArray[np.float64]

    def _as(self, array: NDArray[np.float64], w: Any) -> Any:
        one = w[0] if isinstance(w, tuple) else w
        if isinstance(one, np.ndarray):
            return array.astype(one.dtype)
        import torch

        return torch.from_numpy(array).to(one.dtype)

    def value(self, w: Any) -> float:
        """The loss."""
        away = flat(w) - self._as(self.bottom, w)
        return float(away @ (self._as(self.hessian, w) @ away)) / 2.0

    def gradient_at(self, w: Any) -> Any:
        """Its gradient."""
        return folded(self._as(self.hessian, w) @ (flat(w) - self._as(self.bottom, w)), w)

    def hvp(self, w: Any, v: Any) -> Any:
        """Its Hessian times a vector."""
        return folded(self._as(self.hessian, w) @ flat(v), w)


def bowl(size: int, condition: float = 10.0, seed: int = 0) -> Bowl:
    """Returns a bowl with eigenvalues from 1 to `condition` in directions of no axis, and a bottom away from 0."""
    draw = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(draw.normal(size=(size, size)))
    hessian = turn @ np.diag(np.geomspace(1.0, condition, size)) @ turn.T
    return Bowl(0.5 * (hessian + hessian.T), draw.normal(size=size))


def walk(optimizer: Optimizer, loss: Bowl, w: Any, rate: float, steps: int) -> tuple[Any, State]:
    """Returns where so many steps lead, and the state there."""
    state = optimizer.init(w)
    for _ in range(steps):
        w, state = optimizer.step(w, loss.gradient_at(w), state, rate, loss)
    return w, state


def copied(w: Any) -> Any:
    """Returns the same weights in memory of their own."""
    return each(lambda layer: layer + 0.0, w)
