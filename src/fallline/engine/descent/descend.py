"""One descent, or several from one start: the playground's loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.descent.trace import Runner, Trace
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

if TYPE_CHECKING:
    from fallline.core.ending import Ending

MOST_STEPS = 100_000


def descend(
    surface: Surface,
    optimizer: Optimizer,
    schedule: Schedule,
    *,
    rate: float,
    start: Sequence[float],
    steps: int,
    noise: float | None = None,
    rng: np.random.Generator | None = None,
) -> Trace:
    """Walks down a surface.

    Args:
        surface: the loss.
        optimizer: with its hyperparameters.
        schedule: what multiplies the rate.
        rate: the base rate, > 0.
        start: where from, two finite numbers.
        steps: how many, 1 to 100,000.
        noise: standard deviation of Gaussian noise added to every gradient; None takes the surface's own.
        rng: where the noise comes from; needed only where there is noise.

    Returns:
        the path and the verdict.

    Raises:
        SpecError: a number outside its range, or noise without a generator.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> from fallline.engine.schedules import SCHEDULES
    >>> from fallline.engine.surfaces import SURFACES
    >>> gd, constant = OPTIMIZERS["gd"](), SCHEDULES["constant"]()
    >>> trace = descend(SURFACES["ravine"], gd, constant, rate=0.05, start=(-3.5, 1.2), steps=100)
    >>> print(trace.ending.sentence)
    Diverged at step 2: the rate 0.05 is above 2/λmax = 0.04. Try less than 0.036.
    """
    runner = Runner(optimizer, rate, schedule)
    return race(surface, (runner,), start, steps, noise=noise, rng=rng)[0]


def race(
    surface: Surface,
    runners: Sequence[Runner],
    start: Sequence[float],
    steps: int,
    *,
    noise: float | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Trace, ...]:
    """Lets several run from one start; where there is noise, all meet the same.

    Args:
        surface: the loss.
        runners: optimizer, rate and schedule of each.
        start: where from, two finite numbers.
        steps: how many, 1 to 100,000.
        noise: standard deviation of Gaussian noise added to every gradient; None takes the surface's own.
        rng: where the noise comes from; needed only where there is noise.

    Returns:
        one trace for each runner, in their order.

    Raises:
        SpecError: a number outside its range, or noise without a generator.
    """
    check_steps(steps)
    w = check_starts(surface, [start])[0]
    for runner in runners:
        check_rate(runner.rate)
    level, draws = draw_noise(surface, noise, rng, steps)
    return tuple(_run(surface, runner, w, draws, level, steps) for runner in runners)


def _run(surface: Surface, runner: Runner, start: Array, draws: Array, noise: float, steps: int) -> Trace:
    # Numba's import costs 0.3 to 1 s; the site and the shell import this room for its names alone.
    from fallline.engine.descent.case import Case, box_of, tolerance
    from fallline.engine.descent.drive import drive
    from fallline.engine.descent.kernels import kernels_of
    from fallline.engine.descent.survey import Survey, survey_path
    from fallline.engine.descent.verdict import verdict

    factors = runner.schedule.factors(steps)
    path, losses, norms = np.empty((2, steps + 1, 1)), np.empty((steps + 1, 1)), np.empty((steps + 1, 1))
    path[:, 0, 0] = start
    kernels, hyperparameters, initial = kernels_of(surface, runner.optimizer)
    drive(kernels, hyperparameters, initial, np.array([runner.rate]), factors, draws, path, losses, norms, 1)
    points, losses, norms = path[:, :, 0], losses[:, 0], norms[:, 0]
    floor = surface.minima[0].value if surface.bounded else 0.0
    survey = Survey(*survey_path(points[0], points[1], losses, norms, box_of(surface), floor, tolerance(surface)))
    rates = runner.rate * factors
    with np.errstate(all="ignore"):  # where a path ran away, its curvature may be infinite
        ending = verdict(Case(surface, runner.optimizer, points, losses, norms, rates, noise, survey))
    return _trace(points, losses, norms, rates, ending, survey.last)


def _trace(points: Array, losses: Array, norms: Array, rates: Array, ending: Ending, last: int) -> Trace:
    kept = (np.ascontiguousarray(points[:, : last + 1].T), losses[: last + 1], norms[: last + 1], rates[:last])
    for array in kept:
        array.setflags(write=False)
    return Trace(*kept, ending)


def draw_noise(
    surface: Surface, noise: float | None, rng: np.random.Generator | None, steps: int
) -> tuple[float, Array]:
    """Returns the noise level and the draws, shape (steps, 2), or (0, 2) where there is none.

    Raises:
        SpecError: a level below zero or not finite, or noise without a generator.
    """
    level = surface.noise if noise is None else noise
    if not 0.0 <= level < float("inf"):
        raise SpecError("noise", noise, "a finite number of at least 0")
    if level == 0.0:
        return 0.0, np.empty((0, 2))
    if rng is None:
        raise SpecError("rng", None, "a generator", "Noise is drawn from a generator that you pass.")
    return level, level * rng.standard_normal((steps, 2))


def check_steps(steps: int) -> None:
    """Refuses a number of steps that is no run, or too long to be looked at."""
    if not 1 <= steps <= MOST_STEPS:
        raise SpecError("steps", steps, f"a number of steps from 1 to {MOST_STEPS:,}")


def check_rate(rate: float) -> None:
    """Refuses a rate that is not a step."""
    if not 0.0 < rate < float("inf"):
        raise SpecError("rate", rate, "a finite number above 0")


def check_starts(surface: Surface, starts: ArrayLike) -> Array:
    """Returns the starts as an array of shape (S, 2); refuses what is not a point of the map or its surroundings."""
    points = np.asarray(starts, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise SpecError("start", starts, "a point: two finite numbers")
    low, high = np.array(surface.domain).T
    if (np.abs(points - 0.5 * (low + high)) > 5.0 * (high - low)).any():
        (x0, x1), (y0, y1) = surface.domain
        expected = f"a point within five widths of the map, x from {x0:g} to {x1:g} and y from {y0:g} to {y1:g}"
        raise SpecError("start", points.tolist(), expected)
    if not (np.isfinite(surface.value(points)).all() and np.isfinite(surface.gradient(points)).all()):
        raise SpecError("start", points.tolist(), f"a point at which {surface.title} and its slope are numbers")
    return points
