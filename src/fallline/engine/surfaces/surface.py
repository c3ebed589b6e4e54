"""A surface: a function of two weights that one can see, with its slope, its curvature and its lowest points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]

Real: TypeAlias = Any
"""A float or an array of floats: the rules of a surface are elementwise, and a descent compiles them as they are."""

Value = Callable[[Real, Real], Real]
Gradient = Callable[[Real, Real], tuple[Real, Real]]
Hessian = Callable[[Real, Real], tuple[Real, Real, Real]]


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

    at: tuple[float, float]
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
    """A loss over two weights.

    Attributes:
        name: its key in `SURFACES`.
        title: as a person reads it.
        formula: in TeX.
        source: author and year.
        domain: ``((x0, x1), (y0, y1))``, the part worth drawing.
        start: where a descent starts unless told otherwise.
        minima: the global minimisers, then the local ones where they are few; empty when the loss has no lower bound.
        value_rule: ``(x, y) → f``, elementwise.
        gradient_rule: ``(x, y) → (∂f/∂x, ∂f/∂y)``, elementwise.
        hessian_rule: ``(x, y) → (∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y²)``, elementwise.
        levels: how contours are best spaced: evenly in the loss, or in the logarithm of its height above the lowest.
        rate: rates worth offering for plain gradient descent.
        noise: standard deviation of the gradient noise that belongs to this surface; 0 for all but the noisy ones.
        quadratic: whether the curvature is the same everywhere.
    """

    name: str
    title: str
    formula: str
    source: Source
    domain: tuple[tuple[float, float], tuple[float, float]]
    start: tuple[float, float]
    minima: tuple[Minimum, ...]
    value_rule: Value
    gradient_rule: Gradient
    hessian_rule: Hessian
    levels: Literal["linear", "log"]
    rate: RateRange
    noise: float = 0.0
    quadratic: bool = False

    @property
    def bounded(self) -> bool:
        """Whether the loss has a lowest value."""
        return bool(self.minima)

    @property
    def diagonal(self) -> float:
        """The length of the domain's diagonal: what "near" is measured against."""
        (x0, x1), (y0, y1) = self.domain
        return hypot(x1 - x0, y1 - y0)

    def value(self, w: ArrayLike) -> Array:
        """Returns the loss.

        Args:
            w: points, shape (..., 2).

        Returns:
            shape (...).
        """
        x, y = _split(w)
        return np.asarray(self.value_rule(x, y), dtype=np.float64)

    def gradient(self, w: ArrayLike) -> Array:
        """Returns the slope.

        Args:
            w: points, shape (..., 2).

        Returns:
            shape (..., 2).
        """
        x, y = _split(w)
        return np.stack(np.broadcast_arrays(*self.gradient_rule(x, y)), axis=-1)

    def hessian(self, w: ArrayLike) -> Array:
        """Returns the matrix of second derivatives.

        Args:
            w: points, shape (..., 2).

        Returns:
            shape (..., 2, 2), symmetric.
        """
        x, y = _split(w)
        xx, xy, yy = np.broadcast_arrays(*self.hessian_rule(x, y), x)[:3]
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2).astype(np.float64)


def _split(w: ArrayLike) -> tuple[Array, Array]:
    points = np.asarray(w, dtype=np.float64)
    return points[..., 0], points[..., 1]
