"""A Parzen density over the coded points of a space: one product kernel for each trial, and an even one as prior."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SCOTT = 0.2
"""Bandwidth of one trial in one dimension, as a share of the range; n trials in d columns take n^(−1/(d + 4)) of it."""
STAY = 0.8
"""Chance that a choice stays as it is, at first; it rises with the trials."""


@dataclass(frozen=True)
class Parzen:
    """A mixture of product kernels with equal weights.

    Attributes:
        coding: of the space.
        centres: settled rows, shape (k, width).
        active: which columns each kernel has, shape (k, width); in the others it is even, like the prior.
        width: standard deviation of the kernels of numbers and levels.
        stay: chance that a choice stays.
    """

    coding: Coding
    centres: Floats
    active: Bools
    width: float
    stay: float

    @staticmethod
    def of(coding: Coding, rows: Floats) -> Parzen:
        """Returns the density of settled rows, shape (k, width)."""
        settled, active = coding.settle(rows)
        kernels = max(len(rows), 1)
        width = max(SCOTT * kernels ** (-1.0 / (coding.width + 4)), 1e-3)
        return Parzen(coding, settled, active, width, STAY + (1.0 - STAY) * len(rows) / (len(rows) + 20.0))

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """Draws points of the unit cube, not settled, shape (count, width)."""
        out = rng.random((count, self.coding.width))
        picked = rng.integers(0, len(self.centres) + 1, count)
        from scipy.special import ndtr, ndtri  # 0.1 s that a look-up does not wait for

        for place in np.flatnonzero(picked < len(self.centres)):
            centre, own = self.centres[picked[place]], self.active[picked[place]]
            number = own & ~self.coding.unordered
            low, high = ndtr(-centre / self.width), ndtr((1.0 - centre) / self.width)
            moved = centre + self.width * ndtri(low + out[place] * (high - low))
            stays = own & self.coding.unordered & (rng.random(self.coding.width) < self.stay)
            out[place] = np.where(number, np.clip(moved, 0.0, 1.0), np.where(stays, centre, out[place]))
        return out

    def log_density(self, rows: Floats, active: Bools) -> Floats:
        """Returns the log density of settled rows over their own active columns, against the even one, shape (m,)."""
        from scipy.special import logsumexp, ndtr  # as above

        total = np.zeros((len(rows), len(self.centres) + 1))  # the last kernel is even: log 1
        for column in range(self.coding.width):
            known = active[:, [column]] & self.active[None, :, column]
            at, centre = rows[:, [column]], self.centres[None, :, column]
            if self.coding.unordered[column]:
                count = self.coding.counts[column]
                even = (1.0 - self.stay) / count
                value = np.where(at == centre, self.stay + even, even) * count
            else:
                half = 0.5 / self.coding.counts[column] if self.coding.counts[column] else 1e-4
                inside = ndtr((1.0 - centre) / self.width) - ndtr(-centre / self.width)
                mass = ndtr((at + half - centre) / self.width) - ndtr((at - half - centre) / self.width)
                value = mass / (2.0 * half * inside)
            total[:, :-1] += np.where(known, np.log(np.maximum(value, 1e-300)), 0.0)
        found: Floats = logsumexp(total, axis=1) - np.log(total.shape[1])
        return found
