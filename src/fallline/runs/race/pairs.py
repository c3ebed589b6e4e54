"""Every pair of optimizers on one workload: who is ahead, on how many seeds, and whether that is beyond luck."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any

from fallline.engine.metrics.paired import holm, signed_rank


def pairs_of(entries: Mapping[str, dict[str, Any]], level: float) -> list[dict[str, Any]]:
    """Returns each pair, compared seed by seed by the logarithm of the lowest loss.

    Args:
        entries: optimizer → its numbers on this workload; ``best`` holds one loss per seed.
        level: chance of one false difference among all pairs.

    Returns:
        per pair ``first``, ``second``, ``ahead`` (seeds on which the first is lower), ``behind``, ``p``, ``adjusted``,
        ``apart`` and ``better``; the last is None where they cannot be told apart.
    """
    pairs = list(combinations(entries, 2))
    values = []
    for first, second in pairs:
        logs = [_log(value) for value in entries[first]["best"]], [_log(value) for value in entries[second]["best"]]
        values.append(signed_rank(*logs))
    found = []
    for (first, second), p, adjusted in zip(pairs, values, holm(values), strict=True):
        a, b = entries[first]["best"], entries[second]["best"]
        ahead = sum(_log(x) < _log(y) for x, y in zip(a, b, strict=True))
        behind = sum(_log(x) > _log(y) for x, y in zip(a, b, strict=True))
        apart = adjusted < level
        better = (first if ahead > behind else second) if apart else None
        found.append(
            {"first": first, "second": second, "ahead": ahead, "behind": behind, "p": p, "adjusted": adjusted,
             "apart": apart, "better": better}
        )  # fmt: skip
    return found


def _log(loss: float | None) -> float:
    """A run that broke off is infinitely far up; a loss of zero infinitely far down."""
    if loss is None:
        return math.inf
    return math.log(loss) if loss > 0 else -1e300
