"""Stage ``descent``: several optimizers on one surface from one start, each with its verdict."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fallline.engine.descent import Runner, Trace, race, stable_rate
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.surfaces import SURFACES, Surface, curvature_at
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.names import build_named
from fallline.runs.stage import Context, Output

TARGETS = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-6")
"""Heights above the minimum to which steps are counted."""
DIGITS = 7
"""Significant digits of paths and losses: below what a screen shows, and half the bytes."""


def descent(context: Context) -> Output:
    """Races the optimizers that are on."""
    spec = context.spec
    assert isinstance(spec, DescentSpec)  # noqa: S101 - only this kind has this stage
    surface = SURFACES[spec.surface]
    schedule = build_named(SCHEDULES, spec.schedule.name, dict(spec.schedule.params), "schedule", "schedule.name")
    entries = [(key, entry, _runner(key, entry, schedule)) for key, entry in spec.optimizers.items() if entry.on]
    noise = spec.noise or surface.noise
    traces = race(
        surface, [runner for _, _, runner in entries], spec.start, spec.steps, noise=noise, rng=context.rng("noise")
    )
    where = surface.minima[0].at if surface.minima else spec.start
    lowest = min((minimum.value for minimum in surface.minima), default=None)
    runs = {
        key: _run(surface, key, entry, runner, trace, lowest)
        for (key, entry, runner), trace in zip(entries, traces, strict=True)
    }
    limits = {key: _finite(stable_rate(surface, runner.optimizer, where)) for key, _, runner in entries}
    curvature = curvature_at(surface, where)
    part: dict[str, Any] = {
        "surface": surface.name,
        "title": surface.title,
        "domain": [list(side) for side in surface.domain],
        "levels": surface.levels,
        "minima": [{"at": list(minimum.at), "value": minimum.value} for minimum in surface.minima],
        "lowest": lowest,
        "start": list(spec.start),
        "eigenvalues": [float(value) for value in curvature],
        "condition": _finite(float(curvature[1] / curvature[0])) if curvature[0] > 0 else None,
        "limits": limits,
        "runs": {key: {**run, "limit": limits[key]} for key, run in runs.items()},
        **_winner(runs),
    }
    return Output(part)


def _runner(key: str, entry: RunnerSpec, schedule: Any) -> Runner:
    name = entry.optimizer or key
    optimizer = build_named(OPTIMIZERS, name, dict(entry.params), f"optimizers.{key}", f"optimizers.{key}.optimizer")
    return Runner(optimizer, entry.rate, schedule)


def _run(
    surface: Surface, key: str, entry: RunnerSpec, runner: Runner, trace: Trace, lowest: float | None
) -> dict[str, Any]:
    last = trace.points[-1]
    distances = [math.dist(last, minimum.at) for minimum in surface.minima]
    title = type(runner.optimizer).title
    return {
        "optimizer": entry.optimizer or key,
        "label": title if (entry.optimizer or key) == key else key,
        "role": entry.optimizer or key,
        "rate": entry.rate,
        "ending": trace.ending.to_dict(),
        "steps": trace.steps,
        "loss": float(trace.losses[-1]),
        "best_loss": float(trace.losses.min()),
        "distance": min(distances) if distances else None,
        "steps_to": {name: _first_below(trace, lowest, float(name)) for name in TARGETS},
        "path": _short(trace.points),
        "losses": _short(trace.losses),
    }


def _first_below(trace: Trace, lowest: float | None, height: float) -> int | None:
    """The first step whose loss is within `height` of the minimum; None if there is none."""
    if lowest is None:
        return None
    reached = np.flatnonzero(trace.losses <= lowest + height)
    return int(reached[0]) if reached.size else None


def _winner(runs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Who got lowest; among those as low, who was there first."""
    alive = {key: run for key, run in runs.items() if run["ending"]["kind"] not in {"diverged", "undefined"}}
    if not alive:
        return {"winner": None, "sentence": "Every optimizer left the map."}

    def rank(key: str) -> tuple[int, float]:
        reached = [alive[key]["steps_to"][name] for name in TARGETS]
        depth = sum(step is not None for step in reached)
        deepest = next((step for step in reversed(reached) if step is not None), None)
        return (-depth, float(deepest) if deepest is not None else alive[key]["loss"])

    winner = min(alive, key=rank)
    return {"winner": winner, "sentence": f"{runs[winner]['label']}: {runs[winner]['ending']['sentence']}"}


def _short(values: np.ndarray[Any, Any]) -> Any:
    """Rounds to a few significant digits; every value of a trace is finite."""
    size = np.where(values == 0, 1.0, np.abs(values))
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(size)))
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = np.where(np.isfinite(scale), np.round(values * scale) / scale, values)
    return np.where(np.isfinite(rounded), rounded, values).tolist()


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
