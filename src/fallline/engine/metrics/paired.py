"""Paired comparison over seeds: is one better than the other beyond luck?

Two runs that share a seed share the start and the order of the rows, so they are compared seed by seed. The signed-rank
test (Wilcoxon, 1945) asks whether the differences lie about zero; its distribution is counted exactly, so that a dozen
seeds are enough. Many pairs at once find a difference by luck alone: Holm (1979) raises each p-value so that the chance
of a single false one stays below the level.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def signed_rank(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns the exact two-sided p-value of the signed-rank test.

    Ties between differences share their mean rank, and the sum of ranks is counted over all signs with those ranks. A
    pair without a difference is left out (Wilcoxon's own rule). A run that broke off has an infinite loss: it loses
    by more than any finite difference.

    Args:
        first: losses, one per seed; infinity where the run broke off.
        second: the other's, seed by seed.

    Returns:
        p, at most 1; 1 where no pair differs.

    >>> signed_rank([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.6, 3.7, 4.8, 5.9])
    0.0625
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    differs = a != b
    difference = a[differs] - b[differs]
    if difference.size == 0:
        return 1.0
    # doubled, mean ranks are whole numbers, so sums can be counted in a table
    ranks = np.rint(2.0 * rankdata(np.abs(difference))).astype(np.int64)
    counts = _signed_sums(ranks)
    low = min(int(ranks[difference > 0].sum()), int(ranks[difference < 0].sum()))
    return float(min(1.0, 2.0 * counts[: low + 1].sum() / counts.sum()))


def _signed_sums(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many choices of signs give each sum of the positive ranks; index = sum."""
    counts = np.zeros(int(ranks.sum()) + 1)
    counts[0] = 1.0
    for rank in ranks:
        counts[rank:] += counts[: len(counts) - rank].copy()
    return counts


def holm(values: Sequence[float]) -> list[float]:
    """Returns Holm's adjusted p-values, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    adjusted = [0.0] * len(values)
    highest = 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - place) * values[index]))
        adjusted[index] = highest
    return adjusted
