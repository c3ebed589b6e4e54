"""Platt scaling: a slope and an intercept that turn logits into calibrated probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from fallline.core.errors import DataError
from fallline.engine.metrics.binary import Floats, labels, scores
from fallline.engine.metrics.sigmoid import sigmoid_fit


@dataclass(frozen=True)
class Platt:
    """Calibrated probability = σ(a · logit + b).

    Attributes:
        a: slope; 1 leaves the logits' scale as it is.
        b: intercept.
    """

    a: float
    b: float

    def probabilities(self, logits: ArrayLike) -> Floats:
        """Returns calibrated probabilities, shape (n,).

        >>> Platt(1.0, 0.0).probabilities([0.0]).tolist()
        [0.5]
        """
        out: Floats = expit(self.a * np.asarray(logits, dtype=np.float64) + self.b)
        return out


def platt(logits: ArrayLike, y: ArrayLike) -> Platt:
    """Fits Platt's scaling on rows that the model was not trained on.

    Labels are smoothed to (n₊ + 1) / (n₊ + 2) and 1 / (n₋ + 2) as in Platt (1999), so that the fit is finite even where
    the logits separate the classes; the solver is Newton's (Lin, Lin and Weng 2007).

    Args:
        logits: out-of-fold scores, shape (n,).
        y: labels 0 or 1, shape (n,).

    Returns:
        The fit; where all logits are equal, slope 1 and the intercept that gives the (smoothed) base rate.

    Raises:
        DataError: only one class is there.

    >>> fit = platt([-2.0, -1.0, 1.0, 2.0] * 50, [0, 1, 0, 1] * 50)
    >>> 0.0 < fit.a < 1.0
    True
    """
    positive = labels(y)
    z = scores(logits, positive.size)
    yes = int(positive.sum())
    no = positive.size - yes
    if yes == 0 or no == 0:
        raise DataError("Every label is the same: calibration needs rows of both classes.")
    target = np.where(positive, (yes + 1) / (yes + 2), 1 / (no + 2))
    if z.max() == z.min():
        rate = float(target.mean())
        return Platt(1.0, float(np.log(rate / (1 - rate)) - z[0]))
    return Platt(*sigmoid_fit(z, target))
