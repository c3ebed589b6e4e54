"""How much the learning rate matters: the width of the range of rates that are nearly as good as the best one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

NEAR = 0.2
"""A rate is nearly as good when its loss is at most a fifth above the best rate's."""


def good_rates(rates: Sequence[float], losses: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    """Returns the ends of the range around the best rate, and how many decades it spans.

    Between two rates that were tried the loss is taken to be straight over the logarithm of the rate; beyond the rates
    tried, and towards one that broke off, nothing is claimed.

    Args:
        rates: ascending.
        losses: of each rate, one per tuning seed; None where it broke off.

    >>> good_rates([0.01, 0.1, 1.0], [[1.4], [1.0], [1.2]])
    {'low': 0.0316, 'high': 1.0, 'decades': 1.5}
    """
    means = [math.inf if None in each else math.fsum(x for x in each if x is not None) / len(each) for each in losses]
    lowest = min(means)
    if not math.isfinite(lowest):
        return {"low": None, "high": None, "decades": 0.0}
    limit, best = lowest + NEAR * abs(lowest), means.index(lowest)
    logs = [math.log10(rate) for rate in rates]
    low = _end(logs[best::-1], means[best::-1], limit)
    high = _end(logs[best:], means[best:], limit)
    return {"low": float(f"{10**low:.3g}"), "high": float(f"{10**high:.3g}"), "decades": round(high - low, 3)}


def _end(logs: Sequence[float], means: Sequence[float], limit: float) -> float:
    """Walks from the best rate outwards until the loss crosses the limit."""
    for place in range(1, len(logs)):
        before, after = means[place - 1], means[place]
        if after > limit:
            if not math.isfinite(after):
                return logs[place - 1]
            share = (limit - before) / (after - before)
            return logs[place - 1] + share * (logs[place] - logs[place - 1])
    return logs[-1]
