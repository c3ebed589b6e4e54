"""Stage ``failure``: mechanisms behind documented failures; each gives what is seen and what is wanted by effort.

These are models of mechanisms with invented numbers, not the systems themselves; the lab names the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.runs.spec.failure import FailureSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
LEVELS = np.linspace(0.0, 1.0, 21)
Curves = tuple[Array, Array, Array]
"""Effort in its own units, what is seen, what is wanted; one of each per level."""


def flu(rng: np.random.Generator, *, cure: bool) -> Curves:
    """Picks of ever more unrelated series the one that fits 52 weeks best; 52 further weeks tell.

    Cured, it takes no series at all but the illness of two weeks before.
    """
    tried = np.round(np.geomspace(1.0, 3_000.0, len(LEVELS)))
    weeks = np.arange(104)
    noise = np.convolve(rng.standard_normal(113), np.ones(10) / 10.0, "valid")
    ill = np.cos(2.0 * np.pi * weeks / 52.0) + 1.5 * noise
    if cure:
        years = ill[:52], ill[52:]
        seen, wanted = (np.corrcoef(year[2:], year[:-2])[0, 1] for year in years)
        return tried, np.full(len(LEVELS), seen), np.full(len(LEVELS), wanted)
    series = np.cumsum(rng.standard_normal((3_000, 104)), axis=1)
    first, second = _fits(series[:, :52], ill[:52]), _fits(series[:, 52:], ill[52:])
    signs = np.sign(first)
    best = [int(np.abs(first[: int(count)]).argmax()) for count in tried]
    return tried, np.abs(first[best]), (signs * second)[best]


def _fits(series: Array, ill: Array) -> Array:
    """The correlation of each series with the illness."""
    centred, other = series - series.mean(axis=1, keepdims=True), ill - ill.mean()
    size = np.linalg.norm(centred, axis=1) * np.linalg.norm(other)
    return np.asarray(centred @ other / size)


def boat(rng: np.random.Generator, *, cure: bool) -> Curves:
    """Races with ever more patience: four steps to a finish that pays 12, or a lagoon after two that pays 1 each step.

    A step later counts 1 − 1/patience as much. Cured, only the finish pays.
    """
    del rng
    patience = np.linspace(2.0, 40.0, len(LEVELS))
    later = 1.0 - 1.0 / patience
    finish = 12.0 * later**4
    lagoon = (0.0 if cure else 1.0) * later**2 * patience
    finished = (finish >= lagoon).astype(float)
    return patience, np.maximum(finish, lagoon) / 40.0, finished


def care(rng: np.random.Generator, *, cure: bool) -> Curves:
    """Ranks patients for extra help by predicted cost; two groups are as ill, but less is spent on one of them.

    Wanted is that this group gets its half of the places. Cured, need is predicted instead of cost.
    """
    need = rng.lognormal(0.0, 0.6, 4_000)
    poorer = np.arange(4_000) % 2 == 1
    target = need if cure else need * np.where(poorer, 0.7, 1.0)
    noise = rng.standard_normal(4_000)
    exact = np.linspace(0.05, 0.98, len(LEVELS))
    seen, share = [], []
    for r in exact:
        known = (target - target.mean()) / target.std()
        said = r * known + np.sqrt(1.0 - r * r) * noise
        seen.append(float(np.corrcoef(said, target)[0, 1]))
        share.append(float(poorer[np.argsort(-said)[:200]].mean()))
    return exact, np.array(seen), np.array(share)


@dataclass(frozen=True)
class Failure:
    """One mechanism.

    Attributes:
        title: as a person reads it.
        effort: what grows.
        seen: what the optimizer saw.
        wanted: what was wanted.
        goal: what `wanted` should reach.
        run: gives the curves.
    """

    title: str
    effort: str
    seen: str
    wanted: str
    goal: float
    run: Callable[..., Curves]


FAILURES: dict[str, Failure] = {
    "flu": Failure("the best of many series", "series tried", "fit, first year", "fit, next year", 0.8, flu),
    "boat": Failure("points for a race", "patience", "points, of 40", "race finished", 1.0, boat),
    "care": Failure("cost for need", "exactness", "fit to what is predicted", "share of places", 0.45, care),
}
"""Name → mechanism."""


def failure(context: Context) -> Output:
    """Turns the effort up and reads both numbers."""
    spec = context.spec
    assert isinstance(spec, FailureSpec)  # noqa: S101 - only this kind has this stage
    case = FAILURES[spec.case]
    efforts, seen, wanted = curves(spec.case, spec.seed, spec.cure)
    here = int(np.abs(LEVELS - spec.pressure).argmin())
    top = int(seen.argmax())
    part: dict[str, Any] = {
        "case": spec.case,
        "title": case.title,
        "cure": spec.cure,
        "effort": case.effort,
        "seen": case.seen,
        "wanted": case.wanted,
        "goal": case.goal,
        "efforts": efforts.round(4).tolist(),
        "seens": seen.round(6).tolist(),
        "wanteds": wanted.round(6).tolist(),
        "here": {"effort": float(efforts[here]), "seen": float(seen[here]), "wanted": float(wanted[here])},
        "start": {"seen": float(seen[0]), "wanted": float(wanted[0])},
        "end": {"seen": float(seen[-1]), "wanted": float(wanted[-1])},
        "most_seen": {"seen": float(seen[top]), "wanted": float(wanted[top])},
        "met": bool(wanted[here] >= case.goal),
    }
    return Output(part)


@lru_cache(maxsize=32)
def curves(name: str, seed: int, cure: bool) -> Curves:
    """Returns a mechanism's curves for a seed."""
    return FAILURES[name].run(generator(seed, "failure", name), cure=cure)
