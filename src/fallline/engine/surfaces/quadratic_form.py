"""Bowls of any size, conditioning and rotation: ½·wᵀAw, one compiled loop for all."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.surfaces.block import Block
from fallline.engine.surfaces.functions import Real
from fallline.engine.surfaces.surface import MOST_WEIGHTS, Array, Minimum, RateRange, Source, Surface


@dataclass(frozen=True, eq=False)
class QuadraticForm:
    """The loss ½·wᵀAw.

    Attributes:
        matrix: A, symmetric and positive definite, shape (d, d).
    """

    matrix: Array

    def value(self, *w: Real) -> Real:
        """Returns the loss, elementwise."""
        slopes = self.gradient(*w)
        return 0.5 * sum(each * slope for each, slope in zip(w, slopes, strict=True))

    def gradient(self, *w: Real) -> tuple[Real, ...]:
        """Returns A·w, elementwise."""
        stacked = np.stack(np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in w)))
        return tuple(np.tensordot(self.matrix, stacked, axes=1))

    def hessian(self, *w: Real) -> tuple[Real, ...]:
        """Returns the upper triangle of A, row by row."""
        zero = 0.0 * sum(np.asarray(each) for each in w)
        return tuple(self.matrix[j, k] + zero for j, k in zip(*np.triu_indices(len(self.matrix)), strict=True))


def form_value(w: Any, loss: Any, data: Any, work: Any, n: int, d: int) -> None:  # noqa: ARG001 - one ABI
    """Writes ½·wᵀAw of n points."""
    for i in range(n):
        loss[i] = 0.0
    for j in range(d):
        for k in range(d):
            a = 0.5 * data[j * d + k]
            if a != 0.0:
                for i in range(n):
                    loss[i] += a * w[j * n + i] * w[k * n + i]


def form_gradient(w: Any, g: Any, data: Any, _work: Any, _rows: Any, _m: int, n: int, d: int) -> None:
    """Writes A·w of n points; it has no rows."""
    for j in range(d):
        for i in range(n):
            g[j * n + i] = data[j * d] * w[i]
        for k in range(1, d):
            for i in range(n):
                g[j * n + i] += data[j * d + k] * w[k * n + i]


def bowl(dimension: int = 2, condition: float = 10.0, rotation: float = 0.0) -> Surface:
    """Returns ½·wᵀAw with eigenvalues spaced evenly in their logarithm from 1 to the condition number.

    Args:
        dimension: how many weights, 1 to 1000.
        condition: λmax / λmin, 1 to 1e12.
        rotation: by how many degrees each pair of neighbouring axes is turned.

    Raises:
        SpecError: a number outside its range.

    >>> tilted = bowl(2, condition=100.0, rotation=30.0)
    >>> np.linalg.eigvalsh(tilted.hessian(tilted.start)).round(9)
    array([  1., 100.])
    """
    if not 1 <= dimension <= MOST_WEIGHTS:
        raise SpecError("dimension", dimension, f"a number of weights from 1 to {MOST_WEIGHTS:,}")
    if not 1.0 <= condition <= 1e12:
        raise SpecError("condition", condition, "a number from 1 to 1e12")
    if not -360.0 <= rotation <= 360.0:
        raise SpecError("rotation", rotation, "an angle in degrees from -360 to 360")
    spectrum = np.geomspace(1.0, condition, dimension) if dimension > 1 else np.array([condition])
    form = QuadraticForm(_turned(spectrum, rotation))
    limit = 2.0 / condition
    low, high, default = (float(f"{share * limit:.3g}") for share in (1e-3, 1.5, 0.5))
    named = f"{dimension} weights, " if dimension != 2 else ""
    return Surface(
        name="bowl",
        title=f"Bowl ({named}condition number {condition:g}{f', turned by {rotation:g}°' if rotation else ''})",
        formula=r"f(w) = \tfrac{1}{2}\,w^\top A\,w",
        source=Source("Gelfand and Tsetlin", 1961),
        domain=((-3.0, 3.0),) * dimension,
        start=tuple(-2.4 if j % 2 == 0 else 1.6 for j in range(dimension)),
        minima=(Minimum((0.0,) * dimension, 0.0),),
        value_rule=form.value,
        gradient_rule=form.gradient,
        hessian_rule=form.hessian,
        levels="log" if condition > 2.0 else "linear",
        rate=RateRange(low, high, default),
        quadratic=True,
        block=Block(form_value, form_gradient, form.matrix.ravel().copy(), 1),
    )


def _turned(spectrum: Array, rotation: float) -> Array:
    """The matrix with this spectrum whose axes are turned pair by pair."""
    turn = np.eye(len(spectrum))
    c, s = cos(radians(rotation)), sin(radians(rotation))
    for j in range(len(spectrum) - 1 if rotation else 0):
        turn[:, [j, j + 1]] = turn[:, [j, j + 1]] @ np.array([[c, -s], [s, c]])
    matrix = (turn * spectrum) @ turn.T
    return np.asarray(0.5 * (matrix + matrix.T))
