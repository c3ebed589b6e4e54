"""The plain loop, for optimizers that look at more than one element at a time: the same path, step by step in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fallline.engine.descent.noise import Draws
from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.empirical import over_rows
from fallline.engine.surfaces.surface import Array


@dataclass(frozen=True, eq=False)
class SurfaceProbe:
    """Lets an optimizer ask a surface; where the gradient is noisy, so is what it is told, with the step's own draw.

    Attributes:
        surface: the loss.
        added: what the noise adds to the gradient at this step, shape (d,); None for nothing.
        rows: the surface over this step's rows; None for all.
    """

    surface: Surface
    added: Array | None = None
    rows: Surface | None = None

    def value(self, w: Array) -> float:
        """Returns the loss, tilted by what is added to its gradient."""
        tilt = 0.0 if self.added is None else float(self.added @ w)
        return float((self.rows or self.surface).value(w)) + tilt

    def gradient_at(self, w: Array) -> Array:
        """Returns the gradient, with the noise of the step."""
        gradient = (self.rows or self.surface).gradient(w)
        return gradient if self.added is None else gradient + self.added

    def hvp(self, w: Array, v: Array) -> Array:
        """Returns the Hessian times a vector."""
        return np.asarray((self.rows or self.surface).hessian(w) @ v)


def walk(
    surface: Surface, optimizer: Optimizer, rates: Array, start: Array, draws: Draws
) -> tuple[Array, Array, Array]:
    """Takes every step, until a number is none.

    Args:
        surface: the loss.
        optimizer: who moves.
        rates: of each step, shape (steps,).
        start: shape (d,).
        draws: the noise of each step.

    Returns:
        points where the optimizer is judged, shape (d, steps + 1), losses and lengths of the noiseless gradient, shape
        (steps + 1,); from where a number is none, NaN.
    """
    w, state = start.copy(), optimizer.init(start)
    points = np.full((len(rates) + 1, len(start)), np.nan)
    points[0] = start
    with np.errstate(all="ignore"):  # a path that runs away is told by what is no number
        for t, rate in enumerate(rates):
            probe = probe_of(surface, draws, t)
            gradient = probe.gradient_at(w)
            if not np.isfinite(gradient).all():
                break
            w, state = optimizer.step(w, gradient, state, float(rate), probe)
            points[t + 1] = optimizer.judged(w, state)
            if not np.isfinite(w).all():
                break
        losses, slopes = surface.value(points), surface.gradient(points)
        return np.ascontiguousarray(points.T), losses, np.sqrt((slopes * slopes).sum(axis=1))


def probe_of(surface: Surface, draws: Draws, t: int) -> SurfaceProbe:
    """Returns what may be asked at a step, with the step's own noise."""
    added = draws.added[t] if len(draws.added) else None
    if not len(draws.rows):
        return SurfaceProbe(surface, added)
    met = draws.rows[t].astype(np.int64)
    return SurfaceProbe(surface, added, over_rows(surface, met[met >= 0]))
