"""Pareto dominance: at least as good in every objective, and better in one (Pareto 1896; Edgeworth 1881)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.engine.fronts.directions import Floats, lower_is_better


def dominates(a: ArrayLike, b: ArrayLike, directions: Sequence[str]) -> bool:
    """Says whether a is nowhere worse than b and somewhere better.

    Args:
        a: one point, shape (m,).
        b: another, shape (m,).
        directions: ``minimize`` or ``maximize`` for each objective.

    >>> dominates([0.9, 10.0], [0.8, 10.0], ["maximize", "minimize"])
    True
    """
    one, other = lower_is_better(np.array([a, b], dtype=np.float64), directions)
    return bool(np.all(one <= other) and np.any(one < other))


def non_dominated(points: ArrayLike, directions: Sequence[str]) -> NDArray[np.bool_]:
    """Marks the points that no other dominates: the Pareto front. Equal points do not dominate one another.

    Args:
        points: shape (n, m).
        directions: ``minimize`` or ``maximize`` for each objective.

    Returns:
        bool of shape (n,).

    >>> non_dominated([[1, 4], [2, 2], [3, 3], [4, 1]], ["minimize", "minimize"]).tolist()
    [True, True, False, True]
    """
    return _first_front(lower_is_better(points, directions))


def dominance_ranks(points: ArrayLike, directions: Sequence[str]) -> NDArray[np.int64]:
    """Returns each point's front: 0 for the non-dominated, 1 for those left when front 0 is taken away, and so on.

    The sorting of NSGA-II (Deb et al. 2002).

    >>> dominance_ranks([[1, 4], [2, 2], [3, 3], [4, 4]], ["minimize", "minimize"]).tolist()
    [0, 0, 1, 2]
    """
    costs = lower_is_better(points, directions)
    ranks = np.full(len(costs), -1, dtype=np.int64)
    rank = 0
    while (left := np.flatnonzero(ranks < 0)).size:
        ranks[left[_first_front(costs[left])]] = rank
        rank += 1
    return ranks


def _first_front(costs: Floats) -> NDArray[np.bool_]:
    """Marks the non-dominated rows.

    Distinct rows in lexicographic order can be dominated only by earlier ones. So the first row left is always on the
    front, and it strikes out all that it dominates (Kung, Luccio and Preparata 1975, in its simplest form).
    """
    if not costs.size:
        return np.zeros(len(costs), dtype=np.bool_)
    distinct, which = np.unique(costs, axis=0, return_inverse=True)
    if costs.shape[1] == 2:
        best = np.minimum.accumulate(distinct[:, 1])
        return np.asarray(np.r_[True, distinct[1:, 1] < best[:-1]][which.ravel()])
    front = np.zeros(len(distinct), dtype=np.bool_)
    left = np.arange(len(distinct))
    while left.size:
        front[left[0]] = True
        left = left[(distinct[left] < distinct[left[0]]).any(axis=1)]
    return np.asarray(front[which.ravel()])
