"""Critical points: where the slope vanishes, found from many starts and told apart by the Hessian's spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.surfaces.curvature import curvature_at
from fallline.engine.surfaces.field import spread
from fallline.engine.surfaces.surface import Array, Surface

MOST_STARTS = 4_096
ROUNDS = 60
FLAT = 1e-7
"""An eigenvalue is zero where it is this small beside the largest of the surface at the points found."""


class CriticalKind(StrEnum):
    """What a point without slope is."""

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    DEGENERATE = "degenerate"


@dataclass(frozen=True)
class CriticalPoint:
    """A point where the slope vanishes.

    Attributes:
        at: the point.
        value: the loss there.
        eigenvalues: of the Hessian, the smallest first.
        kind: by their signs; degenerate where one is zero and the others do not already make it a saddle.
    """

    at: tuple[float, ...]
    value: float
    eigenvalues: tuple[float, ...]
    kind: CriticalKind

    @property
    def index(self) -> int:
        """How many directions lead down."""
        return sum(each < 0.0 for each in self.eigenvalues)

    @property
    def condition(self) -> float:
        """Largest over smallest curvature, in size; infinity where one vanishes."""
        sizes = [abs(each) for each in self.eigenvalues]
        return max(sizes) / min(sizes) if min(sizes) > 0.0 else float("inf")


def critical_points(surface: Surface, starts: int | None = None) -> tuple[CriticalPoint, ...]:
    """Returns the critical points found in the domain, the lowest first.

    From points spread evenly over the domain and from the known minima, |∇f|² is lowered by Levenberg's (1944) damped
    steps, all starts at once; points that coincide are one. There may be more than are found: a search proves nothing.

    Args:
        surface: whose.
        starts: how many; None takes 256 for each of the first four weights.

    Raises:
        SpecError: too many starts, or none.

    >>> from fallline.engine.surfaces import SURFACES
    >>> [(str(point.kind), round(point.value, 3)) for point in critical_points(SURFACES["three_hump_camel"])]
    [('minimum', 0.0), ('minimum', 0.299), ('minimum', 0.299), ('saddle', 0.877), ('saddle', 0.877)]
    """
    count = 256 * min(surface.dimension, 4) if starts is None else starts
    if not 1 <= count <= MOST_STARTS:
        raise SpecError("starts", starts, f"a number of starts from 1 to {MOST_STARTS:,}")
    known = np.array([minimum.at for minimum in surface.minima]).reshape(-1, surface.dimension)
    with np.errstate(all="ignore"):  # a start that runs to where nothing is a number is dropped
        w = _lowered(surface, np.concatenate([known, spread(surface, count)]))
        w = w[_arrived(surface, w)]
        points = _apart(surface, w)
        return _classified(surface, points)


def _lowered(surface: Surface, w: Array) -> Array:
    """Damped Newton steps on |∇f|², each start with a damping of its own, which falls when a step succeeds."""
    gradient, hessian = surface.gradient(w), surface.hessian(w)
    size, damping = (gradient * gradient).sum(axis=-1), np.full(len(w), 1e-3)
    eye, reach = np.eye(surface.dimension), 0.25 * surface.diagonal
    for _ in range(ROUNDS):
        usable = np.asarray(np.isfinite(hessian).all(axis=(-2, -1)) & np.isfinite(gradient).all(axis=-1))
        square = np.where(usable[:, None, None], hessian @ hessian, eye)
        scale = np.trace(square, axis1=-2, axis2=-1)[:, None, None] / surface.dimension + 1e-300
        right = np.where(usable[:, None], (hessian @ gradient[..., None])[..., 0], 0.0)
        step = np.linalg.solve(square + (damping[:, None, None] + 1e-16) * scale * eye, right[..., None])[..., 0]
        length = np.linalg.norm(step, axis=-1, keepdims=True)
        tried = w - step * np.minimum(1.0, reach / np.maximum(length, 1e-300))
        slope = surface.gradient(tried)
        lower = (slope * slope).sum(axis=-1)
        better = lower < size  # False where it is no number
        w, gradient = np.where(better[:, None], tried, w), np.where(better[:, None], slope, gradient)
        size = np.where(better, lower, size)
        damping = np.clip(np.where(better, damping * 0.1, damping * 4.0), 1e-16, 1e8)
        if not better.any() and (damping > 1e4).all():
            break
        hessian = surface.hessian(w)
    return w


def _arrived(surface: Surface, w: Array) -> Array:
    """Which are inside the domain, with a slope that is nothing beside what the curvature makes of a small step."""
    low, high = np.array(surface.domain).T
    room = 1e-9 * (high - low)
    inside = ((w >= low - room) & (w <= high + room)).all(axis=-1)
    slopes = np.linalg.norm(surface.gradient(w), axis=-1)
    steep = np.linalg.norm(surface.gradient(spread(surface, 64)), axis=-1)
    typical = float(np.median(steep[np.isfinite(steep)])) if np.isfinite(steep).any() else 1.0
    bends = np.abs(curvature_at(surface, w)).max(axis=-1)
    sharp = slopes <= 1e-9 * surface.diagonal * bends  # the point is exact to a billionth of the map
    # Where the curvature vanishes too, steps shrink with the distance, and only the slope itself can tell.
    gone = slopes <= 1e-12 * typical
    return np.asarray(inside & np.isfinite(slopes) & (slopes <= 1e-7 * typical) & (sharp | gone))


def _apart(surface: Surface, w: Array) -> Array:
    """One of each group of points that coincide: the one with the smallest slope."""
    order = np.argsort(np.linalg.norm(surface.gradient(w), axis=-1))
    kept: list[Array] = []
    for point in w[order]:
        if all(np.linalg.norm(point - other) > 1e-5 * surface.diagonal for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, surface.dimension)


def _classified(surface: Surface, points: Array) -> tuple[CriticalPoint, ...]:
    if not len(points):
        return ()
    spectra = curvature_at(surface, points)
    usual = np.abs(curvature_at(surface, spread(surface, 64)))
    zero = FLAT * max(float(np.abs(spectra).max()), float(np.median(usual[np.isfinite(usual)])))
    values = surface.value(points)
    order = np.lexsort((*points.T[::-1], values))
    return tuple(_point(points[i], float(values[i]), spectra[i], zero) for i in order)


def _point(at: Array, value: float, spectrum: Array, zero: float) -> CriticalPoint:
    eigenvalues = tuple(0.0 if abs(each) <= zero else float(each) for each in spectrum)
    down, up = any(each < 0.0 for each in eigenvalues), any(each > 0.0 for each in eigenvalues)
    if down and up:
        kind = CriticalKind.SADDLE
    elif 0.0 in eigenvalues:
        kind = CriticalKind.DEGENERATE
    else:
        kind = CriticalKind.MINIMUM if up else CriticalKind.MAXIMUM
    return CriticalPoint(tuple(at.tolist()), value, eigenvalues, kind)
