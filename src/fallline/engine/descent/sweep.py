"""Many descents at once: every rate from every start, with one optimizer on one surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.descent.descend import check_rate, check_starts, check_steps, draw_noise
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

MOST_POINTS = 50_000_000
BLOCK = 256
"""Members that move together: their weights, slopes and memories fill two thirds of a first-level cache."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The paths of every rate from every start.

    Attributes:
        rates: shape (R,).
        starts: shape (S, 2).
        paths: shape (2, steps + 1, R, S); a path that runs away ends in infinities or NaN.
    """

    rates: Array
    starts: Array
    paths: Array

    def losses(self, surface: Surface) -> Array:
        """Returns the last loss of every path, shape (R, S); infinity where a path is no longer a number."""
        with np.errstate(all="ignore"):  # a path that ran away is told by its infinity
            losses = np.asarray(surface.value_rule(self.paths[0, -1], self.paths[1, -1]))
        return np.where(np.isfinite(losses), losses, np.inf)


def sweep(
    surface: Surface,
    optimizer: Optimizer,
    schedule: Schedule,
    *,
    rates: Sequence[float],
    starts: ArrayLike,
    steps: int,
    noise: float | None = None,
    rng: np.random.Generator | None = None,
    out: Array | None = None,
) -> Sweep:
    """Runs every rate from every start; each path is bit for bit what `descend` walks.

    Args:
        surface: the loss.
        optimizer: with its hyperparameters.
        schedule: what multiplies the rates.
        rates: base rates, each > 0, shape (R,).
        starts: shape (S, 2).
        steps: how many; R·S·(steps + 1) is at most 50 million.
        noise: standard deviation of the gradient noise, the same draws for all; None takes the surface's own.
        rng: where the noise comes from.
        out: memory for the paths, of their shape: asking the system for new memory takes longer than the descents.

    Raises:
        SpecError: a number outside its range, more points than fit, or memory of another shape.
    """
    from fallline.engine.descent.drive import drive  # Numba, 0.3 to 1 s: see descend
    from fallline.engine.descent.kernels import kernels_of

    check_steps(steps)
    for rate in rates:
        check_rate(rate)
    points = check_starts(surface, starts)
    base = np.asarray(rates, dtype=np.float64)
    count = len(base) * len(points)
    if count == 0 or count * (steps + 1) > MOST_POINTS:
        raise SpecError("steps", steps, f"a sweep of 1 to {MOST_POINTS:,} points; this is {count * (steps + 1):,}")
    _, draws = draw_noise(surface, noise, rng, steps)
    shape = (2, steps + 1, len(base), len(points))
    if out is not None and (out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous):
        raise SpecError("out", out.shape, f"contiguous float64 memory of shape {shape}")
    paths = (np.empty(shape) if out is None else out).reshape(2, steps + 1, count)
    paths[:, 0] = np.tile(points, (len(base), 1)).T
    kernels, hyperparameters, initial = kernels_of(surface, optimizer)
    none = np.empty((0, 0))
    members = np.repeat(base, len(points))
    drive(kernels, hyperparameters, initial, members, schedule.factors(steps), draws, paths, none, none, BLOCK)
    return Sweep(base, points, paths.reshape(shape))
