"""Break-even: how far the base rate or a price may move before the model is no longer worth using."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import SpecError
from fallline.engine.decide.payoff import PayOff
from fallline.engine.decide.profit import confusion_profit
from fallline.engine.metrics import Confusion

Outcome = Literal["tp", "fp", "fn", "tn"]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BreakEven:
    """Money of three policies against one assumption; each is a straight line in it.

    Attributes:
        at: the values of the assumption, shape (k,).
        model: acting by the model's threshold, shape (k,).
        always: acting on everyone, shape (k,).
        never: acting on no one, shape (k,).
        against_never: where the model and acting on no one are worth the same; None where they never are.
        against_always: where the model and acting on everyone are worth the same; None where they never are.
    """

    at: Floats
    model: Floats
    always: Floats
    never: Floats
    against_never: float | None
    against_always: float | None


def break_even_prevalence(counts: Confusion, payoff: PayOff, at: ArrayLike | None = None) -> BreakEven:
    """Returns money per row against the base rate, the model's true and false positive rates staying as they are.

    Args:
        counts: the confusion at the threshold; both classes present.
        payoff: money per outcome.
        at: base rates from 0 to 1; 101 of them by default.

    Raises:
        SpecError: a class is missing, so a rate is unknown.

    >>> found = break_even_prevalence(Confusion(80.0, 90.0, 20.0, 810.0), PayOff(tp=80, fp=-20))
    >>> found.against_never
    0.0303
    """
    recall, fall_out = counts.recall, counts.fall_out
    if not np.isfinite([recall, fall_out]).all():
        raise SpecError("counts", counts, "a confusion with rows of both classes")
    rates = np.linspace(0.0, 1.0, 101) if at is None else np.asarray(at, dtype=np.float64)

    def policy(hit: float, alarm: float) -> tuple[float, float]:
        positive = hit * payoff.tp + (1 - hit) * payoff.fn
        negative = alarm * payoff.fp + (1 - alarm) * payoff.tn
        return negative, positive - negative

    return _lines(rates, policy(recall, fall_out), policy(1.0, 1.0), policy(0.0, 0.0), bounds=(0.0, 1.0))


def break_even_value(counts: Confusion, payoff: PayOff, outcome: Outcome, at: ArrayLike) -> BreakEven:
    """Returns money over all rows against the worth of one outcome, the other three staying as they are.

    Args:
        counts: the confusion at the threshold.
        payoff: money per outcome.
        outcome: which of the four to vary.
        at: the amounts to try.

    >>> found = break_even_value(Confusion(80.0, 90.0, 20.0, 810.0), PayOff(tp=80, fp=-20), "fp", [-100.0, 0.0])
    >>> found.against_never, found.model.tolist()
    (-71.11, [-2600.0, 6400.0])
    """
    amounts = np.asarray(at, dtype=np.float64)
    positives, negatives = counts.tp + counts.fn, counts.fp + counts.tn
    everyone, no_one = Confusion(positives, negatives, 0.0, 0.0), Confusion(0.0, 0.0, positives, negatives)
    without = replace(payoff, **{outcome: 0.0})

    def policy(of: Confusion) -> tuple[float, float]:
        return confusion_profit(of, without), getattr(of, outcome)

    return _lines(amounts, policy(counts), policy(everyone), policy(no_one), bounds=(-np.inf, np.inf))


def _lines(
    at: Floats,
    model: tuple[float, float],
    always: tuple[float, float],
    never: tuple[float, float],
    bounds: tuple[float, float],
) -> BreakEven:
    """Draws the three lines (level, slope) and finds where the first crosses the others."""
    by_model, on_all, on_none = (level + slope * at for level, slope in (model, always, never))
    return BreakEven(at, by_model, on_all, on_none, _crossing(model, never, bounds), _crossing(model, always, bounds))


def _crossing(a: tuple[float, float], b: tuple[float, float], bounds: tuple[float, float]) -> float | None:
    """Returns where two lines meet within bounds; None for parallel lines."""
    if a[1] == b[1]:
        return None
    x = (b[0] - a[0]) / (a[1] - b[1])
    return float(x) if bounds[0] <= x <= bounds[1] else None
