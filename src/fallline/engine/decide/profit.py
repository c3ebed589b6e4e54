"""Profit: what the decisions of a threshold are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.engine.decide.payoff import PayOff
from fallline.engine.metrics import Confusion, WeightedMetric, confusion


def profit(y: ArrayLike, p: ArrayLike, threshold: float, payoff: PayOff, *, weights: ArrayLike | None = None) -> Any:
    """Adds up the pay-offs when one acts on every row with p ≥ threshold.

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores, shape (n,).
        threshold: act at or above it.
        payoff: money per outcome.
        weights: row weights, shape (n,) or (b, n).

    Returns:
        Money over all rows: a float, or shape (b,).

    >>> profit([1, 0, 1, 0], [0.9, 0.6, 0.2, 0.1], 0.5, PayOff(tp=80, fp=-20))
    60.0
    """
    return confusion_profit(confusion(y, p, threshold, weights=weights), payoff)


def confusion_profit(counts: Confusion, payoff: PayOff) -> Any:
    """Returns the money of these counts."""
    return counts.tp * payoff.tp + counts.fp * payoff.fp + counts.fn * payoff.fn + counts.tn * payoff.tn


def profit_at(threshold: float, payoff: PayOff) -> WeightedMetric:
    """Returns profit as a metric of (y, p), for `bootstrap`."""

    def metric(y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None) -> Any:
        return profit(y, p, threshold, payoff, weights=weights)

    return metric


def profit_rows(y: ArrayLike, p: ArrayLike, threshold: float, payoff: PayOff) -> NDArray[np.float64]:
    """Returns each row's money, shape (n,).

    Two models with thresholds of their own are compared on these:
    ``paired_bootstrap(total_profit, (rows_a,), (rows_b,), rng)``.
    """
    confusion(y, p, threshold)  # refuses what is not labels and scores
    act = np.asarray(p, dtype=np.float64) >= threshold
    acted, alone = np.where(y, payoff.tp, payoff.fp), np.where(y, payoff.fn, payoff.tn)
    return np.where(act, acted, alone).astype(np.float64)


def total_profit(rows: NDArray[np.float64], *, weights: NDArray[np.float64] | None = None) -> Any:
    """Adds up money by row: a float, or shape (b,) for weights of shape (b, n)."""
    return float(rows.sum()) if weights is None else weights @ rows
