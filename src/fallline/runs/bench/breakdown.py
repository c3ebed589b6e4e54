"""Stage ``breakdown``: a training that breaks as its cause grows, step by step at one strength, and the end at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from fallline.core.rng import generator
from fallline.runs.bench import breakdown_cases as cases
from fallline.runs.bench.breakdown_cases import Array
from fallline.runs.spec.breakdown import BreakdownSpec
from fallline.runs.stage import Context, Output


@dataclass(frozen=True)
class Breakdown:
    """One mechanism.

    Attributes:
        title: as a person reads it.
        cause: what grows along the sweep.
        strengths: the cause, from harmless to strong.
        along: what its course is counted in.
        measure: what fails; lower is better.
        works: up to where it counts as working.
        remedy: of the literature.
        run: gives the courses.
        rules: in TeX, as it was and mended; the strength is s.
    """

    title: str
    cause: str
    strengths: tuple[float, ...]
    along: str
    measure: str
    works: float
    remedy: str
    run: Callable[..., Array]
    rules: tuple[str, str]


def _spread(low: float, high: float, count: int = 21) -> tuple[float, ...]:
    return tuple(float(f"{value:.3g}") for value in np.geomspace(low, high, count))


BATCHES = tuple(sorted({-round(size) for size in _spread(1.0, 64.0)}))

BREAKDOWNS: dict[str, Breakdown] = {
    "adam": Breakdown(
        "Adam forgets", "forgetting 1 − β₂", _spread(0.01, 0.9), "step", "distance from the best point", 0.5,
        "AMSGrad", cases.adam,
        (r"v \leftarrow (1 - s)\,v + s\,g^2, \quad w \leftarrow w - \eta\,g / \sqrt{v}",
         r"\hat v \leftarrow \max(\hat v, v), \quad w \leftarrow w - \eta\,g / \sqrt{\hat v}"),
    ),
    "penalty": Breakdown(
        "L2 in Adam", "size of the slopes", _spread(0.1, 30.0), "step", "what is left of the weight", 0.6,
        "AdamW", cases.penalty,
        (r"g = s\,\xi + \lambda w, \quad w \leftarrow w - \eta\,m / \sqrt{v}",
         r"g = s\,\xi, \quad w \leftarrow (1 - \eta\lambda)\,w - \eta\,m / \sqrt{v}"),
    ),
    "cliff": Breakdown(
        "a cliff", "uses of the weight", tuple(map(float, range(1, 20))), "step", "distance from the target", 0.05,
        "clipped gradient", cases.cliff,
        (r"w \leftarrow w - \eta\,g, \quad g = s\,w^{s-1} (w^s - \tfrac{1}{2})",
         r"w \leftarrow w - \eta\,g \cdot \min(1, 1/|g|)"),
    ),
    "half": Breakdown(
        "half precision", "size of the gradients", _spread(1e-3, 1e-9), "step", "distance from the target", 0.1,
        "loss times 4,096", cases.half,
        (r"g = \mathrm{float16}(s\,(w - 1))",
         r"g = \mathrm{float16}(4096\,s\,(w - 1)) / 4096"),
    ),
    "logarithm": Breakdown(
        "the log of zero", "size of the inputs", _spread(1.0, 24.0), "step", "loss", 4.0,
        "loss of the score", cases.logarithm,
        (r"p = 1 / (1 + e^{-s w x}), \quad -y \log p - (1 - y) \log(1 - p)",
         r"z = s w x, \quad \log(1 + e^z) - y z"),
    ),
    "dead": Breakdown(
        "dead units", "layers", tuple(map(float, range(1, 42, 2))), "layer", "share of nets that are dead", 0.1,
        "leaky units", cases.dead,
        (r"a \leftarrow \max(0, W a), \quad s \text{ times}",
         r"a \leftarrow \max(0.1\,W a, W a), \quad s \text{ times}"),
    ),
    "batch-norm": Breakdown(
        "batch norm", "rows in a batch", tuple(map(float, BATCHES)), "step", "squared error", 0.1,
        "running averages", cases.batch_norm,
        (r"u = (z - \mathrm{mean}_s) / \mathrm{spread}_s, \text{ of } s \text{ rows}",
         r"u = (z - \mathrm{mean}) / \mathrm{spread}, \text{ running averages}"),
    ),
}  # fmt: skip
"""Name → mechanism."""


def breakdown(context: Context) -> Output:
    """Reads the course at one strength of the cause, and the end at each, sick and mended."""
    spec = context.spec
    assert isinstance(spec, BreakdownSpec)  # noqa: S101 - only this kind has this stage
    case = BREAKDOWNS[spec.case]
    sick, mended = courses(spec.case, spec.seed, False), courses(spec.case, spec.seed, True)  # noqa: FBT003
    ends = {"sick": _ends(sick), "mended": _ends(mended)}
    at = round(spec.strength * (len(case.strengths) - 1))
    fine = [end is not None and end <= case.works for end in ends["sick"]]
    edge = fine.index(False) - 1 if False in fine else len(fine) - 1
    shown = [abs(value) for value in case.strengths]
    part: dict[str, Any] = {
        "case": spec.case,
        "title": case.title,
        "cause": case.cause,
        "along": case.along,
        "measure": case.measure,
        "remedy": case.remedy,
        "works": case.works,
        "mended": spec.mended,
        "lines": [
            {"of": whose, "tex": rule, "marked": whose == "mended"}
            for whose, rule in zip(("sick", "mended"), case.rules, strict=True)
            if spec.mended or whose == "sick"
        ],
        "strengths": shown,
        "ends": ends,
        "courses": {"sick": _plain(sick[:, at]), "mended": _plain(mended[:, at])},
        "edge": {"at": edge, "strength": shown[edge] if edge >= 0 else None},
        "here": {
            "at": at,
            "strength": shown[at],
            "sick": ends["sick"][at],
            "mended": ends["mended"][at],
            "fine": fine[at],
            "broke_at": _broke(sick[:, at]),
        },
    }
    return Output(part)


@lru_cache(maxsize=64)
def courses(name: str, seed: int, mended: bool) -> Array:
    """Returns the courses of a mechanism, (steps + 1, strengths); the draws are the same, sick and mended."""
    case = BREAKDOWNS[name]
    return case.run(generator(seed, "breakdown", name), np.array(case.strengths), mended=mended)


def _plain(course: Array) -> list[float | None]:
    known = course[~np.isnan(course)]
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in known]


def _ends(every: Array) -> list[float | None]:
    return [_plain(course)[-1] for course in every.T]


def _broke(course: Array) -> int | None:
    """The first step at which it is no number any more; None where it always is one."""
    bad = np.flatnonzero(np.isinf(course))
    return int(bad[0]) if bad.size else None
