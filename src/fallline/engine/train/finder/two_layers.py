"""Curvature of a perceptron with one hidden layer, for several sets of weights at once, in NumPy.

Hessian-vector products are exact, by differentiating the gradient along a direction (Pearlmutter, 1994); the largest
eigenvalue is Lanczos', as `fallline.engine.train.finder.curvature` has it of a module of torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LANCZOS = 10
"""Hessian-vector products; the largest eigenvalue is then known to a few per cent."""
Array = NDArray[np.float64]
Weights = tuple[Array, Array, Array, Array]
"""W₁ (S, p, h), b₁ (S, h), W₂ (S, h, c) and b₂ (S, c) of S nets."""


@dataclass(frozen=True, eq=False)
class TwoLayers:
    """S nets with tanh units, each with a batch of its own, under the cross-entropy of c classes.

    Attributes:
        weights: of each net.
        x: its batch, shape (S, B, p).
        y: the classes of it, shape (S, B).
    """

    weights: Weights
    x: Array
    y: NDArray[np.int64]

    def __post_init__(self) -> None:
        w1, b1, w2, b2 = self.weights
        hidden = np.tanh(self.x @ w1 + b1[:, None])
        z = hidden @ w2 + b2[:, None]
        share = np.exp(z - z.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        told = (share - np.eye(share.shape[-1])[self.y]) / self.x.shape[1]
        object.__setattr__(self, "_passed", (hidden, share, told, told @ w2.swapaxes(1, 2)))

    @property
    def _kept(self) -> tuple[Array, Array, Array, Array]:
        """Hidden values, probabilities, and the loss's slopes along outputs and hidden values."""
        kept: tuple[Array, Array, Array, Array] = object.__getattribute__(self, "_passed")
        return kept

    def gradient(self) -> Array:
        """Returns the gradient of each net's loss, shape (S, n)."""
        hidden, _, told, back = self._kept
        inner = back * (1.0 - hidden**2)
        return _flat((_t(self.x) @ inner, inner.sum(axis=1), _t(hidden) @ told, told.sum(axis=1)))

    def product(self, direction: Array) -> Array:
        """Returns H·v of each net.

        Args:
            direction: v, shape (S, n).
        """
        hidden, share, told, back = self._kept
        v1, c1, v2, c2 = self._parts(direction)
        bent = 1.0 - hidden**2
        along = bent * (self.x @ v1 + c1[:, None])
        z = along @ self.weights[2] + hidden @ v2 + c2[:, None]
        turned = share * (z - (share * z).sum(axis=-1, keepdims=True)) / self.x.shape[1]
        inner = (turned @ _t(self.weights[2]) + told @ _t(v2)) * bent - 2.0 * back * hidden * along
        second = _t(along) @ told + _t(hidden) @ turned
        return _flat((_t(self.x) @ inner, inner.sum(axis=1), second, turned.sum(axis=1)))

    def sharpness(self, divide: Array, rng: np.random.Generator) -> Array:
        """Returns the largest eigenvalue of P^(−1/2)·H·P^(−1/2) of each net, shape (S,).

        Args:
            divide: P, shape (S, n).
            rng: where the first direction comes from.
        """
        root = 1.0 / np.sqrt(divide)
        return _lanczos(lambda v: root * self.product(root * v), rng.standard_normal(divide.shape))

    def _parts(self, flat: Array) -> Weights:
        parts, low = [], 0
        for each in self.weights:
            size = each[0].size
            parts.append(flat[:, low : low + size].reshape(each.shape))
            low += size
        return parts[0], parts[1], parts[2], parts[3]


def _t(each: Array) -> Array:
    return each.swapaxes(1, 2)


def _flat(parts: Weights) -> Array:
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def _lanczos(product: Callable[[Array], Array], start: Array) -> Array:
    """The largest eigenvalue of each of S matrices, with full reorthogonalisation."""
    basis = [start / np.linalg.norm(start, axis=1, keepdims=True)]
    steps = min(LANCZOS, start.shape[1])
    small = np.zeros((len(start), steps, steps))
    for step in range(steps):
        image = product(basis[-1])
        small[:, step, step] = (image * basis[-1]).sum(axis=1)
        known = np.stack(basis, axis=1)
        rest = image - np.einsum("skn,sk->sn", known, np.einsum("skn,sn->sk", known, image))
        length = np.linalg.norm(rest, axis=1)
        if step < steps - 1:
            small[:, step, step + 1] = small[:, step + 1, step] = length
            basis.append(rest / np.maximum(length, 1e-300)[:, None])
    whole = np.isfinite(small).all(axis=(1, 2))
    found = np.full(len(start), np.nan)
    found[whole] = np.linalg.eigvalsh(small[whole])[:, -1]
    return found
