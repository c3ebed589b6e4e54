"""Bayesian optimization with a Gaussian process (Močkus 1975; Jones, Schonlau and Welch 1998; Snoek et al. 2012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.core.choice import lookup
from fallline.engine.tune.acquisition import ACQUISITIONS
from fallline.engine.tune.belief import Belief, believe
from fallline.engine.tune.coding import Coding
from fallline.engine.tune.evidence import evidence
from fallline.engine.tune.limits import Limits, limits_of
from fallline.engine.tune.samplers.acquire import best_rows
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.samplers.scalarize import one_loss
from fallline.engine.tune.samplers.spread import known, row_of, spread_point
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial

Floats = NDArray[np.float64]
THOMPSON = "thompson"
ANCHORS = 5
FEASIBLE = np.log(0.5)
"""A point counts as feasible where that is more likely than not."""


@dataclass(frozen=True)
class GaussianProcessSampler(Sampler):
    """Takes the point that is most worth evaluating by what a Gaussian process believes.

    The points of one batch are chosen one after another, each taken for evaluated with the loss expected there.

    Attributes:
        acquisition: a name in `ACQUISITIONS`, or ``thompson``: the lowest point of one function drawn from the belief
            (Thompson 1933).
        explore: its margin, or number of standard deviations, in units of the squashed loss.
        startup: spread trials first; None for dimensions + 2, from 5 to 10.

    Raises:
        SpecError: an unknown acquisition function.
    """

    acquisition: str = "log-ei"
    explore: float = 0.0
    startup: int | None = None

    def __post_init__(self) -> None:
        lookup(self.acquisition, {**ACQUISITIONS, THOMPSON: None}, "acquisition")

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together."""
        coding = Coding(space)
        if not coding.width:
            return [space.sample(rng) for _ in range(n)]
        seen = evidence(coding, trials)
        if len(seen) < self.first(coding) or seen.complete.sum() < 2:
            return [coding.params(row) for row in spread_rows(coding, np.vstack([seen.rows, seen.running]), rng, n)]
        belief, limits = believe(coding, seen.rows, one_loss(seen.losses, rng)), limits_of(coding, seen)
        for row in seen.running:
            belief = belief.with_point(row)
        rows: list[Floats] = []
        for _ in range(n):
            rows.append(self.next_row(belief, limits, rng))
            belief = belief.with_point(rows[-1]) if len(rows) < n else belief
        return [coding.params(row) for row in rows]

    def first(self, coding: Coding) -> int:
        """Returns how many spread trials come first."""
        return min(max(coding.width + 2, 5), 10) if self.startup is None else self.startup

    def next_row(self, belief: Belief, limits: Limits, rng: np.random.Generator) -> Floats:
        """Returns the settled row that is most worth evaluating; one that was tried only where losses are noisy."""
        mean, _ = belief.posterior(belief.rows)
        likely = limits.log_chance(belief.rows)
        anchors = belief.rows[np.argsort(mean - likely, kind="stable")[:ANCHORS]]
        best = lowest(belief, mean, likely)
        if self.acquisition == THOMPSON:
            rows = drawn_lowest(belief, anchors, rng)
        elif best is None:  # nothing feasible yet: look for what is
            rows = best_rows(belief.coding, limits.log_chance, anchors, rng)
        else:
            rows = best_rows(belief.coding, lambda r: self.worth(belief, limits, best, r), anchors, rng)
        fresh = np.flatnonzero(~known(rows, belief.rows)) if not belief.noisy else np.arange(len(rows))
        return row_of(rows, int(fresh[0])) if len(fresh) else row_of(belief.coding.drawn(1, rng), 0)

    def worth(self, belief: Belief, limits: Limits, best: float, rows: Floats) -> Floats:
        """Returns the acquisition function at settled rows, times the chance of meeting the constraints.

        The product is a sum for log EI, and for the bound, which may be negative (Gardner et al. 2014; Gelbart, Snoek
        and Adams 2014). What was tried is worth nothing, unless losses are noisy.
        """
        worth = ACQUISITIONS[self.acquisition](*belief.posterior(rows), best, self.explore)
        if limits.beliefs:
            chance = limits.log_chance(rows)
            worth = worth * np.exp(chance) if self.acquisition in {"ei", "pi"} else worth + chance
        return worth if belief.noisy else np.where(known(rows, belief.rows), -np.inf, worth)


def lowest(belief: Belief, mean: Floats, likely: Floats) -> float | None:
    """Returns the best so far: the lowest loss, or with noise the lowest mean, where the constraints are likely met."""
    met = likely > FEASIBLE
    if not met.any():
        return None
    return float((mean if belief.noisy else belief.losses)[met].min())


def spread_rows(coding: Coding, rows: Floats, rng: np.random.Generator, n: int) -> list[Floats]:
    """Returns n spread rows beside those there are."""
    found: list[Floats] = []
    for _ in range(n):
        found.append(spread_point(coding, np.vstack([rows, *found]) if found else rows, rng))
    return found


def drawn_lowest(belief: Belief, anchors: Floats, rng: np.random.Generator) -> Floats:
    """Draws one function from the belief at candidate points; returns them, the lowest first."""
    pool = best_rows(belief.coding, lambda rows: -belief.posterior(rows)[0], anchors, rng)
    rows = np.vstack([pool, belief.coding.drawn(300, rng)])
    mean, covariance = belief.joint(rows)
    covariance.flat[:: len(covariance) + 1] += 1e-8
    from scipy.linalg import cholesky  # 0.1 s that a look-up does not wait for

    drawn = mean + cholesky(covariance, lower=True) @ rng.standard_normal(len(rows))
    ordered: Floats = rows[np.argsort(drawn, kind="stable")]
    return ordered
