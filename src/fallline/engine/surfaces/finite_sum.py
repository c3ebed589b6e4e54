"""Losses over rows: the mean over a table's rows of how wrong a linear model is, with its exact slope and curvature."""

# ruff: noqa: ARG005 - all rules of a kind have one signature
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fallline.engine.surfaces.functions import Real, _sigmoid, _softplus

Array: TypeAlias = NDArray[np.float64]
LossName = Literal["squared", "huber", "logistic"]
WIDTH = 256
"""Members that meet a row together."""


@dataclass(frozen=True, eq=False)
class RowLoss:
    """What one row costs, as a function of what the model says of it.

    Attributes:
        name: its key in `ROW_LOSSES`.
        title: as a person reads it.
        value: ``(z, y, c) → loss`` with z = xᵀw, the label y, and c, which only some use.
        slope: its derivative along z.
        bend: its second derivative along z.
        tex: the loss of one row.
        source: author and year.
    """

    name: LossName
    title: str
    value: Callable[[Real, Real, Real], Real]
    slope: Callable[[Real, Real, Real], Real]
    bend: Callable[[Real, Real, Real], Real]
    tex: str
    source: tuple[str, int]


def _huber_slope(z: Real, y: Real, c: Real) -> Real:
    return np.minimum(np.maximum(z - y, -c), c)


def _huber_value(z: Real, y: Real, c: Real) -> Real:
    """r²/2 up to |r| = c, then c·(|r| − c/2): both are s·(r − s/2) with s the slope."""
    return _huber_slope(z, y, c) * (z - y - 0.5 * _huber_slope(z, y, c))


ROW_LOSSES: dict[str, RowLoss] = {
    loss.name: loss
    for loss in (
        RowLoss(
            "squared",
            "Squared error",
            lambda z, y, c: 0.5 * (z - y) * (z - y),
            lambda z, y, c: z - y,
            lambda z, y, c: 1.0 + 0.0 * z,
            r"\tfrac{1}{2}\left(x_i^\top w - y_i\right)^2",
            ("Legendre", 1805),
        ),
        RowLoss(
            "huber",
            "Huber loss",
            _huber_value,
            _huber_slope,
            lambda z, y, c: 1.0 * (np.abs(z - y) < c),
            r"H_\delta\left(x_i^\top w - y_i\right)",
            ("Huber", 1964),
        ),
        RowLoss(
            "logistic",
            "Logistic loss",
            lambda z, y, c: _softplus(z) - y * z,
            lambda z, y, c: _sigmoid(z) - y,
            lambda z, y, c: _sigmoid(z) * (1.0 - _sigmoid(z)),
            r"\ln\left(1 + e^{x_i^\top w}\right) - y_i\,x_i^\top w",
            ("Cox", 1958),
        ),
    )
}


@dataclass(frozen=True, eq=False)
class FiniteSum:
    """The mean loss over rows, plus λ/2·|w|².

    Attributes:
        features: shape (N, d).
        labels: shape (N,).
        loss: of one row.
        ridge: λ ≥ 0.
        width: where Huber's loss turns from squared to straight.
    """

    features: Array
    labels: Array
    loss: LossName
    ridge: float = 0.0
    width: float = 1.0

    def value(self, *w: Real) -> Real:
        """Returns the mean loss, elementwise over points."""

        def of_points(points: Array) -> Array:
            rows = ROW_LOSSES[self.loss].value(points @ self.features.T, self.labels, self.width)
            return np.asarray(rows.mean(axis=1) + 0.5 * self.ridge * (points * points).sum(axis=1))[:, None]

        return self._over(of_points, w)[0]

    def gradient(self, *w: Real) -> tuple[Real, ...]:
        """Returns its gradient, elementwise over points."""

        def of_points(points: Array) -> Array:
            slopes = ROW_LOSSES[self.loss].slope(points @ self.features.T, self.labels, self.width)
            return np.asarray(slopes @ self.features / len(self.labels) + self.ridge * points)

        return self._over(of_points, w)

    def hessian(self, *w: Real) -> tuple[Real, ...]:
        """Returns the upper triangle of its Hessian, row by row, elementwise over points."""
        upper = np.triu_indices(self.features.shape[1])
        products = self.features[:, upper[0]] * self.features[:, upper[1]] / len(self.labels)
        diagonal = self.ridge * (upper[0] == upper[1])

        def of_points(points: Array) -> Array:
            bends = ROW_LOSSES[self.loss].bend(points @ self.features.T, self.labels, self.width)
            return np.asarray(bends @ products + diagonal)

        return self._over(of_points, w)

    def _over(self, function: Callable[[Array], Array], w: tuple[Real, ...]) -> tuple[Real, ...]:
        """A function of points, shape (n, d), over arrays of any shape: by parts, so that memory stays small."""
        parts = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in w))
        points = np.stack([part.ravel() for part in parts], axis=-1)
        size = max(1, 4_000_000 // len(self.labels))
        found = np.concatenate([function(points[low : low + size]) for low in range(0, len(points), size)])
        return tuple(found[:, j].reshape(parts[0].shape) for j in range(found.shape[1]))


def _value_loop(rule: Callable[..., Any]) -> Callable[..., Any]:
    def sum_value(w: Any, loss: Any, data: Any, work: Any, n: int, d: int) -> None:  # noqa: ARG001 - one ABI
        count = int(data[0])
        labels = 3 + count * d
        for i in range(n):
            size = 0.0
            for j in range(d):
                size += w[j * n + i] * w[j * n + i]
            loss[i] = 0.0
            for r in range(count):
                z = 0.0
                for j in range(d):
                    z += data[3 + r * d + j] * w[j * n + i]
                loss[i] += rule(z, data[labels + r], data[2])
            loss[i] = loss[i] / count + 0.5 * data[1] * size

    return sum_value


def _score(w: Any, data: Any, work: Any, r: int, low: int, b: int, n: int, d: int) -> None:  # noqa: PLR0917 - flat memory
    """Writes what row r makes of each member's weights."""
    for i in range(b):
        work[i] = 0.0
    for j in range(d):
        for i in range(b):
            work[i] += data[3 + r * d + j] * w[j * n + low + i]


def _spread(g: Any, data: Any, work: Any, r: int, low: int, b: int, n: int, d: int) -> None:  # noqa: PLR0917 - flat memory
    """Adds row r, times each member's slope along it, to the gradients."""
    for j in range(d):
        for i in range(b):
            g[j * n + low + i] += data[3 + r * d + j] * work[i]


def _gradient_loop(rule: Callable[..., Any]) -> Callable[..., Any]:
    def sum_gradient(  # noqa: PLR0917 - one ABI
        w: Any, g: Any, data: Any, work: Any, rows: Any, m: int, n: int, d: int
    ) -> None:
        count = int(data[0])
        taken, labels = (m if m > 0 else count), 3 + count * d
        for i in range(n * d):
            g[i] = 0.0
        for low in range(0, n, WIDTH):
            b = min(WIDTH, n - low)
            for place in range(taken):
                r = int(rows[place]) if m > 0 else place
                _score(w, data, work, r, low, b, n, d)
                for i in range(b):
                    work[i] = rule(work[i], data[labels + r], data[2])
                _spread(g, data, work, r, low, b, n, d)
        for i in range(n * d):
            g[i] = g[i] / taken + data[1] * w[i]

    return sum_gradient


LOOPS = {name: (_value_loop(loss.value), _gradient_loop(loss.slope)) for name, loss in ROW_LOSSES.items()}
"""Name → the loops that write the mean loss and its gradient for many members; see `Block`."""
