"""The confusion of a threshold, and the rates that are read off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from fallline.engine.metrics.binary import labels, scores
from fallline.engine.metrics.weighted import plain, ratio, row_weights


@dataclass(frozen=True)
class Confusion:
    """Counts of the four outcomes; floats, or arrays of shape (b,) under b resamples.

    A rate whose divisor is zero, such as the precision of a model that never acts, is NaN.

    Attributes:
        tp: positives acted on.
        fp: negatives acted on.
        fn: positives left alone.
        tn: negatives left alone.
    """

    tp: Any
    fp: Any
    fn: Any
    tn: Any

    @property
    def rows(self) -> Any:
        """All four together."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def accuracy(self) -> Any:
        """Share of rows decided rightly."""
        return ratio(self.tp + self.tn, self.rows)

    @property
    def precision(self) -> Any:
        """Share of the rows acted on that are positive."""
        return ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> Any:
        """Share of the positives acted on: the true positive rate."""
        return ratio(self.tp, self.tp + self.fn)

    @property
    def fall_out(self) -> Any:
        """Share of the negatives acted on: the false positive rate."""
        return ratio(self.fp, self.fp + self.tn)

    @property
    def selection(self) -> Any:
        """Share of all rows acted on."""
        return ratio(self.tp + self.fp, self.rows)

    @property
    def base_rate(self) -> Any:
        """Share of all rows that are positive."""
        return ratio(self.tp + self.fn, self.rows)

    @property
    def f1(self) -> Any:
        """Harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn)."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def confusion(y: ArrayLike, p: ArrayLike, threshold: float = 0.5, *, weights: ArrayLike | None = None) -> Confusion:
    """Counts outcomes when one acts on every score at or above the threshold.

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores, shape (n,).
        threshold: act where p ≥ threshold.
        weights: row weights, shape (n,) or (b, n).

    >>> confusion([0, 0, 1, 1], [0.2, 0.7, 0.5, 0.1], 0.5)
    Confusion(tp=1.0, fp=1.0, fn=1.0, tn=1.0)
    """
    positive = labels(y)
    mass = row_weights(weights, positive.size)
    act = scores(p, positive.size) >= threshold
    cells = (positive & act, ~positive & act, positive & ~act, ~positive & ~act)
    return Confusion(*(plain(mass @ cell.astype(float)) for cell in cells))


def accuracy(y: ArrayLike, p: ArrayLike, threshold: float = 0.5, *, weights: ArrayLike | None = None) -> Any:
    """Returns the share of rows decided rightly at the threshold: a float, or shape (b,).

    >>> accuracy([0, 1, 1], [0.2, 0.9, 0.4])
    0.6667
    """
    return confusion(y, p, threshold, weights=weights).accuracy


def f1(y: ArrayLike, p: ArrayLike, threshold: float = 0.5, *, weights: ArrayLike | None = None) -> Any:
    """Returns the harmonic mean of precision and recall at the threshold: a float, or shape (b,).

    >>> f1([0, 1, 1], [0.2, 0.9, 0.4])
    0.6667
    """
    return confusion(y, p, threshold, weights=weights).f1
