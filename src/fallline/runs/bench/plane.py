"""A plane through a loss over many weights: the heights on it, the shadows of the paths, and what it does not show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fallline.engine.descent import Trace
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array
from fallline.runs.bench.short import short
from fallline.runs.spec.descent import DescentSpec, SliceSpec

GRID = 61
"""Heights to a side."""


@dataclass(frozen=True)
class Plane:
    """A plane in the space of the weights.

    Attributes:
        origin: the point that it goes through, shape (d,): the lowest one known, else the surface's own start.
        across: unit vector drawn to the right, shape (d,).
        up: unit vector drawn upwards, shape (d,).
        offset: coordinates of the origin in the picture: those of its weights, or 0 and 0 where the plane is turned.
        x: ends of the picture.
        y: ends of the picture.
        names: of the two axes.
        held: where the weights that are not drawn stay: ``lowest`` or ``start``.
    """

    origin: Array
    across: Array
    up: Array
    offset: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    names: tuple[str, str]
    held: str

    def at(self, first: Array, second: Array) -> Array:
        """Returns the points of the plane with these coordinates of the picture, shape (..., d)."""
        right, high = first - self.offset[0], second - self.offset[1]
        return np.asarray(self.origin + right[..., None] * self.across + high[..., None] * self.up)

    def shadow(self, points: Array) -> tuple[Array, Array]:
        """Returns where points fall onto the picture, shape (n, 2), and how far each is from the plane, shape (n,)."""
        away = points - self.origin
        along = np.stack([away @ self.across, away @ self.up], axis=-1)
        rest = away - along[:, :1] * self.across - along[:, 1:] * self.up
        return along + np.array(self.offset), np.linalg.norm(rest, axis=-1)

    def placed(self, start: Array, place: tuple[float, float]) -> Array:
        """Returns a start moved along the plane until it falls onto a place of the picture."""
        shadow, _ = self.shadow(start[None])
        right, high = np.array(place) - shadow[0]
        return np.asarray(start + right * self.across + high * self.up)


def plane_of(surface: Surface, wanted: SliceSpec) -> Plane:
    """Returns the plane that a Spec asks for.

    Args:
        surface: over more than two weights.
        wanted: two weights, or the two largest curvatures.
    """
    held = "lowest" if surface.minima else "start"
    origin = np.array(surface.minima[0].at if surface.minima else surface.start, dtype=np.float64)
    if wanted.steepest:
        return _steepest(surface, origin, held)
    first, second = _weights(wanted, surface.dimension)
    axes = np.eye(surface.dimension)
    offset = (float(origin[first]), float(origin[second]))
    names = (f"w{_small(first + 1)}", f"w{_small(second + 1)}")
    return Plane(origin, axes[first], axes[second], offset, surface.domain[first], surface.domain[second], names, held)


def start_of(spec: DescentSpec, surface: Surface) -> tuple[float, ...]:
    """Returns where a Spec starts: its start, or where that falls in the plane that is drawn."""
    if spec.slice is None or len(spec.start) == surface.dimension:
        return spec.start
    plane = plane_of(surface, spec.slice)
    return tuple(plane.placed(np.array(surface.start), (spec.start[0], spec.start[1])).tolist())


def _weights(wanted: SliceSpec, dimension: int) -> tuple[int, int]:
    """Two different weights, from 0: one beyond the last is the last, and twice the same moves the second."""
    first, second = min(wanted.across, dimension) - 1, min(wanted.up, dimension) - 1
    return first, (second if second != first else second - 1 if second else 1)


def _steepest(surface: Surface, origin: Array, held: str) -> Plane:
    """The plane of the two largest curvatures, each vector with its largest part above zero."""
    _, vectors = np.linalg.eigh(surface.hessian(origin))
    across, up = (_upright(vectors[:, -1]), _upright(vectors[:, -2]))
    half = 0.5 * max(high - low for low, high in surface.domain)
    sides = (-half, half)
    return Plane(origin, across, up, (0.0, 0.0), sides, sides, ("along λmax", "along the second curvature"), held)


def _upright(vector: Array) -> Array:
    return vector * (1.0 if vector[int(np.argmax(np.abs(vector)))] > 0 else -1.0)


def sliced(surface: Surface, plane: Plane, runs: dict[str, Trace]) -> dict[str, Any]:
    """Returns the plane as plain data: its heights, and what of each path falls onto it.

    Args:
        surface: the loss.
        plane: through it.
        runs: who ran.
    """
    with np.errstate(all="ignore"):
        across, up = np.meshgrid(np.linspace(*plane.x, GRID), np.linspace(*plane.y, GRID))
        heights = surface.value(plane.at(across, up))
        shadows = {key: _shadow(surface, plane, trace) for key, trace in runs.items()}
    goals = [minimum for minimum in surface.minima if plane.shadow(np.array([minimum.at]))[1][0] < 1e-9]
    return {
        "x": list(plane.x),
        "y": list(plane.y),
        "names": list(plane.names),
        "held": plane.held,
        "weights": surface.dimension,
        "hidden": surface.dimension - 2,
        "heights": [value if np.isfinite(value) else None for value in short(heights.ravel())],
        "minima": [short(plane.shadow(np.array([minimum.at]))[0][0]) for minimum in goals],
        "runs": shadows,
    }


def _shadow(surface: Surface, plane: Plane, trace: Trace) -> dict[str, Any]:
    """A path as it falls onto the plane, its distance from it, and the height of the plane right under its end."""
    shadow, away = plane.shadow(trace.points)
    under = float(surface.value(plane.at(shadow[-1:, 0], shadow[-1:, 1]))[0])
    known = np.isfinite(away)
    return {
        "path": short(shadow),
        "away": float(away[-1]) if known[-1] else None,
        "farthest": float(away[known].max()) if known.any() else None,
        "under": under if np.isfinite(under) else None,
    }


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
