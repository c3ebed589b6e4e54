"""Limits: how likely a point meets the constraints that are only known once it was evaluated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.belief import Belief, believe
from fallline.engine.tune.coding import Coding
from fallline.engine.tune.evidence import Evidence

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Limits:
    """One belief for each constraint, about how far it is exceeded, on the scale of arcsinh.

    Attributes:
        beliefs: each met where it is at most 0.
    """

    beliefs: tuple[Belief, ...]

    def log_chance(self, rows: Floats) -> Floats:
        """Returns the logarithm of the chance that all are met at settled rows, shape (m,), as if independent."""
        from scipy.special import log_ndtr  # 0.1 s that a look-up does not wait for

        total = np.zeros(len(rows))
        for belief in self.beliefs:
            mean, sd = belief.posterior(rows)
            total += log_ndtr(-mean / np.sqrt(sd**2 + belief.hyper.noise))
        return total


def limits_of(coding: Coding, seen: Evidence) -> Limits:
    """Returns what is believed of the constraints; of none, where a constraint was measured less than twice."""
    found = []
    for excess in seen.constraints.T:
        known = np.isfinite(excess)
        if known.sum() >= 2:
            found.append(believe(coding, seen.rows[known], excess[known], arcsinh))
    return Limits(tuple(found))


def arcsinh(excess: Floats) -> Floats:
    """Returns excesses on a scale that is linear around 0 and logarithmic far from it; 0 stays 0.

    >>> arcsinh(np.array([-1.0, 0.0, 2.0])).round(2).tolist()
    [-0.88, 0.0, 1.44]
    """
    unit = float(np.median(np.abs(excess))) or float(np.abs(excess).max()) or 1.0
    return np.arcsinh(excess / unit)
