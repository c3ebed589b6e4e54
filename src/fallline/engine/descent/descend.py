"""One descent, or several from one start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent.named import optimizer_named, schedule_named, surface_named
from fallline.engine.descent.noise import Draws, Noise
from fallline.engine.descent.noises import draw_noise
from fallline.engine.descent.paced import Pace, Scheduled, check_alike, pace_along
from fallline.engine.descent.rates import rate_range
from fallline.engine.descent.trace import Runner, Trace
from fallline.engine.optim import Elementwise, Optimizer
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array

if TYPE_CHECKING:
    from fallline.core.ending import Ending

MOST_STEPS = 100_000


def descend(
    surface: Surface | str,
    optimizer: Optimizer | str = "gd",
    schedule: Scheduled | str | None = None,
    *,
    rate: float | None = None,
    start: Sequence[float] | None = None,
    steps: int = 150,
    noise: Noise | float | None = None,
    rng: np.random.Generator | None = None,
    seed: int | None = None,
) -> Trace:
    """Walks down a surface.

    Args:
        surface: the loss: a Surface, a name in `SURFACES`, or a formula such as ``"x^2 + 10*sin(y)"``.
        optimizer: with its hyperparameters, or its name.
        schedule: what multiplies the rate, or its name; a plan, which drives momentum, decay and batches too; one that
            goes by the loss after each step; None for a constant rate.
        rate: the base rate, > 0; None takes one that suits the surface and the optimizer.
        start: where from, one finite number for each weight; None takes the surface's own start.
        steps: how many, 1 to 100,000.
        noise: a kind of noise, or the standard deviation of Gaussian noise added to every gradient; None takes the
            surface's own.
        rng: where the noise comes from; needed only where there is noise.
        seed: makes a generator where none is passed.

    Returns:
        the path and the verdict.

    Raises:
        SpecError: an unknown name, a number outside its range, or noise without a generator or seed.

    >>> trace = descend("ravine", "gd", rate=0.05, start=(-3.5, 1.2), steps=100)
    >>> print(trace.ending.sentence)
    Diverged at step 2: the rate 0.05 is above 2/λmax = 0.04. Try less than 0.036.
    >>> print(descend("x^4 - 2x^2 + y^2", "momentum", start=(0.4, 1.0), rate=0.02).ending.sentence)
    Converged at step 82: from there on it stays at the minimum near (1, 0), loss −1, slope 0.00105.
    """
    loss = surface_named(surface)
    chosen = optimizer_named(optimizer)
    runner = Runner(
        chosen,
        rate_range(loss, type(chosen)).default if rate is None else rate,
        Constant() if schedule is None else schedule_named(schedule) if isinstance(schedule, str) else schedule,
    )
    source = generator(seed, "noise") if rng is None and seed is not None else rng
    return race(loss, (runner,), loss.start if start is None else start, steps, noise=noise, rng=source)[0]


def race(
    surface: Surface,
    runners: Sequence[Runner],
    start: Sequence[float],
    steps: int,
    *,
    noise: Noise | float | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Trace, ...]:
    """Lets several run from one start; where there is noise, all meet the same.

    Args:
        surface: the loss.
        runners: optimizer, rate and schedule of each.
        start: where from, one finite number for each weight.
        steps: how many, 1 to 100,000.
        noise: a kind of noise, or the standard deviation of Gaussian noise added to every gradient; None takes the
            surface's own.
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
    draws = draw_noise(surface, noise, rng, steps, check_alike([runner.schedule for runner in runners]))
    return tuple(_run(surface, runner, w, draws, steps) for runner in runners)


def _run(surface: Surface, runner: Runner, start: Array, draws: Draws, steps: int) -> Trace:
    # Numba's import costs 0.3 to 1 s; the site and the shell import this room for its names alone.
    from fallline.engine.descent.drive import drive
    from fallline.engine.descent.kernels import kernels_of, memory_of
    from fallline.engine.descent.measure import measured
    from fallline.engine.descent.plain import walk

    pace = Pace.of(runner.schedule, steps)
    if not pace.plain or (draws.rows < 0).any():
        walked = pace_along(surface, runner.optimizer, runner.rate, pace, start, draws)
        return judged(surface, runner, *walked[:3], draws, walked[3])
    factors = pace.rate
    if not isinstance(runner.optimizer, Elementwise):
        return judged(surface, runner, *walk(surface, runner.optimizer, runner.rate * factors, start, draws), draws)
    path = np.empty((surface.dimension, steps + 1, 1))
    elsewhere = runner.optimizer.judge is not None
    told = (0, 0) if elsewhere else (steps + 1, 1)
    losses, norms = np.empty(told), np.empty(told)
    path[:, 0, 0] = start
    kernels, hyperparameters, initial = kernels_of(surface, runner.optimizer)
    drive(
        kernels, hyperparameters, initial, np.array([runner.rate]), factors, draws.added, draws.rows,
        *memory_of(surface), path, losses, norms, 1,
    )  # fmt: skip
    if elsewhere:  # the slopes that were met are not those of the place where it is judged
        points = np.ascontiguousarray(path[:, :, 0])
        return judged(surface, runner, points, *measured(surface, points), draws)
    return judged(surface, runner, path[:, :, 0], losses[:, 0], norms[:, 0], draws)


