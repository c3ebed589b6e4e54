"""Fairness of a decision: what the threshold does to each group, in rates and in money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fallline.engine.decide.payoff import PayOff
from fallline.engine.decide.profit import confusion_profit
from fallline.engine.metrics import GroupMetrics, group_metrics


@dataclass(frozen=True)
class Fairness:
    """Rates and gaps by group, with the money.

    Attributes:
        attribute: the sensitive column.
        threshold: act where p ≥ this.
        rates: rates of each group, and the two gaps with their intervals.
        profit_per_row: money per row of each group, in the order of `rates.groups`.
        sentence: which group is acted on most and least, and how sure that is.
    """

    attribute: str
    threshold: float
    rates: GroupMetrics
    profit_per_row: tuple[float, ...]
    sentence: str


def fairness(
    y: ArrayLike,
    p: ArrayLike,
    groups: ArrayLike,
    threshold: float,
    payoff: PayOff,
    rng: np.random.Generator,
    *,
    attribute: str = "group",
    resamples: int = 1000,
) -> Fairness:
    """Measures the threshold's fairness over one sensitive column.

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores, shape (n,).
        groups: each row's group, shape (n,).
        threshold: act where p ≥ threshold.
        payoff: money per outcome.
        rng: where the resamples come from.
        attribute: the column's name, for the sentence.
        resamples: how many.
    """
    rates = group_metrics(y, p, groups, threshold, rng, resamples)
    money = tuple(float(confusion_profit(group.confusion, payoff) / group.count) for group in rates.groups)
    return Fairness(attribute, threshold, rates, money, _sentence(attribute, rates))


def _sentence(attribute: str, rates: GroupMetrics) -> str:
    """Names the groups at both ends, and the gap's interval."""
    compared = [group for group in rates.groups if group.compared]
    gap = rates.demographic_parity
    if gap is None:
        return f"{attribute} has fewer than two groups of {rates.least} rows: nothing is compared."
    most = max(compared, key=lambda group: group.confusion.selection)
    least = min(compared, key=lambda group: group.confusion.selection)
    return (
        f"By {attribute}, {most.confusion.selection:.1%} of {most.name!r} and {least.confusion.selection:.1%} of "
        f"{least.name!r} are acted on: a gap of {gap.estimate:.1%} (95 % interval {gap.low:.1%} to {gap.high:.1%})."
    )
