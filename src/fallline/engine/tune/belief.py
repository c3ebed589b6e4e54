"""Belief: what a Gaussian process takes a loss to be over the coded points of a space.

The kernel is that of `fallline.engine.tune.gp` with a length scale for each parameter; the distance of two unordered
values is whether they differ. The most probable length scales are found anew as the trials grow by a twentieth, from
the trials that there were then: so a study taken up again goes on as it would have.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.gp import JITTER, Hyper, most_probable
from fallline.engine.tune.squash import squash

Floats = NDArray[np.float64]
Scale = Callable[[Floats], Floats]
ROOT5 = math.sqrt(5.0)
MOST_FITTED = 160
"""Points from which length scales are found."""
MOST_KNOWN = 320
"""Points that a belief rests on: the best half and the latest."""


@dataclass(frozen=True)
class Belief:
    """A Gaussian process over settled rows.

    Attributes:
        coding: of the space.
        hyper: the kernel's parameters, a length scale for each column.
        rows: what was tried, shape (n, width).
        losses: squashed, shape (n,).
        features: the rows as the kernel sees them, shape (n, features).
        whiten: inverse of the lower Cholesky factor of kernel plus noise, shape (n, n).
        alpha: (kernel + noise)⁻¹ losses, shape (n,).
    """

    coding: Coding
    hyper: Hyper
    rows: Floats
    losses: Floats
    features: Floats
    whiten: Floats
    alpha: Floats

    def posterior(self, rows: Floats) -> tuple[Floats, Floats]:
        """Returns mean and standard deviation of the squashed loss, without an evaluation's noise, at settled rows.

        Args:
            rows: shape (m, width).
        """
        cross = _kernel(self.coding.features(rows, np.array(self.hyper.lengths)), self.features, self.hyper.signal)
        known = self.whiten @ cross.T
        variance = np.maximum(self.hyper.signal - np.einsum("ij,ij->j", known, known), 1e-12)
        return cross @ self.alpha, np.sqrt(variance)

    def joint(self, rows: Floats) -> tuple[Floats, Floats]:
        """Returns mean, shape (m,), and covariance, shape (m, m), of the squashed loss at settled rows."""
        features = self.coding.features(rows, np.array(self.hyper.lengths))
        cross = _kernel(features, self.features, self.hyper.signal)
        known = self.whiten @ cross.T
        return cross @ self.alpha, _kernel(features, features, self.hyper.signal) - known.T @ known

    @property
    def noisy(self) -> bool:
        """Whether evaluations repeat themselves only roughly: noise of more than a tenth of the losses' spread."""
        return self.hyper.noise > 0.01

    def with_point(self, row: Floats) -> Belief:
        """Returns the belief after a point whose loss is the expected one (Ginsbourger et al. 2010)."""
        rows = np.vstack([self.rows, row])
        losses = np.append(self.losses, self.posterior(row[None, :])[0])
        return _conditioned(self.coding, self.hyper, rows, losses)


def believe(coding: Coding, rows: Floats, losses: Floats, scale: Scale = squash) -> Belief:
    """Returns what is believed after some trials.

    Args:
        coding: of the space.
        rows: settled rows in the order of the trials, shape (n, width), n ≥ 2.
        losses: finite, shape (n,).
        scale: what the model sees of them, a function of all of them.
    """
    hyper = _hyper_at(coding, rows, losses, scale)
    kept = _kept(losses, MOST_KNOWN)
    return _conditioned(coding, hyper, rows[kept], scale(losses)[kept])


def checkpoint(n: int) -> int:
    """Returns after how many trials the length scales were last found: every trial at first, then every twentieth part.

    >>> [checkpoint(n) for n in (7, 39, 41, 99, 100, 104)]
    [7, 39, 40, 96, 100, 100]
    """
    return n - n % max(1, n // 20)


def _hyper_at(coding: Coding, rows: Floats, losses: Floats, scale: Scale) -> Hyper:
    """Finds the most probable length scales after the trials up to the checkpoint."""
    upto = checkpoint(len(losses))
    then = losses[:upto]
    kept = _kept(then, MOST_FITTED)
    points, z = rows[:upto][kept], scale(then)[kept]
    return _found(coding.unordered.tobytes(), points.shape[1], points.tobytes(), z.tobytes())


@lru_cache(maxsize=256)
def _found(unordered: bytes, width: int, points: bytes, losses: bytes) -> Hyper:
    """Remembers what was found for the same points: between checkpoints nothing is searched twice."""
    rows, z = np.frombuffer(points).reshape(-1, width), np.frombuffer(losses)
    mask = np.frombuffer(unordered, dtype=np.bool_)
    gaps = rows.T[:, :, None] - rows.T[:, None, :]
    squares = gaps**2
    squares[mask] = gaps[mask] != 0.0
    return most_probable(squares, z, None)


def _kept(losses: Floats, most: int) -> NDArray[np.intp]:
    """Returns the places of the best half of `most` and of the latest, ascending."""
    if len(losses) <= most:
        return np.arange(len(losses))
    best = np.argsort(losses, kind="stable")[: most // 2]
    others = np.setdiff1d(np.arange(len(losses)), best)
    return np.sort(np.concatenate([best, others[-(most - len(best)) :]]))


def _conditioned(coding: Coding, hyper: Hyper, rows: Floats, losses: Floats) -> Belief:
    features = coding.features(rows, np.array(hyper.lengths))
    covariance = _kernel(features, features, hyper.signal)
    covariance.flat[:: len(covariance) + 1] += hyper.noise + JITTER * (1.0 + hyper.signal)
    from scipy.linalg.lapack import dpotrf, dpotrs, dtrtri  # 0.1 s that a look-up does not wait for

    factor = dpotrf(covariance, lower=1)[0]
    whiten, alpha = dtrtri(factor, lower=1)[0], dpotrs(factor, losses, lower=1)[0]
    return Belief(coding, hyper, rows, losses, features, whiten, alpha)


def _kernel(a: Floats, b: Floats, signal: float) -> Floats:
    """Returns Matérn 5/2 by one matrix product, shape (len(a), len(b))."""
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * (a @ b.T)
    r = ROOT5 * np.sqrt(np.maximum(squared, 0.0))
    out: Floats = signal * (1.0 + r + r**2 / 3.0) * np.exp(-r)
    return out
