"""The threshold to use: Elkan's, moved to the best one seen only where the rows say so clearly.

The best threshold on a few thousand rows is partly luck. On calibrated scores the profit that it gains over Elkan's
threshold exceeds the standard error of that gain about two times in three, and moving there loses money on new rows.
So the gain is first cleared of what choosing alone brings (the optimism of Efron 1983): in each resample the threshold
is chosen anew, and what it gains there beyond what it gains on the rows themselves is the optimism. Then the move is
made about one time in ten on calibrated scores, and still nearly always on scores that are badly off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import SpecError
from fallline.engine.decide.curve import ProfitCurve, profit_curve
from fallline.engine.decide.elkan import NEVER, RuleKind, elkan
from fallline.engine.decide.payoff import PayOff
from fallline.engine.metrics import resample_counts

RESAMPLED_CELLS = 400_000_000
"""Most row draws in all: beyond it fewer resamples are made, so that a million rows still take seconds."""


@dataclass(frozen=True)
class ThresholdChoice:
    """The threshold, and the numbers that decided it.

    Attributes:
        threshold: act where p ≥ this.
        elkan: Elkan's threshold.
        empirical: the threshold of the highest out-of-fold profit.
        moved: whether `threshold` is the empirical one.
        profit: out-of-fold profit at `threshold`.
        gain: out-of-fold profit at the empirical threshold minus that at Elkan's.
        optimism: the part of it that choosing among thresholds brings by itself.
        error: standard error of the gain.
        sentence: the choice and its reason.
    """

    threshold: float
    elkan: float
    empirical: float
    moved: bool
    profit: float
    gain: float
    optimism: float
    error: float
    sentence: str


def choose_threshold(
    y: ArrayLike, p: ArrayLike, payoff: PayOff, rng: np.random.Generator, resamples: int = 500
) -> ThresholdChoice:
    """Chooses between Elkan's threshold and the empirical optimum.

    Args:
        y: labels 0 or 1, shape (n,).
        p: calibrated out-of-fold probabilities, shape (n,).
        payoff: money per outcome.
        rng: where the resamples come from.
        resamples: how many, ≥ 2; fewer are drawn above 800,000 rows.

    Returns:
        The empirical optimum if gain − optimism exceeds the standard error, else Elkan's threshold.

    Raises:
        SpecError: pay-offs by which one should act on the least likely, which no threshold of this kind does.

    >>> rng = np.random.default_rng(0)
    >>> p = rng.random(2000)
    >>> choice = choose_threshold(rng.random(2000) < p, p, PayOff(tp=80, fp=-20), rng)
    >>> choice.threshold, choice.moved
    (0.2, False)
    """
    rule = elkan(payoff)
    if rule.kind is RuleKind.AT_MOST:
        hint = "Swap the classes, or check the signs: a cost is negative."
        raise SpecError("payoff", payoff, "an order in which acting on a positive earns more than on a negative", hint)
    curve = profit_curve(y, p, payoff)
    here, there = curve.index(rule.threshold), curve.best()
    gain = float(curve.profit[there] - curve.profit[here])
    empirical = curve.cut(there) if there else NEVER
    optimism, error = (0.0, 0.0) if here == there else _resampled(y, p, curve, here, rng, resamples)
    moved = bool(gain - optimism > error)
    threshold = empirical if moved else rule.threshold
    value = float(curve.profit[there if moved else here])
    sentence = _sentence(rule.threshold, empirical, moved=moved, same=here == there, numbers=(gain, optimism, error))
    return ThresholdChoice(threshold, rule.threshold, empirical, moved, value, gain, optimism, error, sentence)


def _resampled(
    y: ArrayLike, p: ArrayLike, curve: ProfitCurve, here: int, rng: np.random.Generator, resamples: int
) -> tuple[float, float]:
    """Chooses the threshold anew in each resample; returns the optimism and the standard error of the gain."""
    scores = np.asarray(p, dtype=np.float64)
    order = np.argsort(scores)[::-1]
    money = np.where(np.asarray(y)[order] == 1, curve.payoff.gain, -curve.payoff.cost)
    ends = curve.acted[1:].astype(np.int64) - 1
    n = max(2, min(resamples, RESAMPLED_CELLS // scores.size))
    inside, outside = [], []
    for counts in resample_counts(scores.size, n, rng):
        profit = np.cumsum(counts * money, axis=1)[:, ends]
        profit = np.concatenate([np.zeros((len(counts), 1)), profit], axis=1)
        chosen = profit.argmax(axis=1)
        inside.append(profit[np.arange(len(counts)), chosen] - profit[:, here])
        outside.append(curve.profit[chosen] - curve.profit[here])
    gains = np.concatenate(inside)
    return float((gains - np.concatenate(outside)).mean()), float(gains.std(ddof=1))


def _sentence(ours: float, best: float, *, moved: bool, same: bool, numbers: tuple[float, float, float]) -> str:
    """Says which threshold and why, from the numbers."""
    if same:
        return f"Elkan's threshold {_shown(ours)} stays: no threshold made more on the out-of-fold rows."
    gain, optimism, error = numbers
    left = f"{_money(gain - optimism)} after the {_money(optimism)} that choosing alone brings"
    if moved:
        return (
            f"The threshold moves from Elkan's {_shown(ours)} to {_shown(best)}: it made {_money(gain)} more out of "
            f"fold, {left}, above its standard error of {_money(error)}. Check the calibration of these probabilities."
        )
    return (
        f"Elkan's threshold {_shown(ours)} stays: the best one seen, {_shown(best)}, made {_money(gain)} more out of "
        f"fold, {left}, not above its standard error of {_money(error)}."
    )


def _money(amount: float) -> str:
    """Writes an amount to the unit, and to three digits where it is small."""
    return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:.3g}"


def _shown(threshold: float) -> str:
    """Writes a threshold, and words for the two that decide everything."""
    if threshold >= NEVER:
        return "(act on none)"
    return "0 (act on all)" if threshold == 0.0 else f"{threshold:.3g}"
