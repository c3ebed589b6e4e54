"""Acquisition functions: what evaluating a point is worth, given mean and standard deviation there. Higher is better.

All are for losses, so improvement is below the best so far. `explore` has the unit of its function: a margin ξ in units
of the loss for the improvements, a number κ of standard deviations for the confidence bound.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


class Acquisition(Protocol):
    """A function of what is believed at some points and of the best so far."""

    def __call__(self, mean: Floats, sd: Floats, best: float, explore: float) -> Floats:
        """Returns the worth of each point, shape (m,)."""
        ...


def expected_improvement(mean: Floats, sd: Floats, best: float, explore: float = 0.0) -> Floats:
    """Returns E[max(best − ξ − f, 0)] = σ (z Φ(z) + φ(z)) with z = (best − ξ − μ) / σ (Jones, Schonlau and Welch 1998).

    >>> expected_improvement(np.array([0.0]), np.array([1.0]), 0.0).tolist()
    [0.3989]
    """
    better, z = _standard(mean, sd, best - explore)
    density = np.exp(-0.5 * z**2 - HALF_LOG_2PI)
    from scipy.special import ndtr  # 0.1 s that a look-up does not wait for: it loads this room for its names

    return np.where(sd > 0, sd * (z * ndtr(z) + density), np.maximum(better, 0.0))


def log_expected_improvement(mean: Floats, sd: Floats, best: float, explore: float = 0.0) -> Floats:
    """Returns log EI, finite where EI itself is 0 in floating point (Ament et al. 2023, equation 9).

    >>> log_expected_improvement(np.array([100.0]), np.array([1.0]), 0.0).tolist()
    [-5010.1]
    """
    better, z = _standard(mean, sd, best - explore)
    with np.errstate(divide="ignore"):
        certain = np.log(np.maximum(better, 0.0))
        return np.where(sd > 0, log_h(z) + np.log(np.where(sd > 0, sd, 1.0)), certain)


def probability_of_improvement(mean: Floats, sd: Floats, best: float, explore: float = 0.0) -> Floats:
    """Returns P(f < best − ξ) = Φ(z) (Kushner 1964): greedy without a margin, for a tiny sure gain is as good as any.

    >>> probability_of_improvement(np.array([0.0]), np.array([1.0]), 0.0).tolist()
    [0.5]
    """
    better, z = _standard(mean, sd, best - explore)
    from scipy.special import ndtr  # as above

    return np.where(sd > 0, ndtr(z), (better > 0).astype(np.float64))


def lower_confidence_bound(mean: Floats, sd: Floats, best: float, explore: float = 2.0) -> Floats:
    """Returns −(μ − κ σ): the hopeful guess, with its sign turned (Cox and John 1992; Srinivas et al. 2010).

    >>> lower_confidence_bound(np.array([1.0]), np.array([0.5]), 0.0, 2.0).tolist()
    [0.0]
    """
    del best
    worth: Floats = explore * sd - mean
    return worth


ACQUISITIONS: dict[str, Acquisition] = {
    "ei": expected_improvement,
    "log-ei": log_expected_improvement,
    "pi": probability_of_improvement,
    "lcb": lower_confidence_bound,
}
"""Every acquisition function, by name."""


def log_h(z: Floats) -> Floats:
    """Returns log(φ(z) + z Φ(z)) without cancellation, in three pieces (Ament et al. 2023, appendix A)."""
    z = np.asarray(z, dtype=np.float64)
    near, far = np.maximum(z, -1.0), np.minimum(z, -1.0)
    from scipy.special import erfcx, log1p, ndtr  # as above

    direct: Floats = np.log(np.exp(-0.5 * near**2 - HALF_LOG_2PI) + near * ndtr(near))
    # φ(z) + zΦ(z) = φ(z) (1 − |z| √(π/2) erfcx(|z|/√2)); in the far tail the bracket is 1/z² − 3/z⁴.
    with np.errstate(divide="ignore", invalid="ignore"):
        bracket = log1p(-np.abs(far) * math.sqrt(math.pi / 2) * erfcx(np.abs(far) / math.sqrt(2)))
    tail = -2 * np.log(np.abs(far)) + log1p(-3 / far**2 * (far < -1e3))
    below = -0.5 * far**2 - HALF_LOG_2PI + np.where(far < -1e3, tail, bracket)
    out: Floats = np.where(z > -1.0, direct, below)
    return out


def _standard(mean: Floats, sd: Floats, target: float) -> tuple[Floats, Floats]:
    """Returns target − mean, and that in standard deviations (0 where there is none)."""
    better = target - np.asarray(mean, dtype=np.float64)
    return better, np.divide(better, sd, out=np.zeros_like(better), where=np.asarray(sd) > 0)
