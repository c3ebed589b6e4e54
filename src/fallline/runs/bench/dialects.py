"""Stage ``dialects``: where two tools part that call an optimizer by one name, by how much, and what parts them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.descent import Runner, Trace, race
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS, Dialect, optimizers_of
from fallline.engine.surfaces import SURFACES, Surface
from fallline.runs.bench.dialect_lines import lines_of
from fallline.runs.bench.short import short
from fallline.runs.spec.dialects import DialectsSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
TOOLS: tuple[Dialect, Dialect] = ("torch", "keras")
TITLES = {"torch": "PyTorch", "keras": "Keras"}
SEEN = 0.005
"""Share of the map's diagonal that a person sees as two points."""
ROUNDING = 1e-4
"""The same share for what the rounding of a number may cause: Keras takes some of its settings as float32."""
SAME = 1e-9
"""The same share below which two paths are one, but for the last digits."""
MOST_TIMES = 1e9
"""A ratio of losses above says only that one has arrived."""
BOTH = tuple(name for name in OPTIMIZERS if name in KERAS_OPTIMIZERS)
"""Names that both tools have."""


def dialects(context: Context) -> Output:
    """Walks both paths, measures the distance between them, and changes one thing at a time to find its cause."""
    spec = context.spec
    assert isinstance(spec, DialectsSpec)  # noqa: S101 - only this kind has this stage
    surface = SURFACES[spec.surface]
    pair = tuple(runner_of(spec, tool, spec.numbers) for tool in TOOLS)
    traces = race(surface, pair, spec.start, spec.steps, noise=0.0)
    gaps = _gaps(*traces)
    unit = surface.diagonal
    parts = _parts(spec, surface)
    part: dict[str, Any] = {
        "surface": surface.name,
        "title": surface.title,
        "domain": [list(side) for side in surface.domain],
        "levels": surface.levels,
        "minima": [{"at": list(minimum.at), "value": minimum.value} for minimum in surface.minima],
        "optimizer": spec.optimizer,
        "label": OPTIMIZERS[spec.optimizer].title,
        "numbers": spec.numbers,
        "has_epsilon": "epsilon" in _names("torch", spec.optimizer),
        "start": list(spec.start),
        "steps": spec.steps,
        "runs": {tool: _run(runner, trace, surface) for tool, runner, trace in zip(TOOLS, pair, traces, strict=True)},
        "gaps": short(gaps),
        "largest": float(gaps.max()),
        "largest_at": int(gaps.argmax()),
        "last": float(gaps[-1]),
        "share": float(gaps.max() / unit),
        "seen": _first(gaps, SEEN * unit),
        "verdict": _verdict(float(gaps.max() / unit)),
        "broken": _broken(traces),
        **_further(traces),
        "parts": parts,
        "formula": parts[0],
        "main": max((each for each in parts if each["here"]), key=lambda each: each["gap"]),
        "lines": lines_of(*(runner.optimizer for runner in pair), rates=tuple(runner.rate for runner in pair)),
    }
    return Output(part)


def _names(tool: Dialect, name: str) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in optimizers_of(tool)[name].parameters)


def _settings(spec: DialectsSpec) -> dict[str, float]:
    """What both are given to compare the formulas: torch's defaults, and the Spec's ε and λ if asked for."""
    kind = OPTIMIZERS[spec.optimizer]
    found = {parameter.name: parameter.default for parameter in kind.parameters}
    asked = {"epsilon": spec.epsilon, "decay": spec.decay} if spec.numbers == "same" else {}
    return {name: asked.get(name, value) for name, value in found.items()}


def runner_of(spec: DialectsSpec, tool: Dialect, numbers: str, **changed: float) -> Runner:
    """Who walks in a tool's dialect."""
    kind = optimizers_of(tool)[spec.optimizer]
    known = _names(tool, spec.optimizer)
    given = {name: value for name, value in _settings(spec).items() if name in known} if numbers == "same" else {}
    rate = changed.pop("rate", kind.rate if numbers == "all" else spec.rate)
    return Runner(kind(**{**given, **changed}), rate)


