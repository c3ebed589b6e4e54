"""Stage ``next-point``: a Gaussian process on one dimension chooses where to look next.

The first three points are fixed; each further one is where the acquisition function was highest, so that one more
evaluation is one more step of the same search. The kernel is given (`length`), not fitted: what is believed then
depends on nothing that the picture does not show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune import ACQUISITIONS, GaussianProcess, Hyper, fit_gp
from fallline.runs.spec.bench import NextPointSpec
from fallline.runs.stage import Context, Output

Floats = NDArray[np.float64]

GRID = np.arange(201) / 200
FIRST = (0.08, 0.45, 0.92)
"""Where everyone starts."""
MOST = 15
"""Evaluations at most, as the Spec says."""
NEAR = 0.05
"""Height above the lowest point below which it counts as found."""
RANDOM = 400
"""Random searches that the search is compared with."""
SPREAD = 0.4
"""Standard deviation of the function before anything is known; three points say too little of it."""
DIGITS = 6
"""Decimals of what is drawn."""

OBJECTIVES: dict[str, Callable[[Floats], Floats]] = {
    "two-valleys": lambda x: 0.6 - 0.8 * np.exp(-(((x - 0.22) / 0.09) ** 2)) - np.exp(-(((x - 0.74) / 0.07) ** 2)),
    "needle": lambda x: 0.5 + 0.3 * np.cos(5 * x) - 1.2 * np.exp(-(((x - 0.63) / 0.025) ** 2)),
    "noisy-slope": lambda x: 0.9 - 1.4 * x + 0.9 * x**2 + 0.12 * np.sin(14 * x),
}
"""Name → hidden function on [0, 1], to be minimised."""


def next_point(context: Context) -> Output:
    """Steps through the search up to the evaluations asked for, and says where it would look next, and why."""
    spec = context.spec
    assert isinstance(spec, NextPointSpec)  # noqa: S101 - only this kind has this stage
    noise = spec.noise * context.rng("evaluation").standard_normal(MOST)
    tried = _search(spec.objective, spec.acquisition, spec.explore, spec.noise, spec.length, tuple(noise.tolist()))
    x = np.array(tried[: spec.evaluations])
    y = OBJECTIVES[spec.objective](x) + noise[: len(x)]
    process = _believe(x, y, spec.noise, spec.length)
    mean, sd = process.posterior(GRID)
    worth = _worth(process, spec.acquisition, spec.explore, mean, sd)
    place = _highest(worth, sd)
    truth = _truth(spec.objective)
    part = {
        "objective": spec.objective,
        "evaluations": len(x),
        "grid": _short(GRID),
        "mean": _short(mean),
        "sd": _short(sd),
        "truth": _short(truth),
        "x": _short(x),
        "y": _short(y),
        "acquisition": spec.acquisition,
        "worth": _short(worth),
        "next": float(GRID[place]),
        "next_mean": float(mean[place]),
        "next_sd": float(sd[place]),
        **_found(process, x, y, mean[place], truth),
        "again": bool(np.abs(x - GRID[place]).min() < 1e-9),
        "calibrated": float(np.mean(np.abs(truth - mean) <= 2 * sd + 1e-9)),
        **_history(spec.objective, np.array(tried), noise, len(x)),
    }
    part["sentence"] = _sentence(part)
    return Output(part)


@lru_cache(maxsize=512)
def _search(
    objective: str, acquisition: str, explore: float, noise: float, length: float, drawn: tuple[float, ...]
) -> tuple[float, ...]:
    """Returns every point of the whole search; kept, for a moved slider asks for the same search again."""
    f = OBJECTIVES[objective]
    x = list(FIRST)
    while len(x) < MOST:
        tried = np.array(x)
        process = _believe(tried, f(tried) + np.array(drawn[: len(x)]), noise, length)
        mean, sd = process.posterior(GRID)
        x.append(float(GRID[_highest(_worth(process, acquisition, explore, mean, sd), sd)]))
    return tuple(x)


def _believe(x: Floats, y: Floats, noise: float, length: float) -> GaussianProcess:
    """Conditions a process whose kernel and noise are given; `fit_gp` wants both in units of the losses' spread."""
    spread = float(y.std()) or 1.0
    return fit_gp(x, y, hyper=Hyper((length,), (SPREAD / spread) ** 2, (noise / spread) ** 2))


def _worth(process: GaussianProcess, acquisition: str, explore: float, mean: Floats, sd: Floats) -> Floats:
    return ACQUISITIONS[acquisition](mean, sd, process.best, explore)


