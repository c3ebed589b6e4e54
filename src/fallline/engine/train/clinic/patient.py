"""A patient: rows, labels, and a model of two or three weights with its loss and slope written out, in a precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""Of float64, or of float32 where that is the matter."""


@dataclass(frozen=True)
class Model:
    """What is trained.

    Attributes:
        title: as a person reads it.
        loss: ``(w, x, y) → mean loss``.
        gradient: ``(w, x, y) → its gradient``, shape of w.
    """

    title: str
    loss: Callable[[Array, Array, Array], float]
    gradient: Callable[[Array, Array, Array], Array]


def line_loss(w: Array, x: Array, y: Array) -> float:
    """Half the mean squared error of a line."""
    error = x @ w - y
    return float(0.5 * (error @ error) / len(y))


def line_gradient(w: Array, x: Array, y: Array) -> Array:
    """Its slope."""
    return np.asarray((x @ w - y) @ x / len(y))


def product_loss(w: Array, x: Array, y: Array) -> float:
    """Half the mean squared error of a net of two linear layers with one weight each."""
    error = x[:, 0] * (w[0] * w[1]) - y
    return float(0.5 * (error @ error) / len(y))


def product_gradient(w: Array, x: Array, y: Array) -> Array:
    """Its slope: each weight is multiplied by the other one."""
    along = (x[:, 0] * (w[0] * w[1]) - y) @ x[:, 0] / len(y)
    return np.asarray(along * w[::-1])


def neuron_loss(w: Array, x: Array, y: Array) -> float:
    """Half the mean squared error of one sigmoid neuron."""
    error = 1.0 / (1.0 + np.exp(-np.clip(x @ w, -700.0, 700.0))) - y
    return float(0.5 * (error @ error) / len(y))


def neuron_gradient(w: Array, x: Array, y: Array) -> Array:
    """Its slope, which has the slope of the sigmoid as a factor."""
    p = 1.0 / (1.0 + np.exp(-np.clip(x @ w, -700.0, 700.0)))
    return np.asarray(((p - y) * p * (1.0 - p)) @ x / len(y))


def chances_loss(w: Array, x: Array, y: Array) -> float:
    """Log loss as the textbook writes it: the logarithm of one plus an exponential, which may overflow."""
    z = x @ w
    return float(np.mean(np.log(1.0 + np.exp(z)) - y * z))


def chances_gradient(w: Array, x: Array, y: Array) -> Array:
    """Its slope, with the sigmoid as a ratio of exponentials: infinity over infinity is no number."""
    z = np.exp(x @ w)
    return np.asarray((z / (1.0 + z) - y) @ x / len(y))


MODELS: dict[str, Model] = {
    "line": Model("a line by least squares", line_loss, line_gradient),
    "product": Model("two linear layers of one weight each", product_loss, product_gradient),
    "neuron": Model("one sigmoid neuron by least squares", neuron_loss, neuron_gradient),
    "chances": Model("yes or no by log loss, in float32", chances_loss, chances_gradient),
}
"""Name → model."""


@dataclass(frozen=True, eq=False)
class Patient:
    """What is to be trained.

    Attributes:
        model: its key in `MODELS`.
        features: shape (N, d).
        labels: shape (N,).
        start: shape of the weights; a treatment scales it.
        best: the lowest loss that can be reached.
        target: how far above the lowest loss the goal lies.
        steps: the budget.
        columns: names of the features.
        single: whether it computes in float32.
    """

    model: str
    features: Array
    labels: Array
    start: Array
    best: float
    target: float
    steps: int
    columns: tuple[str, ...]
    single: bool = False

    def rows(self, *, standardise: bool) -> tuple[Array, Array]:
        """Returns features and labels in its precision; standardised, every column has mean 0 and deviation 1.

        A column that does not vary, the ones of an intercept, stays as it is.
        """
        x, kind = self.features, np.float32 if self.single else np.float64
        if standardise:
            spread = x.std(axis=0)
            moving = spread > 0.0
            x = np.where(moving, (x - x.mean(axis=0)) / np.where(moving, spread, 1.0), x)
        return x.astype(kind), self.labels.astype(kind)
