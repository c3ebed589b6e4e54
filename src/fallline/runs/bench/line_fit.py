"""Stage ``line-fit``: closed form, descent, and the rate that is just right, derived and found by a sweep."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from fallline.engine.train.line import Array, LineFit
from fallline.runs.bench.short import short
from fallline.runs.sources.diabetes import COLUMNS, TARGET, diabetes_column
from fallline.runs.spec.line_fit import LineFitSpec
from fallline.runs.stage import Context, Output

ROWS = 442
WITHIN = 0.01
"""A line has arrived when its loss is this share above the lowest."""
SWEPT, MOST = 81, 2_000
"""Rates tried, and steps at each."""


def line_fit(context: Context) -> Output:
    """Fits the line."""
    spec = context.spec
    assert isinstance(spec, LineFitSpec)  # noqa: S101 - only this kind has this stage
    fit, centre, unit = _scaled(spec.column, spec.scaling)
    path = fit.walk(spec.rate, spec.steps, spec.batch, context.rng("rows"))
    losses = fit.loss(path[:, 0], path[:, 1])
    intercept, slope = float(path[-1, 0]), float(path[-1, 1])
    name, measure = COLUMNS[spec.column]
    part: dict[str, Any] = {
        "column": name,
        "unit": measure if spec.scaling != "standardised" else "standard deviations",
        "target": TARGET,
        "scaling": spec.scaling,
        "x": short(fit.x),
        "y": short(fit.y),
        "rows": ROWS,
        "batch": spec.batch,
        "full": spec.batch == ROWS,
        "rate": spec.rate,
        "path": short(path),
        "losses": short(losses),
        "steps": len(path) - 1,
        "epochs": (len(path) - 1) * spec.batch / ROWS,
        "intercept": intercept,
        "slope": slope,
        "loss": float(losses[-1]),
        "best": {"intercept": fit.best[0], "slope": fit.best[1], "loss": fit.lowest},
        "slope_share": slope / fit.best[1],
        "intercept_share": intercept / fit.best[0],
        "own": {"slope": slope / unit, "intercept": intercept - slope * centre / unit},
        **_ending(fit, losses, spec.steps),
        **_theory(fit, spec.rate),
        "sweep": _swept(spec.column, spec.scaling),
        "field": _field(spec.column, spec.scaling),
    }
    return Output(part)


def _ending(fit: LineFit, losses: Array, steps: int) -> dict[str, Any]:
    """How near it came, when, and how much it still moves."""
    arrived = np.flatnonzero(losses <= (1.0 + WITHIN) * fit.lowest)
    late = losses[-max(len(losses) // 5, 1) :]
    return {
        "excess": float(losses[-1] / fit.lowest - 1.0),
        "arrived": int(arrived[0]) if arrived.size else None,
        "wobble": float(late.max() / fit.lowest - 1.0),
        "ran_away": len(losses) - 1 < steps or float(losses[-1]) > 10.0 * float(losses[0]),
    }


def _theory(fit: LineFit, rate: float) -> dict[str, Any]:
    """What the curvatures say."""
    low, high = fit.curvature
    return {
        "eigenvalues": [low, high],
        "condition": high / low,
        "limit": fit.limit,
        "goldilocks": fit.goldilocks,
        "ratio": rate / fit.limit,
    }


@lru_cache(maxsize=16)
def _scaled(column: str, scaling: str) -> tuple[LineFit, float, float]:
    """The points as the descent sees them, and what was taken off and divided by."""
    x, y = diabetes_column(column)
    centre = 0.0 if scaling == "raw" else float(x.mean())
    unit = float(x.std()) if scaling == "standardised" else 1.0
    return LineFit((x - centre) / unit, y), centre, unit


@lru_cache(maxsize=16)
def _swept(column: str, scaling: str) -> dict[str, Any]:
    """Full descent at every rate up to past the limit: what a sweep finds, beside what theory says."""
    fit, _, _ = _scaled(column, scaling)
    rates = np.unique(np.concatenate([fit.limit * np.geomspace(0.01, 1.2, SWEPT), [fit.goldilocks]]))
    steps = fit.steps_to(rates, WITHIN, MOST)
    there = steps >= 0
    derived = int(steps[int(np.flatnonzero(rates == fit.goldilocks)[0])])
    best = int(np.flatnonzero(there)[np.argmin(steps[there])]) if there.any() else None
    return {
        "rates": short(rates),
        "steps": [int(step) if step >= 0 else None for step in steps],
        "most": MOST,
        "rate": None if best is None else float(rates[best]),
        "fewest": None if best is None else int(steps[best]),
        "derived_steps": derived if derived >= 0 else None,
        "highest": float(rates[there].max()) if there.any() else None,
    }


@lru_cache(maxsize=16)
def _field(column: str, scaling: str) -> dict[str, Any]:
    """The loss around the start and the best line, for the map."""
    fit, _, _ = _scaled(column, scaling)
    places = np.array([(0.0, 0.0), fit.best])
    low, high = places.min(axis=0), places.max(axis=0)
    wide = high - low
    # a steep walk overshoots the best slope by as much as it came
    (b0, m0), (b1, m1) = low - 0.35 * wide, high + np.array([0.35, 1.0]) * wide
    b, m = np.meshgrid(np.linspace(b0, b1, 49), np.linspace(m0, m1, 49))
    values = np.array([float(f"{value:.4g}") for value in fit.loss(b, m).ravel()])
    return {"x": [float(b0), float(b1)], "y": [float(m0), float(m1)], "side": 49, "values": values.tolist()}
