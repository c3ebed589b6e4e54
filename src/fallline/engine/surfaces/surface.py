"""A surface: a function of one, two or more weights, with its slope, its curvature and its lowest points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.engine.surfaces.block import Block

Array: TypeAlias = NDArray[np.float64]

Real: TypeAlias = Any
"""A float or an array of floats: the rules of a surface are elementwise, and a descent compiles them as they are."""

Value = Callable[..., Real]
Gradient = Callable[..., tuple[Real, ...]]
Hessian = Callable[..., tuple[Real, ...]]
MOST_WEIGHTS = 1000


@dataclass(frozen=True)
class Source:
    """Where a surface comes from.

    Attributes:
        author: family name or names.
        year: of the publication.
    """

    author: str
    year: int


@dataclass(frozen=True)
class Minimum:
    """A known minimiser.

    Attributes:
        at: the point.
        value: the loss there.
    """

    at: tuple[float, ...]
    value: float


@dataclass(frozen=True)
class RateRange:
    """Rates worth offering for plain gradient descent: from too small, past the limit of stability.

    Attributes:
        low: the slider's lower end.
        high: its upper end.
        default: a rate that works from the surface's own start.
    """

    low: float
    high: float
    default: float


@dataclass(frozen=True)
class Surface:
    """A loss over d weights: one, two that one can see, or more.

    Attributes:
        name: its key in `SURFACES`, or a name for one that is made on the way.
        title: as a person reads it.
        formula: in TeX.
        source: author and year.
        domain: one ``(low, high)`` for each weight, the part worth drawing.
        start: where a descent starts unless told otherwise.
        minima: the global minimisers, then the local ones where they are few; empty when the loss has no lower bound.
        value_rule: ``(w₁, …, w_d) → f``, elementwise.
        gradient_rule: ``(w₁, …, w_d) → (∂f/∂w₁, …)``, elementwise.
        hessian_rule: ``(w₁, …, w_d) → (∂²f/∂wⱼ∂wₖ for j ≤ k, row by row)``, elementwise.
        levels: how contours are best spaced: evenly in the loss, or in the logarithm of its height above the lowest.
        rate: rates worth offering for plain gradient descent.
        noise: standard deviation of the gradient noise that belongs to this surface; 0 for all but the noisy ones.
        quadratic: whether the curvature is the same everywhere.
        expression: the formula as it is written, for a surface that is one expression.
        block: how a compiled descent evaluates it; None where it compiles the rules themselves.
        minima_are: ``known`` from the literature, or ``found`` by a search of the domain, which may have missed some.
    """

    name: str
    title: str
    formula: str
    source: Source
    domain: tuple[tuple[float, float], ...]
    start: tuple[float, ...]
    minima: tuple[Minimum, ...]
    value_rule: Value
    gradient_rule: Gradient
    hessian_rule: Hessian
    levels: Literal["linear", "log"]
    rate: RateRange
    noise: float = 0.0
    quadratic: bool = False
    expression: str = ""
    block: Block | None = None
    minima_are: Literal["known", "found"] = "known"

    @property
    def dimension(self) -> int:
        """How many weights there are."""
        return len(self.domain)

    @property
    def bounded(self) -> bool:
        """Whether the loss has a lowest value that is known."""
        return bool(self.minima)

    @property
    def bottomless(self) -> bool:
        """Whether it is known that the loss has no lowest value."""
        return not self.minima and self.minima_are == "known"

    @property
    def diagonal(self) -> float:
        """The length of the domain's diagonal: what "near" is measured against."""
        sides = [high - low for low, high in self.domain]
        return hypot(*sides) if len(sides) <= 2 else sqrt(sum(side * side for side in sides))

    def value(self, w: ArrayLike) -> Array:
        """Returns the loss.

        Args:
            w: points, shape (..., d).

        Returns:
            shape (...).
        """
        return np.asarray(self.value_rule(*_split(w)), dtype=np.float64)

    def gradient(self, w: ArrayLike) -> Array:
        """Returns the slope.

        Args:
            w: points, shape (..., d).

        Returns:
            shape (..., d).
        """
        return np.stack(np.broadcast_arrays(*self.gradient_rule(*_split(w))), axis=-1)

    def hessian(self, w: ArrayLike) -> Array:
        """Returns the matrix of second derivatives.

        Args:
            w: points, shape (..., d).

        Returns:
            shape (..., d, d), symmetric.
        """
        parts = _split(w)
        upper = np.broadcast_arrays(*self.hessian_rule(*parts), parts[0])[:-1]
        matrix = np.empty((*upper[0].shape, self.dimension, self.dimension))
        for each, (row, column) in zip(upper, zip(*np.triu_indices(self.dimension), strict=True), strict=True):
            matrix[..., row, column] = matrix[..., column, row] = each
        return matrix


def _split(w: ArrayLike) -> tuple[Array, ...]:
    points = np.asarray(w, dtype=np.float64)
    return tuple(points[..., j] for j in range(points.shape[-1]))