def _highest(worth: Floats, sd: Floats) -> int:
    """The place of the highest worth; among equals, as where nothing is worth anything, the least known."""
    return int(np.lexsort((np.arange(len(worth))[::-1], sd, worth))[-1])


@lru_cache(maxsize=8)
def _truth(objective: str) -> Floats:
    return OBJECTIVES[objective](GRID)


def _found(process: GaussianProcess, x: Floats, y: Floats, next_mean: float, truth: Floats) -> dict[str, Any]:
    """The best so far: the evaluated point whose mean is lowest, so that one lucky draw does not win."""
    means = process.posterior(x)[0]
    place = int(np.argmin(means))
    lowest = int(np.argmin(truth))
    value = float(np.interp(x[place], GRID, truth))
    return {
        "best": float(y[place]),
        "best_mean": float(means[place]),
        "best_at": float(x[place]),
        "lowest": float(truth[lowest]),
        "lowest_at": float(GRID[lowest]),
        "regret": max(0.0, value - float(truth[lowest])),
        "away": abs(float(x[place]) - float(GRID[lowest])),
        "mode": "exploiting" if next_mean < means[place] else "exploring",
    }


def _history(objective: str, x: Floats, noise: Floats, shown: int) -> dict[str, Any]:
    """How far above the lowest point the best so far was after each evaluation, and how random searches do.

    Args:
        objective: name of the hidden function.
        x: every point of the whole search.
        noise: of each evaluation.
        shown: evaluations made so far.
    """
    lowest = float(_truth(objective).min())
    ours = _regrets(OBJECTIVES[objective](x)[None, :], noise, lowest)[0]
    theirs = _random_regrets(objective, tuple(noise.tolist()))
    found = np.flatnonzero(ours <= NEAR)
    return {
        "regrets": _short(ours[:shown]),
        "found_at": int(found[0]) + 1 if found.size else None,
        "random": {name: _short(values[:shown]) for name, values in theirs.bands.items()},
        "random_regret": float(round(theirs.bands["median"][shown - 1], DIGITS)),
        "beats_random": _share_beaten(ours[shown - 1], theirs.every[:, shown - 1]),
    }


def _share_beaten(ours: float, theirs: Floats) -> float:
    """The share of random searches that are worse, a tie counting half."""
    return float(round(np.mean(theirs > ours) + 0.5 * np.mean(theirs == ours), DIGITS))


@dataclass(frozen=True, eq=False)
class RandomSearches:
    """Regrets of random searches.

    Attributes:
        every: shape (searches, evaluations).
        bands: their quartiles at each evaluation.
    """

    every: Floats
    bands: dict[str, Floats]


@lru_cache(maxsize=64)
def _random_regrets(objective: str, drawn: tuple[float, ...]) -> RandomSearches:
    """Searches at random from the same three points, each evaluation with the same noise as ours."""
    points = np.random.Generator(np.random.PCG64(0)).random((RANDOM, MOST))
    points[:, : len(FIRST)] = FIRST
    every = _regrets(OBJECTIVES[objective](points), np.array(drawn), float(_truth(objective).min()))
    low, median, high = np.quantile(every, (0.25, 0.5, 0.75), axis=0)
    return RandomSearches(every, {"low": low, "median": median, "high": high})


def _regrets(values: Floats, noise: Floats, lowest: float) -> Floats:
    """True height above the lowest point of whichever evaluation looked best so far; along the last axis."""
    seen = values + noise
    leader = np.zeros(values.shape, dtype=np.int64)
    for step in range(1, values.shape[1]):
        before = leader[:, step - 1]
        rows = np.arange(len(values))
        leader[:, step] = np.where(seen[:, step] < seen[rows, before], step, before)
    found: Floats = np.maximum(np.take_along_axis(values, leader, axis=1) - lowest, 0.0)
    return found


def _short(values: Floats) -> list[float]:
    return [value + 0.0 for value in np.round(values, DIGITS).tolist()]


def _sentence(part: dict[str, Any]) -> str:
    why = (
        f"there the mean is {part['next_mean']:.2f}, below the best so far"
        if part["mode"] == "exploiting"
        else f"the mean there is no better, but uncertain by ±{2 * part['next_sd']:.2f}"
    )
    return (
        f"After {part['evaluations']} evaluations the best is {part['best']:.3f} at x = {part['best_at']:.3f}, "
        f"{part['regret']:.3f} above the lowest. Next x = {part['next']:.3f}: {why}."
    ).replace("-", "−")
