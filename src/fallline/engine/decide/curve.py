"""The profit curve: profit at every threshold that makes a difference, from one sort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import SpecError
from fallline.engine.decide.payoff import PayOff
from fallline.engine.metrics import Confusion, confusion

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ProfitCurve:
    """Profit for each number of rows that a threshold can act on, from none to all.

    Attributes:
        threshold: descending, shape (k + 1,): just above the highest score (act on none), then each distinct score.
        profit: money over all rows, shape (k + 1,).
        tp: positives acted on, shape (k + 1,).
        fp: negatives acted on, shape (k + 1,).
        payoff: the pay-offs.
    """

    threshold: Floats
    profit: Floats
    tp: Floats
    fp: Floats
    payoff: PayOff

    @property
    def acted(self) -> Floats:
        """Rows acted on, shape (k + 1,), strictly ascending from 0."""
        return self.tp + self.fp

    def index(self, threshold: float) -> int:
        """Returns the place on the curve that a threshold amounts to, in a binary search."""
        scores = self.threshold[:0:-1]  # the distinct scores, ascending
        return int(scores.size - np.searchsorted(scores, threshold, side="left"))

    def best(self, capacity: int | None = None) -> int:
        """Returns the place of the highest profit; among equals, the one that acts on the fewest.

        Args:
            capacity: act on this many at most.

        Raises:
            SpecError: a negative capacity.
        """
        if capacity is None:
            return int(np.argmax(self.profit))
        if capacity < 0:
            raise SpecError("capacity", capacity, "a number of customers, 0 or more")
        allowed = int(np.searchsorted(self.acted, capacity, side="right"))
        return int(np.argmax(self.profit[:allowed]))

    def cut(self, place: int) -> float:
        """Returns a threshold for this place that rounding cannot upset: halfway down to the next lower score.

        Acting on none gives the place's own threshold, acting on all half of the lowest score.
        """
        if place == 0:
            return float(self.threshold[0])
        lower = float(self.threshold[place + 1]) if place + 1 < self.threshold.size else 0.0
        own = float(self.threshold[place])
        middle = lower + (own - lower) / 2
        return middle if middle > lower or lower == 0.0 else own

    def counts(self, place: int) -> Confusion:
        """Returns the confusion at this place."""
        tp, fp = float(self.tp[place]), float(self.fp[place])
        return Confusion(tp, fp, float(self.tp[-1]) - tp, float(self.fp[-1]) - fp)


def profit_curve(y: ArrayLike, p: ArrayLike, payoff: PayOff) -> ProfitCurve:
    """Sorts once and adds up.

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores, shape (n,).
        payoff: money per outcome.

    >>> curve = profit_curve([1, 0, 1, 0], [0.9, 0.6, 0.6, 0.1], PayOff(tp=80, fp=-20))
    >>> curve.acted.tolist(), curve.profit.tolist(), float(curve.threshold[curve.best()])
    ([0.0, 1.0, 3.0, 4.0], [0.0, 80.0, 140.0, 120.0], 0.6)
    """
    everyone = confusion(y, p, -np.inf)  # refuses what is not labels and scores
    scores = np.asarray(p, dtype=np.float64)
    order = np.argsort(scores)[::-1]
    ordered, positive = scores[order], np.asarray(y)[order] == 1
    ends = np.flatnonzero(np.r_[ordered[1:] < ordered[:-1], True])
    tp = np.r_[0.0, np.cumsum(positive)[ends]]
    fp = np.r_[0.0, ends + 1.0] - tp
    alone = everyone.tp * payoff.fn + everyone.fp * payoff.tn
    threshold = np.r_[np.nextafter(ordered[0], np.inf), ordered[ends]]
    return ProfitCurve(threshold, alone + tp * payoff.gain - fp * payoff.cost, tp, fp, payoff)
