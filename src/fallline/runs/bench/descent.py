"""Stage ``descent``: several optimizers on one surface from one start, each with its verdict."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from fallline.engine.descent import Noise, Runner, Trace, race
from fallline.engine.surfaces import SURFACES, Surface, curvature_at, field
from fallline.engine.surfaces.surface import Array
from fallline.runs.bench.floor import noise_floor
from fallline.runs.bench.marked import marked_points, spacing
from fallline.runs.bench.plane import plane_of, sliced, start_of
from fallline.runs.bench.repeats import late_loss, repeated, standing
from fallline.runs.bench.rows import rows_surface
from fallline.runs.bench.short import short
from fallline.runs.spec.descent import DescentSpec, RunnerSpec
from fallline.runs.spec.loss import check_start, noise_name, noise_of, surface_of
from fallline.runs.spec.names import build_optimizer, pace_of
from fallline.runs.stage import Context, Output

COMPILING = "the loops are compiled, which takes some seconds, the first time on a machine"
CURVE, GRID = 241, 81
"""Points of a curve over one weight, and to a side of the heights over two."""
THINNED = 101
"""Points kept of a path over more than two weights."""
TARGETS = ("1e-1", "1e-2", "1e-3", "1e-4", "1e-6")
"""Heights above the minimum to which steps are counted."""


def descent(context: Context) -> Output:
    """Races the optimizers that are on."""
    spec = context.spec
    assert isinstance(spec, DescentSpec)  # noqa: S101 - only this kind has this stage
    surface = surface_of(spec) if spec.rows is None else rows_surface(context.data().table, spec.rows)
    check_start(spec, surface)
    start = start_of(spec, surface)
    entries = [(key, entry, _runner(spec, key, entry)) for key, entry in spec.optimizers.items() if entry.on]
    noise = noise_of(spec, surface)
    races = _races(context, spec, surface, [runner for _, _, runner in entries], start, noise)
    where = surface.minima[0].at if surface.minima else start
    lowest = min((minimum.value for minimum in surface.minima), default=None)
    curvature = curvature_at(surface, where)
    limits = _limits(spec, float(curvature[-1]))
    runs = {
        key: {
            **_run(surface, key, entry, runner, trace, lowest),
            **_scheduled(spec, entry, trace),
            "late_loss": late_loss(trace, spec.steps),
            "floor": noise_floor(surface, runner, noise),
            "limit": limits[key],
        }
        for (key, entry, runner), trace in zip(entries, races[0], strict=True)
    }
    part: dict[str, Any] = {
        **_map(surface),
        "lowest": lowest,
        "bottomless": surface.bottomless,
        "minima_are": surface.minima_are,
        "start": list(start),
        "noise": noise if isinstance(noise, float) else _told(noise),
        "eigenvalues": [float(value) for value in curvature],
        "condition": _finite(float(curvature[-1] / curvature[0])) if curvature[0] > 0 else None,
        "limits": limits,
        "runs": runs,
        **_winner(runs),
        **_repeats(spec, races, [key for key, _, _ in entries]),
    }
    part |= _sliced(spec, surface, dict(zip(runs, races[0], strict=True)))
    return Output(part)


def _limits(spec: DescentSpec, sharpest: float) -> dict[str, float | None]:
    """The largest stable rate of each, running or not, at the largest curvature."""
    return {
        key: _finite(build_optimizer(key, entry).largest_stable_rate(sharpest))
        for key, entry in spec.optimizers.items()
    }


def _sliced(spec: DescentSpec, surface: Surface, traces: dict[str, Trace]) -> dict[str, Any]:
    """The plane in which many weights are drawn, where the Spec asks for one."""
    if spec.slice is None or surface.dimension <= 2:
        return {}
    made = sliced(surface, plane_of(surface, spec.slice), traces)
    return {"slice": made, "levels": spacing(surface, np.array(made["heights"], dtype=np.float64))}


def _map(surface: Surface) -> dict[str, Any]:
    """What a picture of the surface needs."""
    return {
        "surface": surface.name,
        "title": surface.title,
        "domain": [list(side) for side in surface.domain],
        "levels": surface.levels,
        "minima": [{"at": list(minimum.at), "value": minimum.value} for minimum in surface.minima],
        "critical": marked_points(surface),
        **_drawn(surface),
    }


def _drawn(surface: Surface) -> dict[str, Any]:
    """What a page does not hold by name: the formula, its heights on a grid, or the curve over one weight."""
    if surface.dimension == 1:
        ((low, high),) = surface.domain
        x = np.linspace(low, high, CURVE)
        with np.errstate(all="ignore"):
            heights = surface.value(x[:, None])
        return {"formula": surface.formula, "curve": _finite_all(short(heights))}
    if surface.dimension == 2 and surface.name not in SURFACES:
        heights = field(surface, GRID, GRID).ravel()
        drawn = _finite_all(short(heights))
        return {"formula": surface.formula, "heights": drawn, "levels": spacing(surface, heights)}
    return {} if surface.dimension == 2 else {"formula": surface.formula}


def _finite_all(values: list[float]) -> list[float | None]:
    return [_finite(value) for value in values]


def _told(noise: Noise) -> dict[str, Any]:
    """A kind of noise with its settings, as plain data."""
    return {"kind": noise_name(noise), **asdict(noise)}


def _races(
    context: Context,
    spec: DescentSpec,
    surface: Surface,
    runners: list[Runner],
    start: tuple[float, ...],
    noise: Noise | float,
) -> list[tuple[Trace, ...]]:
    """The race, and again with other noise as often as asked; without noise once more would be the same."""
    from fallline.engine.optim.compiled import telling  # Numba, 0.3 to 1 s: only who descends waits for it

    again = range(1, spec.repeats if isinstance(noise, Noise) or noise > 0 else 1)
    streams = [context.rng("noise"), *(context.rng("noise", number) for number in again)]
    with telling(lambda: context.progress(0, len(runners), COMPILING)):
        return [race(surface, runners, start, spec.steps, noise=noise, rng=rng) for rng in streams]


def _repeats(spec: DescentSpec, races: list[tuple[Trace, ...]], keys: list[str]) -> dict[str, Any]:
    if spec.repeats == 1:
        return {"repeats": 1}
    found = repeated(races, keys, spec.steps)
    return {"repeats": len(races), "repeated": found, **standing(races, keys, spec.steps)}


def _runner(spec: DescentSpec, key: str, entry: RunnerSpec) -> Runner:
    return Runner(build_optimizer(key, entry), entry.rate, pace_of(spec, key))


def _run(
    surface: Surface, key: str, entry: RunnerSpec, runner: Runner, trace: Trace, lowest: float | None
) -> dict[str, Any]:
    last = trace.points[-1]
    distances = [math.dist(last, minimum.at) for minimum in surface.minima]
    return {
        "optimizer": entry.optimizer or key,
        "label": _label(key, entry, runner),
        "role": entry.schedule.name if entry.schedule else entry.optimizer or key,
        "rate": entry.rate,
        "ending": trace.ending.to_dict(),
        "steps": trace.steps,
        "loss": float(trace.losses[-1]),
        "best_loss": float(trace.losses.min()),
        "distance": min(distances) if distances else None,
        "steps_to": {name: _first_below(trace, lowest, float(name)) for name in TARGETS},
        **_path(surface, trace),
        "losses": short(trace.losses),
        **({"slopes": _finite_all(short(_slopes(surface, trace)))} if surface.dimension == 1 else {}),
    }


def _slopes(surface: Surface, trace: Trace) -> Array:
    """The slope at every step, over one weight: that of the tangent."""
    with np.errstate(all="ignore"):
        return surface.gradient(trace.points)[:, 0]


def _path(surface: Surface, trace: Trace) -> dict[str, Any]:
    """Every point where a map or curve is drawn; of many weights some points, and the distance at every step."""
    if surface.dimension <= 2:
        return {"path": short(trace.points)}
    goals = np.array([minimum.at for minimum in surface.minima] or [trace.points[0]])
    away = np.linalg.norm(trace.points[:, None] - goals, axis=-1).min(axis=1)
    kept = np.unique(np.linspace(0, trace.steps, min(trace.steps + 1, THINNED)).round().astype(int))
    return {"path": short(trace.points[kept]), "path_steps": kept.tolist(), "distances": short(away)}


def _label(key: str, entry: RunnerSpec, runner: Runner) -> str:
    if entry.schedule is not None:
        return type(runner.schedule).title  # type: ignore[union-attr]  # a schedule's own, not a plan's
    if (entry.optimizer or key) != key:
        return key
    return f"{runner.optimizer.title}, Keras" if entry.dialect == "keras" else runner.optimizer.title


def _scheduled(spec: DescentSpec, entry: RunnerSpec, trace: Trace) -> dict[str, Any]:
    """The rate of each step, where the Spec says anything of a schedule."""
    plan = entry.plan or (None if entry.schedule else spec.plan)
    schedule = (entry.schedule or spec.schedule).name if plan is None else plan.rate.name
    if entry.schedule is None and schedule == "constant":
        return {}
    return {"schedule": schedule, "rates": short(trace.rates), "last_rate": float(trace.rates[-1])}


def _first_below(trace: Trace, lowest: float | None, height: float) -> int | None:
    """The first step whose loss is within `height` of the minimum; None if there is none."""
    if lowest is None:
        return None
    reached = np.flatnonzero(trace.losses <= lowest + height)
    return int(reached[0]) if reached.size else None


def _winner(runs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Who got lowest; among those as low, who was there first."""
    alive = {key: run for key, run in runs.items() if run["ending"]["kind"] not in {"diverged", "undefined"}}
    broken = next((key for key in runs if key not in alive), None)
    if not alive:
        return {"winner": None, "broken": broken, "sentence": "Every optimizer left the map."}

    def rank(key: str) -> tuple[int, float]:
        reached = [alive[key]["steps_to"][name] for name in TARGETS]
        depth = sum(step is not None for step in reached)
        deepest = next((step for step in reversed(reached) if step is not None), None)
        return (-depth, float(deepest) if deepest is not None else alive[key]["loss"])

    winner = min(alive, key=rank)
    sentence = f"{runs[winner]['label']}: {runs[winner]['ending']['sentence']}"
    return {"winner": winner, "broken": broken, "sentence": sentence}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
