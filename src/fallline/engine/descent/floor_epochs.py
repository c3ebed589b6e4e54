"""The noise floor of batches out of shuffled epochs: a step depends on those before it, since no row comes twice.

Count e from the minimum and write u = (e, m), with the momentum m. A step on the batch B is u ← F_B·u + b_B, so that
z = (1, u, u⊗u) is multiplied by a matrix T_B, and in an epoch by the product of K of them over one shuffled order. Row
r changes T by L_r to first order and by Q_r to second. For N rows, of which each batch takes B without repeats,
sampling theory (Cochran, 1977, chapter 2) gives, with means over the rows on the right,

    E[T_B] = T₀ + (N − B)/(B·(N − 1))·E[Q],           exactly,
    E[L_i·X·L_j] = −E[L·X·L]/(N − 1),                 exactly, for two batches i ≠ j of one epoch,
    E[L_i·X·Q_j] = (2·(B − 1)/(N − 2) − 1)·E[L·X·Q]/(B·(N − 1)),
    E[L_i·X·L_j·Y·L_k] = 2·E[L·X·L·Y·L]/((N − 1)·(N − 2)).

The mean M_k of the product of k matrices follows from these by recursion over the last two or three batches that have
something in common. All terms up to the third order in the rows' deviations are there, and of the fourth those of pairs
that do not cross and of Q with Q at B = 1. Where the rows share one Hessian, the second order is all there is. The long
run solves z = M_K·z, and the floor is the mean of ½·tr(H·E[e·eᵀ]) over the steps of an epoch.

Known is the limit of small rates. With C the covariance of a batch's gradient at the minimum and K·B = N, an epoch's
gradients sum to 0, the path is a bridge, and the floor of gradient descent is η²·(K + 1)/12·tr(H·C): of second order in
the rate, where batches drawn anew give the first (Gürbüzbalaban, Ozdaglar and Parrilo, 2021; Mishchenko, Khaled and
Richtárik, 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fallline.engine.surfaces.surface import Array

MOST_WORK = 2e9
"""Multiplications beyond which nothing is said: about a second."""
SETTLED = 0.03
"""Nothing is said where the third order changes the floor by more: what is left out is then up to as much."""


@dataclass(frozen=True, eq=False)
class Epochs:
    """A quadratic over rows, met in shuffled epochs.

    Attributes:
        hessian: H, shape (d, d).
        terms: the Hessian of each row, shape (N, d, d).
        slopes: the gradient of each row at the minimum, shape (N, d).
        size: B, rows of a batch; a last batch that is smaller is left out.
        rate: η.
        taken: β, a and c of the optimizer, as in `floor`.
    """

    hessian: Array
    terms: Array
    slopes: Array
    size: int
    rate: float
    taken: tuple[float, float, float]

    @property
    def batches(self) -> int:
        """K, batches of an epoch."""
        return len(self.terms) // self.size

    def floor(self) -> float | None:
        """Returns the mean loss above the minimum in the long run; None where it grows without end, or is not known."""
        n, k = 1 + self._width + self._width**2, self.batches
        if 2.0 * n**3 * len(self.terms) * k * (0.5 * k + 4.0) > MOST_WORK:
            return None
        coarse, fine = self._settled(2), self._settled(3)
        if coarse is None or fine is None or abs(fine - coarse) > SETTLED * fine:
            return None
        return fine

    def _settled(self, order: int) -> float | None:
        """The floor with terms up to an order, 2 or 3."""
        d, width = len(self.hessian), self._width
        means = self._means(order)
        last = means[-1]
        if not np.isfinite(last).all() or np.abs(np.linalg.eigvals(last[1:, 1:])).max() >= 1.0:
            return None
        z = np.append(1.0, np.linalg.solve(np.eye(len(last) - 1) - last[1:, 1:], last[1:, 0]))
        square = np.mean([mean @ z for mean in means[:-1]], axis=0)[1 + width :].reshape(width, width)
        found = float(0.5 * np.trace(self.hessian @ square[:d, :d]))
        return found if found > 0.0 else None

    @property
    def _width(self) -> int:
        """Entries of u: without momentum, m need not be kept."""
        return len(self.hessian) * (1 + (self.taken[0] > 0.0))

    def _means(self, order: int) -> list[Array]:
        """M_0 to M_K."""
        first, second, step = self._rows
        n, count, size = len(step), len(first), self.size
        two, three = -1.0 / (count - 1), 2.0 / ((count - 1) * (count - 2)) * (order > 2)
        mixed, mean_second = (three * (size - 1) - 1.0 / (count - 1)) / size * (order > 2), second.mean(axis=0)
        means, pairs, triples = [np.eye(n)], list[Array](), dict[tuple[int, int], Array]()
        after, around = list[Array](), list[Array]()
        for k in range(1, self.batches + 1):
            last = means[-1]
            mean = step @ last
            for i in range(1, k):
                mean = mean + pairs[k - i - 1] @ means[i - 1]
                for h in range(1, i) if order > 2 else ():
                    mean = mean + triples[k - i - 1, i - h - 1] @ means[h - 1]
            shifted = last @ first
            pair = two * np.mean(first @ shifted, axis=0)
            if order > 2:
                pair += mixed * np.mean(first @ (last @ second) + second @ shifted, axis=0)
                pair += two / size**2 * np.mean((second - mean_second) @ (last @ second), axis=0)
                after.append(shifted.reshape(-1, n))
                around.append((first @ shifted).transpose(1, 0, 2).reshape(n, -1))
                for j in range(k):
                    triples[k - 1, j] = three * around[k - 1] @ after[j] / count
                    triples[j, k - 1] = three * around[j] @ after[k - 1] / count
            pairs.append(pair)
            means.append(mean)
        return means

    @cached_property
    def _rows(self) -> tuple[Array, Array, Array]:
        """L and Q of each row, and E[T]."""
        count, size, still = len(self.terms), self.size, self._step()
        off = self.terms - self.terms.mean(axis=0)
        changes = [self._change(*row) for row in zip(off, self.slopes, strict=True)]
        first = np.array([_first(still, turn, push) for turn, push in changes])
        second = np.array([_second(turn, push) for turn, push in changes])
        share = (count - size) / (size * (count - 1))
        return first, second, _lifted(still, np.zeros(self._width)) + share * second.mean(axis=0)

    def _step(self) -> Array:
        """F, of the mean Hessian."""
        beta, along, carried = self.taken
        d = len(self.hessian)
        eye = np.eye(d)
        if self._width == d:
            return np.asarray(eye - self.rate * along * self.hessian)
        return np.block(
            [[eye - self.rate * along * self.hessian, -self.rate * carried * eye], [self.hessian, beta * eye]]
        )

    def _change(self, term: Array, slope: Array) -> tuple[Array, Array]:
        """What a row changes in F, and what it adds to u."""
        d = len(self.hessian)
        into = np.array([-self.rate * self.taken[1], 1.0])[: self._width // d]
        turn = np.zeros((self._width, self._width))
        turn[:, :d] = np.kron(into[:, None], term)
        return turn, np.kron(into, slope)


def _lifted(step: Array, push: Array) -> Array:
    """The matrix by which (1, u, u⊗u) is multiplied where u ← step·u + push."""
    n = len(step)
    column = push[:, None]
    return np.block(
        [
            [np.ones((1, 1)), np.zeros((1, n)), np.zeros((1, n * n))],
            [column, step, np.zeros((n, n * n))],
            [np.kron(column, column), np.kron(step, column) + np.kron(column, step), np.kron(step, step)],
        ]
    )


def _first(step: Array, turn: Array, push: Array) -> Array:
    """What a small change of step and push changes in it, to first order."""
    n = len(step)
    column = push[:, None]
    return np.block(
        [
            [np.zeros((1, 1 + n + n * n))],
            [column, turn, np.zeros((n, n * n))],
            [
                np.zeros((n * n, 1)),
                np.kron(step, column) + np.kron(column, step),
                np.kron(step, turn) + np.kron(turn, step),
            ],
        ]
    )


def _second(turn: Array, push: Array) -> Array:
    """What it changes to second order."""
    n = len(turn)
    column = push[:, None]
    return np.block(
        [
            [np.zeros((1 + n, 1 + n + n * n))],
            [np.kron(column, column), np.kron(turn, column) + np.kron(column, turn), np.kron(turn, turn)],
        ]
    )
