"""Stage ``problem``: the tell-tales of a problem's kind, measured on the problem itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.runs.bench.problem_cases import CASES
from fallline.runs.bench.short import short
from fallline.runs.sources.diabetes import diabetes_column
from fallline.runs.spec.problem import ProblemSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
LOW, HIGH, POINTS, ASKED = -2.0, 2.0, 161, 24
STAYS = 0.7
"""A jump that keeps this share of its size on a grid four times as fine is one; on a smooth curve a quarter is left."""


def problem(context: Context) -> Output:
    """Measures the case and checks the claims against it."""
    spec = context.spec
    assert isinstance(spec, ProblemSpec)  # noqa: S101 - only this kind has this stage
    case = CASES[spec.case]
    found = _measured(spec.case, spec.seed)
    left, right = min(spec.left, spec.right), max(spec.left, spec.right)
    truth = {"task": case.task, **found["truth"]}
    claims = spec.claim.to_tree()
    marks = {key: _marked(claims[key], truth[key]) for key in truth}
    said = [key for key, mark in marks.items() if mark != "unsaid"]
    part: dict[str, Any] = {
        "case": spec.case,
        "title": case.title,
        "parameter": case.parameter,
        "value": case.value,
        **found,
        "truth": truth,
        "claims": claims,
        "marks": marks,
        "said": len(said),
        "right": sum(mark == "right" for mark in marks.values()),
        "of": len(marks),
        "wrong": next((key for key in said if marks[key] == "wrong"), None),
        "chord": _chord(spec, left, right),
    }
    return Output(part)


def _marked(claim: str, truth: str | None) -> str:
    """Unsaid, right or wrong; where noise hides the truth any claim counts as right."""
    if claim == "unsaid":
        return "unsaid"
    return "right" if truth is None or claim == truth else "wrong"


@lru_cache
def _rows() -> tuple[Array, Array]:
    """Body mass index and target, both standardised."""
    x, y = diabetes_column("bmi")
    return (x - x.mean()) / x.std(), (y - y.mean()) / y.std()


def _values(name: str, places: Array, rng: np.random.Generator) -> Array:
    x, y = _rows()
    objective = CASES[name].objective
    return np.array([objective(float(theta), x, y, rng) for theta in places])


@lru_cache(maxsize=32)
def _measured(name: str, seed: int) -> dict[str, Any]:
    """The curve and its tell-tales: asked again, jumps that stay on a finer grid, chords, what is forbidden."""
    rng = generator(seed, "problem", "rows")
    places = np.linspace(LOW, HIGH, POINTS).round(6)  # 0.4 is allowed, a rounding error above it is not
    values = _values(name, places, rng)
    again = _values(name, np.zeros(ASKED), rng)
    fine = _values(name, np.linspace(LOW, HIGH, 4 * (POINTS - 1) + 1), rng)
    noisy = bool(np.ptp(again) > 0.0)
    open_ = np.isfinite(values)
    worst = _worst_chord(places[open_], values[open_])
    slopes = np.diff(values) / np.diff(places)
    truth = {
        "shape": None if noisy else "not convex" if worst["above"] > 1e-9 else "convex",
        "surface": None if noisy else _surface(values[open_], fine[np.isfinite(fine)]),
        "answers": "noisy" if noisy else "the same",
        "limits": "free" if open_.all() else "constrained",
    }
    return {
        "x": short(places),
        "y": [float(value) if np.isfinite(value) else None for value in short(values)],
        "slopes": [float(value) if np.isfinite(value) else None for value in short(slopes)],
        "asked": short(again),
        "spread": float(np.std(again)) if noisy else 0.0,
        "worst": worst,
        "edge": None if open_.all() else float(places[open_].max()),
        "truth": truth,
    }


def _surface(coarse: Array, fine: Array) -> str:
    """Tells steps, kinks and smoothness by what is left of the largest jump on a grid four times as fine."""
    if np.abs(np.diff(fine)).max() > STAYS * np.abs(np.diff(coarse)).max():
        return "steps"
    # slopes are differences over a spacing, so a jump of the slope is a second difference over it
    jumps = np.abs(np.diff(coarse, 2)).max(), 4.0 * np.abs(np.diff(fine, 2)).max()
    return "kinks" if jumps[1] > STAYS * jumps[0] else "smooth"


def _worst_chord(places: Array, values: Array) -> dict[str, float]:
    """The chord over whose middle the curve rises most; at or below 0 where no chord is crossed."""
    n = len(places)
    first, last = (each.ravel() for each in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    even = (last > first) & ((last - first) % 2 == 0)
    first, last = first[even], last[even]
    above = values[(first + last) // 2] - 0.5 * (values[first] + values[last])
    top = int(above.argmax())
    return {"above": float(above[top]), "left": float(places[first[top]]), "right": float(places[last[top]])}


def _chord(spec: ProblemSpec, left: float, right: float) -> dict[str, Any]:
    """The chord between the two places, and how far the curve rises above it at most."""
    places = np.linspace(left, right, 81)
    values = _values(spec.case, places, generator(spec.seed, "problem", "chord"))
    if left == right or not np.isfinite(values).all():
        return {"left": left, "right": right, "ends": None, "above": None, "crossed": False, "at": None}
    above = values - np.linspace(values[0], values[-1], len(values))
    top = int(above.argmax())
    crossed = bool(above[top] > 1e-9)
    return {
        "left": left,
        "right": right,
        "ends": [float(values[0]), float(values[-1])],
        "above": float(above[top]) if crossed else 0.0,
        "crossed": crossed,
        "at": float(places[top]) if crossed else None,
    }
