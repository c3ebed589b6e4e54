"""The learning-rate finder on a surface: the same sweep and rules, with the surface's own curvature."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array
from fallline.engine.train.finder.finding import RateFinding, SweepTrace
from fallline.engine.train.finder.limits import check
from fallline.engine.train.finder.rules import smoothed
from fallline.engine.train.finder.verdict import concluded


def find_rate_on(
    surface: Surface,
    optimizer: Optimizer,
    start: Sequence[float] | None = None,
    *,
    low: float = 1e-6,
    high: float = 10.0,
    steps: int = 100,
    seeds: int = 5,
    seed: int = 0,
    noise: float | None = None,
    smoothing: float = 0.5,
    blow_up: float = 4.0,
) -> RateFinding:
    """Sweeps the learning rate of an optimizer on a surface.

    The loss is that of the place, without noise, so that less smoothing is needed than over batches. Without noise in
    the gradient every sweep is the same, and one is made.

    Args:
        surface: the loss.
        optimizer: of `OPTIMIZERS`; one that asks more than a gradient is refused.
        start: where from; by default the surface's own start.
        low: the lowest rate.
        high: the highest.
        steps: rates, evenly spaced on a logarithmic axis; a step is taken at each.
        seeds: how many sweeps.
        seed: of the first.
        noise: standard deviation of the gradient noise; None takes the surface's own.
        smoothing: share of the past in the running mean of the loss.
        blow_up: a sweep ends where the running mean exceeds its lowest value by so many times the fall so far.

    Raises:
        SpecError: a number outside its range, or an optimizer that needs a probe.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> from fallline.engine.surfaces import SURFACES
    >>> found = find_rate_on(SURFACES["ravine"], OPTIMIZERS["gd"](), steps=200)
    >>> found.suggestion("curvature").rate  # a third of 2/λmax = 0.04
    0.0133
    """
    check(low, high, steps, seeds, smoothing, blow_up)
    if optimizer.needs:
        raise SpecError("optimizer", optimizer.name, "one that takes a step from one gradient")
    level = surface.noise if noise is None else noise
    rates = [float(rate) for rate in np.geomspace(low, high, steps)]
    first = np.asarray(surface.start if start is None else start, dtype=np.float64)
    sweeps = [
        _sweep(
            surface, optimizer, first, rates, _Noise(level, generator(seed + number, "finder")), (smoothing, blow_up)
        )
        for number in range(seeds if level > 0.0 else 1)
    ]
    limit = optimizer.largest_stable_rate(1.0)
    return concluded(rates, sweeps, looked=True, known=limit is not None, bounded=limit != math.inf)


@dataclass(frozen=True)
class _Noise:
    """Gaussian noise of one sweep."""

    level: float
    rng: np.random.Generator

    def draw(self, size: int) -> Array:
        """The noise of one gradient."""
        return self.level * self.rng.standard_normal(size)


def _sweep(
    surface: Surface,
    optimizer: Optimizer,
    start: Array,
    rates: Sequence[float],
    noise: _Noise,
    ends: tuple[float, float],
) -> SweepTrace:
    smoothing, blow_up = ends
    losses: list[float] = []
    looks: list[tuple[float, float]] = []
    w, state = start, optimizer.init(start)
    lowest, mean = math.inf, 0.0
    for step, rate in enumerate(rates):
        with np.errstate(all="ignore"):  # a path that runs away is told by its infinity
            loss, slope = float(surface.value(w)), surface.gradient(w)
            if not (math.isfinite(loss) and np.isfinite(slope).all()):
                break
            hessian = surface.hessian(w)
            curve = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else math.nan
            w, state = optimizer.step(w, slope + noise.draw(len(w)), state, rate)
        losses.append(loss)
        limit = optimizer.largest_stable_rate(curve) if curve > 0.0 else None
        looks += [(rate, limit)] if limit is not None and math.isfinite(limit) else []
        mean = smoothing * mean + (1.0 - smoothing) * loss
        level = mean / (1.0 - smoothing ** (step + 1))
        lowest = min(lowest, level)
        # a surface may lie below 0, where so many times the lowest means nothing: the fall so far is the measure
        if level > lowest + (blow_up - 1.0) * max(abs(lowest), losses[0] - lowest):
            break
    smooth = tuple(float(each) for each in smoothed(losses, smoothing))
    reached = tuple(rates[: len(losses)])
    return SweepTrace(reached, tuple(losses), smooth, tuple(looks), len(losses) < len(rates))
