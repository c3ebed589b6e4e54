"""Least squares by batches drawn with replacement, in theory: mean and spread of the weights, step by step.

With e = w − w*, rows xᵢ, residuals nᵢ = xᵢᵀw* − yᵢ and hᵢ = xᵢxᵢᵀ, one step on a batch of B rows is
e ← e − η·mean(hᵢ·e + nᵢ·xᵢ). With m = E[e] and M = E[e·eᵀ], H the mean of hᵢ and A = I − ηH,

    m ← A·m,    M ← A·M·A + (η²/B)·(E[hᵢ·M·hᵢ] − H·M·H + E[hᵢ·m·nᵢ·xᵢᵀ] + its transpose + E[nᵢ²·xᵢxᵢᵀ]),

which is linear in (m, M, 1): no small-rate limit is taken, and nothing is assumed of the rows. The expected loss above
the lowest is ½·tr(H·M). The spread stays bounded where the spectral radius of the map M → A·M·A + (η²/B)·(…) is below
1, which small batches reach at a lower rate than 2/λmax (Bach and Moulines, 2013; Ma, Bassily and Belkin, 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fallline.engine.surfaces.surface import Array

HALVINGS = 40
"""Of the interval in which the largest stable rate lies."""


@dataclass(frozen=True, eq=False)
class RowMoments:
    """Least squares over rows.

    Attributes:
        features: shape (N, d), d at most ten.
        labels: shape (N,).
    """

    features: Array
    labels: Array

    @cached_property
    def hessian(self) -> Array:
        """H, shape (d, d)."""
        return np.asarray(self.features.T @ self.features / len(self.labels))

    @cached_property
    def lowest(self) -> Array:
        """w*, shape (d,)."""
        return np.asarray(np.linalg.solve(self.hessian, self.features.T @ self.labels / len(self.labels)))

    @cached_property
    def limit(self) -> float:
        """2/λmax, the largest stable rate of all rows at once."""
        return float(2.0 / np.linalg.eigvalsh(self.hessian)[-1])

    @cached_property
    def _parts(self) -> tuple[Array, Array, Array]:
        """E[h ⊗ h] − H ⊗ H, what m adds to M, and E[n²·xxᵀ]."""
        x, d = self.features, self.features.shape[1]
        n = x @ self.lowest - self.labels
        terms = x[:, :, None] * x[:, None, :]
        fourth = np.einsum("nij,nkl->ikjl", terms, terms).reshape(d * d, d * d) / len(x)
        third = np.einsum("ni,nj,nk,n->ikj", x, x, x, n) / len(x)
        cross = (third + third.transpose(1, 0, 2)).reshape(d * d, d)
        return fourth - np.kron(self.hessian, self.hessian), cross, (terms * (n * n)[:, None, None]).mean(axis=0)

    def _size(self, size: int) -> float:
        """B, infinite where a batch takes all rows: that draws nothing."""
        return np.inf if size >= len(self.labels) else float(size)

    def _spread(self, rate: float, size: int) -> Array:
        """The map M → A·M·A + (η²/B)·(E[h·M·h] − H·M·H), shape (d², d²)."""
        a = np.eye(len(self.lowest)) - rate * self.hessian
        return np.asarray(np.kron(a, a) + rate**2 / self._size(size) * self._parts[0])

    def map(self, rate: float, size: int) -> Array:
        """Returns what one step does to (m, M, 1), shape (d + d² + 1,) twice."""
        d = len(self.lowest)
        share = rate**2 / self._size(size)
        step = np.zeros((d + d * d + 1,) * 2)
        step[:d, :d] = np.eye(d) - rate * self.hessian
        step[d:-1, :d] = share * self._parts[1]
        step[d:-1, d:-1] = self._spread(rate, size)
        step[d:-1, -1] = share * self._parts[2].ravel()
        step[-1, -1] = 1.0
        return step

    def excess(self, rate: float | Array, size: int, steps: NDArray[np.int64]) -> Array:
        """Returns the expected loss above the lowest at some steps of a walk from 0.

        Args:
            rate: η, or several of them, shape (K,).
            size: rows to a batch; N takes each once.
            steps: rising, shape (S,).

        Returns:
            shape (S,), or (K, S) for several rates.
        """
        rates = np.atleast_1d(np.asarray(rate, dtype=np.float64))
        step = np.stack([self.map(float(each), size) for each in rates])
        start = np.concatenate([-self.lowest, np.outer(self.lowest, self.lowest).ravel(), [1.0]])
        state, before, powers = np.repeat(start[None, :, None], len(rates), axis=0), 0, {}
        found = np.empty((len(rates), len(steps)))
        with np.errstate(over="ignore", invalid="ignore"):
            for place, at in enumerate(steps.tolist()):
                if at > before:
                    ahead = at - before
                    if ahead not in powers:
                        powers[ahead] = np.linalg.matrix_power(step, ahead)
                    state, before = powers[ahead] @ state, at
                found[:, place] = 0.5 * (self.hessian.ravel() @ state[:, len(self.lowest) : -1, 0].T)
        return found if np.ndim(rate) else found[0]

    def settled(self, rate: float, size: int) -> Array | None:
        """Returns E[e·eᵀ] in the long run, shape (d, d); None where it grows without end."""
        if not self._stable(rate, size):
            return None
        d = len(self.lowest)
        share = rate**2 / self._size(size)
        solved = np.linalg.solve(np.eye(d * d) - self._spread(rate, size), share * self._parts[2].ravel())
        return np.asarray(solved.reshape(d, d))

    def floor(self, rate: float, size: int) -> float | None:
        """Returns the expected loss above the lowest in the long run; None where it grows without end."""
        moments = self.settled(rate, size)
        return None if moments is None else float(0.5 * np.trace(self.hessian @ moments))

    def largest_rate(self, size: int) -> float:
        """Returns the rate below which the spread stays bounded; 2/λmax for all rows."""
        low, high = 0.0, self.limit
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._stable(middle, size) else (low, middle)
        return high

    def _stable(self, rate: float, size: int) -> bool:
        return bool(np.abs(np.linalg.eigvals(self._spread(rate, size))).max() < 1.0)
