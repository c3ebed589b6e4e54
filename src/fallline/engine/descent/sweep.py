"""Many descents at once: every rate from every start, under every seed, with one optimizer on one surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent.descend import check_rate, check_starts, check_steps, judged
from fallline.engine.descent.noise import Draws, Noise
from fallline.engine.descent.noises import draw_noise
from fallline.engine.descent.trace import Runner, Trace
from fallline.engine.optim import Elementwise, Optimizer
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

MOST_POINTS = 50_000_000
BLOCK = 544
"""At most so many members move together: their weights, slopes and memories fill a first-level cache."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """The paths of every rate from every start.

    Attributes:
        surface: the loss.
        optimizer: who walked.
        schedule: what multiplied the rates.
        rates: shape (R,).
        starts: shape (S, d).
        draws: the noise, one for each seed.
        paths: shape (d, steps + 1, R, S), with the seeds in front where there are any: (K, d, steps + 1, R, S); a path
            that runs away ends in infinities or NaN.
    """

    surface: Surface
    optimizer: Optimizer
    schedule: Schedule
    rates: Array
    starts: Array
    draws: tuple[Draws, ...]
    paths: Array

    def losses(self, surface: Surface | None = None) -> Array:
        """Returns the last loss of every path, shape (R, S) or (K, R, S); infinity where it is no longer a number.

        Args:
            surface: measured on another surface than the one walked on.
        """
        last = np.moveaxis(self.paths[..., -1, :, :], -3, -1)
        with np.errstate(all="ignore"):  # a path that ran away is told by its infinity
            losses = (surface or self.surface).value(last)
        return np.where(np.isfinite(losses), losses, np.inf)

    def trace(self, rate: int, start: int, seed: int = 0) -> Trace:
        """Returns one descent with its verdict: bit for bit what `descend` gives.

        Args:
            rate: which, from 0.
            start: which, from 0.
            seed: which, from 0.
        """
        from fallline.engine.descent.measure import measured  # Numba: see descend

        paths = self.paths if self.paths.ndim == 5 else self.paths[None]
        points = np.ascontiguousarray(paths[seed, :, :, rate, start])
        runner = Runner(self.optimizer, float(self.rates[rate]), self.schedule)
        return judged(self.surface, runner, points, *measured(self.surface, points), self.draws[seed])


def sweep(
    surface: Surface,
    optimizer: Optimizer,
    schedule: Schedule,
    *,
    rates: Sequence[float],
    starts: ArrayLike,
    steps: int,
    noise: Noise | float | None = None,
    rng: np.random.Generator | None = None,
    seeds: Sequence[int] = (),
    out: Array | None = None,
) -> Sweep:
    """Runs every rate from every start; each path is bit for bit what `descend` walks.

    Args:
        surface: the loss.
        optimizer: with its hyperparameters; elementwise.
        schedule: what multiplies the rates.
        rates: base rates, each > 0, shape (R,).
        starts: shape (S, d).
        steps: how many; points of all paths together are at most 50 million.
        noise: a kind of noise, or the standard deviation of Gaussian noise, the same draws for all members of a seed;
            None takes the surface's own.
        rng: where the noise comes from, without seeds.
        seeds: each with noise of its own, as `descend` draws it; shape (K,).
        out: memory for the paths, of their shape: asking the system for new memory takes longer than the descents.

    Raises:
        SpecError: a number outside its range, more points than fit, memory of another shape, or an optimizer that is
            not elementwise.
    """
    from fallline.engine.descent.drive import drive  # Numba, 0.3 to 1 s: see descend
    from fallline.engine.descent.kernels import kernels_of, memory_of

    check_steps(steps)
    for rate in rates:
        check_rate(rate)
    points = check_starts(surface, starts)
    base = np.asarray(rates, dtype=np.float64)
    count = len(base) * len(points)
    _check(optimizer, steps, count * (steps + 1) * max(len(seeds), 1))
    sources = [generator(seed, "noise") for seed in seeds] if seeds else [rng]
    draws = tuple(draw_noise(surface, noise, source, steps) for source in sources)
    front = (len(seeds),) if seeds else ()
    shape = (*front, surface.dimension, steps + 1, len(base), len(points))
    if out is not None and (out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous):
        raise SpecError("out", out.shape, f"contiguous float64 memory of shape {shape}")
    paths = (np.empty(shape) if out is None else out).reshape(-1, surface.dimension, steps + 1, count)
    kernels, hyperparameters, initial = kernels_of(surface, optimizer)
    factors, members, none = schedule.factors(steps), np.repeat(base, len(points)), np.empty((0, 0))
    block = -(-count // -(-count // BLOCK) // 8) * 8  # blocks of one size, each of whole cache lines
    for path, met in zip(paths, draws, strict=True):
        path[:, 0] = np.tile(points, (len(base), 1)).T
        drive(
            kernels, hyperparameters, initial, members, factors, met.added, met.rows, *memory_of(surface), path, none,
            none, block,
        )  # fmt: skip
    return Sweep(surface, optimizer, schedule, base, points, draws, paths.reshape(shape))


def _check(optimizer: Optimizer, steps: int, total: int) -> None:
    """Refuses what is not compiled, and what is nothing or too much."""
    if not isinstance(optimizer, Elementwise):
        raise SpecError("optimizer", optimizer.name, "elementwise", "One descent at a time can be walked by `descend`.")
    if not 0 < total <= MOST_POINTS:
        raise SpecError("steps", steps, f"a sweep of 1 to {MOST_POINTS:,} points; this is {total:,}")
