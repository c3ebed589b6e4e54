"""A net with one hidden layer of tanh, for regression: loss, gradient and the product with its Hessian, written out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OneHidden:
    """o = w₂·tanh(W₁x + b₁) + b₂ under the loss ½·mean (o − y)².

    Its weights are one vector: W₁ row by row, b₁, w₂, b₂.

    Attributes:
        x: rows, shape (n, p).
        y: targets, shape (n,).
        hidden: how many units.
    """

    x: Array
    y: Array
    hidden: int

    @property
    def dimension(self) -> int:
        """How many weights there are."""
        return int(self.hidden * (self.x.shape[1] + 2) + 1)

    def start(self, rng: np.random.Generator) -> Array:
        """Returns weights drawn as Glorot and Bengio (2010) have it, biases at 0."""
        p, h = self.x.shape[1], self.hidden
        first = rng.uniform(-1.0, 1.0, (h, p)) * np.sqrt(6.0 / (p + h))
        second = rng.uniform(-1.0, 1.0, h) * np.sqrt(6.0 / (h + 1))
        return np.concatenate([first.ravel(), np.zeros(h), second, np.zeros(1)])

    def loss(self, w: Array) -> float:
        """Returns the loss."""
        _, second, out = self._forward(w)
        del second
        return float(0.5 * np.mean((out - self.y) ** 2))

    def gradient(self, w: Array) -> Array:
        """Returns the slope, shape of the weights."""
        h, second, out = self._forward(w)
        error = (out - self.y) / len(self.y)
        back = np.outer(error, second) * (1.0 - h * h)
        return np.concatenate([(back.T @ self.x).ravel(), back.sum(axis=0), h.T @ error, [error.sum()]])

    def hessian_vector(self, w: Array, v: Array) -> Array:
        """Returns H·v by forward differentiation of the backward pass (Pearlmutter, 1994)."""
        h, second, out = self._forward(w)
        into, bias, over, last = self._parts(v)
        error, bend = (out - self.y) / len(self.y), 1.0 - h * h
        h_dot = bend * (self.x @ into.T + bias)
        error_dot = (h_dot @ second + h @ over + last) / len(self.y)
        reach = np.outer(error, second)
        back = (np.outer(error_dot, second) + np.outer(error, over)) * bend - 2.0 * reach * h * h_dot
        return np.concatenate(
            [(back.T @ self.x).ravel(), back.sum(axis=0), h_dot.T @ error + h.T @ error_dot, [error_dot.sum()]]
        )

    def trained(self, w: Array, rate: float, beta: float, steps: int) -> Array:
        """Returns the weights after so many steps of the heavy ball on all rows."""
        speed = np.zeros_like(w)
        for _ in range(steps):
            speed = beta * speed + self.gradient(w)
            w = w - rate * speed
        return w

    def _parts(self, w: Array) -> tuple[Array, Array, Array, float]:
        p, h = self.x.shape[1], self.hidden
        return w[: p * h].reshape(h, p), w[p * h : p * h + h], w[p * h + h : -1], float(w[-1])

    def _forward(self, w: Array) -> tuple[Array, Array, Array]:
        first, bias, second, last = self._parts(w)
        h = np.tanh(self.x @ first.T + bias)
        return h, second, h @ second + last
