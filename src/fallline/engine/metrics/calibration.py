"""Calibration: of the rows given a probability of 0.3, are three in ten positive?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from fallline.core.errors import DataError
from fallline.engine.metrics.binary import Bools, Floats, labels, probabilities
from fallline.engine.metrics.sigmoid import logit, sigmoid_fit


@dataclass(frozen=True)
class CalibrationCurve:
    """Predicted against observed frequency in bins of equal mass.

    Attributes:
        predicted: mean probability of each bin, shape (k,), ascending.
        observed: share of positives in each bin, shape (k,).
        low: lower end of each observed share's 95 % Wilson interval.
        high: its upper end.
        count: rows in each bin.
    """

    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    count: Floats

    @property
    def expected_error(self) -> float:
        """Expected calibration error: Σ (count / n) · |observed − predicted|."""
        return float(self.count @ np.abs(self.observed - self.predicted) / self.count.sum())


@dataclass(frozen=True)
class CalibrationLine:
    """The logistic recalibration of Cox (1958): logit P(y = 1) = intercept + slope · logit p.

    Attributes:
        slope: 1 when right; below 1 the probabilities are too extreme, above 1 too timid.
        intercept: 0 when right.
        in_the_large: mean label minus mean probability: 0 when the overall level is right.
    """

    slope: float
    intercept: float
    in_the_large: float


def calibration_curve(y: ArrayLike, p: ArrayLike, bins: int = 10) -> CalibrationCurve:
    """Groups rows into bins of (nearly) equal mass; rows of equal probability stay together.

    Args:
        y: labels 0 or 1, shape (n,).
        p: probabilities, shape (n,).
        bins: how many at most, ≥ 1; fewer where probabilities are tied.

    Raises:
        DataError: `bins` below 1, or labels or probabilities that are not.

    >>> curve = calibration_curve([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.3, 0.6, 0.7, 0.8], bins=2)
    >>> curve.predicted.tolist(), curve.observed.tolist()
    ([0.2, 0.7], [0.333, 0.667])
    """
    if bins < 1:
        raise DataError(f"A calibration curve of {bins} bins cannot be drawn: give 1 or more.")
    positive = labels(y)
    values = probabilities(p, positive.size)
    order = np.argsort(values, kind="stable")
    ordered, hits = values[order], positive[order]
    wanted = np.arange(min(bins, ordered.size)) * ordered.size // min(bins, ordered.size)
    starts = np.unique(np.searchsorted(ordered, ordered[wanted], side="left"))
    count = np.diff(np.r_[starts, ordered.size]).astype(np.float64)
    observed = np.add.reduceat(hits.astype(np.float64), starts) / count
    low, high = wilson(observed, count)
    return CalibrationCurve(np.add.reduceat(ordered, starts) / count, observed, low, high, count)


def expected_calibration_error(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Returns the mean distance between predicted and observed frequency over bins of equal mass (Naeini et al. 2015).

    It is above zero even for a perfect model, by chance: about √(2 p (1 − p) k / (π n)) with k bins.

    >>> expected_calibration_error([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])
    0.0
    """
    return calibration_curve(y, p, bins).expected_error


def calibration_line(y: ArrayLike, p: ArrayLike) -> CalibrationLine | None:
    """Fits Cox's recalibration line by maximum likelihood.

    Returns:
        None where no finite line exists: one class only, one probability only, or classes that a threshold separates.

    >>> calibration_line([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4]).slope > 0
    True
    >>> calibration_line([0, 1], [0.2, 0.8]) is None
    True
    """
    positive = labels(y)
    values = probabilities(p, positive.size)
    if separated(positive, values):
        return None
    slope, intercept = sigmoid_fit(logit(values), positive.astype(np.float64))
    return CalibrationLine(slope, intercept, float(positive.mean() - values.mean()))


def separated(positive: Bools, values: Floats) -> bool:
    """Says whether a threshold splits the classes (ties at it allowed), so that no finite logistic fit exists."""
    if bool(positive.all()) or not bool(positive.any()):
        return True
    yes, no = values[positive], values[~positive]
    return bool(no.max() <= yes.min() or yes.max() <= no.min())


def wilson(share: Floats, count: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Returns the score interval of a share (Wilson 1927): sensible at 0 and 1, unlike ± standard errors.

    >>> low, high = wilson(np.array([0.0]), np.array([10.0]))
    >>> low.tolist(), high.tolist()
    ([0.0], [0.2775])
    """
    z = float(ndtri(0.5 + level / 2))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    return np.clip(middle - half, 0.0, 1.0), np.clip(middle + half, 0.0, 1.0)