def _gaps(one: Trace, other: Trace) -> Array:
    """The distance between the two at each step that both took."""
    common = min(len(one.points), len(other.points))
    with np.errstate(all="ignore"):  # a path that runs away is cut where it stops being a number
        gaps = np.linalg.norm(one.points[:common] - other.points[:common], axis=1)
    kept = np.isfinite(gaps)
    return np.asarray(gaps if kept.all() else gaps[: int(np.argmin(kept))])


def _first(gaps: Array, above: float) -> int | None:
    """The first step at which they are further apart than this."""
    there = np.flatnonzero(gaps > above)
    return int(there[0]) if there.size else None


def _verdict(share: float) -> str:
    """How far apart, in words that rules can ask for."""
    return "same" if share <= SAME else "rounding" if share <= ROUNDING else "apart" if share > SEEN else "close"


def _broken(traces: tuple[Trace, ...]) -> str | None:
    """Who left the map: one of the tools, both, or nobody."""
    gone = [tool for tool, trace in zip(TOOLS, traces, strict=True) if _gone(trace)]
    return None if not gone else gone[0] if len(gone) == 1 else "both"


def _gone(trace: Trace) -> bool:
    return trace.ending.kind.value in {"diverged", "undefined"}


def _further(traces: tuple[Trace, ...]) -> dict[str, Any]:
    """Who is lower at the end, and how many times; None where neither is, or one has left."""
    one, other = (float(trace.losses[-1]) for trace in traces)
    if any(map(_gone, traces)) or one == other:
        return {"lower": None, "times": None}
    high, low = max(one, other), min(one, other)
    times = high / low if low > 0 else float("inf")
    return {"lower": "torch" if one < other else "keras", "times": times if times < MOST_TIMES else None}


def _run(runner: Runner, trace: Trace, surface: Surface) -> dict[str, Any]:
    lowest = min((minimum.value for minimum in surface.minima), default=0.0)
    return {
        "rate": runner.rate,
        "settings": {p.name: float(getattr(runner.optimizer, p.name)) for p in runner.optimizer.parameters},
        "path": short(trace.points),
        "losses": short(trace.losses),
        "loss": float(trace.losses[-1]),
        "above": float(trace.losses[-1] - lowest),
        "steps": trace.steps,
        "ending": trace.ending.to_dict(),
    }


def _parts(spec: DialectsSpec, surface: Surface) -> list[dict[str, Any]]:
    """What each difference does alone: the formula under the same numbers, then every default that is not the same."""
    found = [_alone(spec, surface, "formula", "the formula", runner_of(spec, "keras", "same"))]
    kind, theirs = OPTIMIZERS[spec.optimizer], {p.name: p for p in KERAS_OPTIMIZERS[spec.optimizer].parameters}
    for parameter in kind.parameters:
        other = theirs.get(parameter.name)
        if other is None or other.default == parameter.default:
            continue
        changed = runner_of(spec, "torch", "own", **{parameter.name: other.default})
        title = f"{parameter.symbol} = {parameter.default:g} or {other.default:g}"
        found.append(_alone(spec, surface, parameter.name, title, changed, numbers="own"))
    if kind.rate != KERAS_OPTIMIZERS[spec.optimizer].rate:
        changed = runner_of(spec, "torch", "own", rate=KERAS_OPTIMIZERS[spec.optimizer].rate)
        title = f"η = {kind.rate:g} or {KERAS_OPTIMIZERS[spec.optimizer].rate:g}"
        found.append(_alone(spec, surface, "rate", title, changed, numbers="all"))
    return found


def _alone(
    spec: DialectsSpec, surface: Surface, name: str, title: str, changed: Runner, numbers: str = "same"
) -> dict[str, Any]:
    """The largest distance from torch's path when one thing is changed; ``here`` tells whether these two differ so."""
    pair = (runner_of(spec, "torch", numbers), changed)
    gap = float(_gaps(*race(surface, pair, spec.start, spec.steps, noise=0.0)).max())
    here = name == "formula" or spec.numbers == "all" or (spec.numbers == "own" and name != "rate")
    return {"name": name, "title": title, "gap": gap, "share": gap / surface.diagonal, "here": here}