def judged(  # noqa: PLR0917 - what a loop has in hand
    surface: Surface,
    runner: Runner,
    points: Array,
    losses: Array,
    norms: Array,
    draws: Draws,
    rates: Array | None = None,
) -> Trace:
    """Returns a path with its verdict.

    Args:
        surface: the loss.
        runner: who walked.
        points: shape (d, steps + 1), contiguous.
        losses: shape (steps + 1,).
        norms: lengths of the noiseless gradients, shape (steps + 1,).
        draws: the noise that was met.
        rates: of each step; None where the runner's schedule alone says them.
    """
    from fallline.engine.descent.case import Case, box_of, tolerance  # Numba: see _run
    from fallline.engine.descent.survey import Survey, survey_path
    from fallline.engine.descent.verdict import verdict

    floor = surface.minima[0].value if surface.bounded else 0.0
    points, losses, norms = (np.ascontiguousarray(each) for each in (points, losses, norms))
    survey = Survey(*survey_path(points, losses, norms, box_of(surface), floor, tolerance(surface)))
    if rates is None:
        rates = runner.rate * Pace.of(runner.schedule, points.shape[1] - 1).rate
    with np.errstate(all="ignore"):  # where a path ran away, its curvature may be infinite
        ending = verdict(Case(surface, runner.optimizer, points, losses, norms, rates, draws.words, survey))
    return _trace(points, losses, norms, rates, ending, survey.last)


def _trace(points: Array, losses: Array, norms: Array, rates: Array, ending: Ending, last: int) -> Trace:
    kept = (np.ascontiguousarray(points[:, : last + 1].T), losses[: last + 1], norms[: last + 1], rates[:last])
    for array in kept:
        array.setflags(write=False)
    return Trace(*kept, ending)


def check_steps(steps: int) -> None:
    """Refuses a number of steps that is no run, or too long to be looked at."""
    if not 1 <= steps <= MOST_STEPS:
        raise SpecError("steps", steps, f"a number of steps from 1 to {MOST_STEPS:,}")


def check_rate(rate: float) -> None:
    """Refuses a rate that is not a step."""
    if not 0.0 < rate < float("inf"):
        raise SpecError("rate", rate, "a finite number above 0")


def check_starts(surface: Surface, starts: ArrayLike) -> Array:
    """Returns the starts as an array of shape (S, d); refuses what is not a point of the map or its surroundings."""
    points = np.asarray(starts, dtype=np.float64)
    count = surface.dimension
    if points.ndim != 2 or points.shape[1] != count or not np.isfinite(points).all():
        numbers = {1: "one finite number", 2: "two finite numbers"}.get(count, f"{count} finite numbers")
        raise SpecError("start", starts, f"a point: {numbers}")
    low, high = np.array(surface.domain).T
    outside = (np.abs(points - 0.5 * (low + high)) > 5.0 * (high - low)).any(axis=0)
    if outside.any():
        names = ("x", "y") if count == 2 else tuple(f"w{j + 1}" for j in range(count))
        sides = [f"{name} from {side[0]:g} to {side[1]:g}" for name, side in zip(names, surface.domain, strict=True)]
        told = sides if count <= 2 else [side for side, out in zip(sides, outside, strict=True) if out][:3]
        raise SpecError("start", points.tolist(), f"a point within five widths of the map, {' and '.join(told)}")
    with np.errstate(all="ignore"):  # where there is no number, that is the answer
        defined = np.isfinite(surface.value(points)).all() and np.isfinite(surface.gradient(points)).all()
    if not defined:
        raise SpecError("start", points.tolist(), f"a point at which {surface.title} and its slope are numbers")
    return points
