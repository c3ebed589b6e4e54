"""Performance profiles (Dolan and Moré, 2002): how often a solver is within a factor of the fastest one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FURTHEST = 4.0
"""The factor up to which a profile is read and scored, as AlgoPerf does (Dahl and others, 2023, section 4.4)."""


@dataclass(frozen=True)
class Profile:
    """One solver's profile.

    Attributes:
        factors: where it rises: τ ≥ 1, in order, the first 1 and the last `FURTHEST`.
        shares: share of the problems solved within that factor of the fastest solver; as many, never falling.
        score: area under it from 1 to `FURTHEST`, over the whole area: 1 when it is the fastest everywhere.
    """

    factors: tuple[float, ...]
    shares: tuple[float, ...]
    score: float


def performance_profiles(costs: Mapping[str, Sequence[float | None]], furthest: float = FURTHEST) -> dict[str, Profile]:
    """Returns each solver's profile.

    A problem that nobody solves counts against everybody: it stays in the denominator, as in the paper.

    Args:
        costs: solver → what each problem cost it (steps, seconds), above 0; None where it was not solved. All solvers
            have the same problems in the same order.
        furthest: τ at which the profile ends.

    >>> found = performance_profiles({"a": [10, 40, None], "b": [20, 20, 5]})
    >>> found["a"].factors, found["a"].shares
    ((1.0, 2.0, 4.0), (0.3333333333333333, 0.6666666666666666, 0.6666666666666666))
    >>> round(found["b"].score, 3)
    0.889
    """
    table = np.array([[np.inf if cost is None else cost for cost in row] for row in costs.values()], dtype=np.float64)
    if table.size == 0:
        return {name: Profile((1.0, furthest), (0.0, 0.0), 0.0) for name in costs}
    fastest = table.min(axis=0)
    ratios = np.where(np.isfinite(table), table / np.where(np.isfinite(fastest), fastest, 1.0), np.inf)
    return {name: _profile(row, furthest) for name, row in zip(costs, ratios, strict=True)}


def _profile(ratios: np.ndarray[tuple[int], np.dtype[np.float64]], furthest: float) -> Profile:
    factors = np.unique(np.concatenate(([1.0, furthest], ratios[ratios <= furthest])))
    shares = (ratios[None, :] <= factors[:, None]).mean(axis=1)
    area = float(np.sum(np.diff(factors) * shares[:-1]) / (furthest - 1.0))
    return Profile(tuple(factors.tolist()), tuple(shares.tolist()), area)
