"""A finished path as the verdict sees it: the path, its survey, and the calculus at its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import dist, hypot

import numpy as np

from fallline.engine.descent.survey import Survey
from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import Surface, curvature_at, field, spread
from fallline.engine.surfaces.surface import Array


@dataclass(frozen=True, eq=False)
class Case:
    """What is judged.

    Attributes:
        surface: the loss.
        optimizer: who moved.
        points: shape (d, n + 1), all finite.
        losses: shape (n + 1,), all finite.
        norms: lengths of the gradient, shape (n + 1,).
        rates: of each step, shape (n,).
        noise: what kind of noise was in the gradient, in words; empty for none.
        survey: the path as a whole.
    """

    surface: Surface
    optimizer: Optimizer
    points: Array
    losses: Array
    norms: Array
    rates: Array
    noise: str
    survey: Survey

    @property
    def steps(self) -> int:
        """How many steps are kept."""
        return self.survey.last

    @cached_property
    def tolerance(self) -> float:
        """How near is there: a thousandth of the map's diagonal."""
        return tolerance(self.surface)

    @cached_property
    def end(self) -> tuple[float, ...]:
        """The last point."""
        return tuple(self.points[:, self.steps].tolist())

    @property
    def loss(self) -> float:
        """The last loss."""
        return float(self.losses[self.steps])

    @property
    def slope(self) -> float:
        """The last gradient's length."""
        return float(self.norms[self.steps])

    @cached_property
    def spectrum(self) -> tuple[float, ...]:
        """The eigenvalues of the Hessian at the end, the smallest first."""
        return tuple(curvature_at(self.surface, self.end).tolist())

    @property
    def curvature(self) -> tuple[float, float]:
        """λmin and λmax at the end."""
        return self.spectrum[0], self.spectrum[-1]

    @cached_property
    def newton(self) -> float:
        """How far Newton's method would step from the end: the distance to the stationary point of the local quadratic.

        Infinity where the curvature vanishes and the slope does not.
        """
        if self.slope == 0.0:
            return 0.0
        if self.surface.dimension == 2:
            return self._newton_plane()
        hessian, gradient = self.surface.hessian(self.end), self.surface.gradient(self.end)
        if not (np.isfinite(hessian).all() and np.linalg.matrix_rank(hessian) == len(gradient)):
            return float("inf")
        return float(np.linalg.norm(np.linalg.solve(hessian, gradient)))

    def _newton_plane(self) -> float:
        xx, xy, yy = (float(part) for part in self.surface.hessian_rule(*self.end))
        gx, gy = (float(part) for part in self.surface.gradient_rule(*self.end))
        determinant = xx * yy - xy * xy
        if determinant == 0.0:
            return float("inf")
        return hypot((yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant)

    @cached_property
    def nearest(self) -> tuple[float, int]:
        """Distance to the nearest known minimum, and which one; infinity and −1 where there is none."""
        away = [(dist(m.at, self.end), index) for index, m in enumerate(self.surface.minima)]
        return min(away, default=(float("inf"), -1))

    @cached_property
    def around(self) -> tuple[float, float]:
        """Lowest and highest loss on a sphere of a hundredth of the diagonal, counted from the end's own."""
        radius = 0.01 * self.surface.diagonal
        ring = self.surface.value(np.array(self.end) + radius * _directions(self.surface.dimension))
        return float(ring.min()) - self.loss, float(ring.max()) - self.loss

    @property
    def relief(self) -> float:
        """How high the map rises: its median loss above its lowest."""
        return relief(self.surface)


@lru_cache(maxsize=16)
def _directions(dimension: int) -> Array:
    """Unit vectors all around: 16 in the plane; else both ways along each weight and 32 that mix them."""
    if dimension == 2:
        angles = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
        return np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    axes = np.eye(dimension)
    mixed = np.random.default_rng(0).standard_normal((32, dimension))  # fixed: the same directions for everyone
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.concatenate([axes, -axes, mixed])


def tolerance(surface: Surface) -> float:
    """How near is there: a thousandth of the map's diagonal."""
    return 1e-3 * surface.diagonal


@lru_cache(maxsize=256)
def relief(surface: Surface) -> float:
    """The median loss of the map above its lowest."""
    heights = field(surface, 33, 33) if surface.dimension == 2 else surface.value(spread(surface, 1001))
    heights = heights[np.isfinite(heights)]
    return float(np.median(heights) - heights.min()) if heights.size else 0.0


@lru_cache(maxsize=256)
def box_of(surface: Surface) -> Array:
    """The map as the survey reads it: middles in row 0, half-widths in row 1."""
    low, high = np.array(surface.domain).T
    return np.stack([0.5 * (low + high), 0.5 * (high - low)])
