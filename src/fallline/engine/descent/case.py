"""A finished path as the verdict sees it: the path, its survey, and the calculus at its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from math import hypot

import numpy as np

from fallline.engine.descent.survey import Survey
from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import Surface, curvature_at, field
from fallline.engine.surfaces.surface import Array


@dataclass(frozen=True, eq=False)
class Case:
    """What is judged.

    Attributes:
        surface: the loss.
        optimizer: who moved.
        points: shape (2, n + 1), all finite.
        losses: shape (n + 1,), all finite.
        norms: lengths of the gradient, shape (n + 1,).
        rates: of each step, shape (n,).
        noise: standard deviation of what was added to the gradient.
        survey: the path as a whole.
    """

    surface: Surface
    optimizer: Optimizer
    points: Array
    losses: Array
    norms: Array
    rates: Array
    noise: float
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
    def end(self) -> tuple[float, float]:
        """The last point."""
        return float(self.points[0, self.steps]), float(self.points[1, self.steps])

    @property
    def loss(self) -> float:
        """The last loss."""
        return float(self.losses[self.steps])

    @property
    def slope(self) -> float:
        """The last gradient's length."""
        return float(self.norms[self.steps])

    @cached_property
    def curvature(self) -> tuple[float, float]:
        """λmin and λmax at the end."""
        low, high = curvature_at(self.surface, self.end)
        return float(low), float(high)

    @cached_property
    def newton(self) -> float:
        """How far Newton's method would step from the end: the distance to the stationary point of the local quadratic.

        Infinity where the curvature vanishes and the slope does not.
        """
        if self.slope == 0.0:
            return 0.0
        xx, xy, yy = (float(part) for part in self.surface.hessian_rule(*self.end))
        gx, gy = (float(part) for part in self.surface.gradient_rule(*self.end))
        determinant = xx * yy - xy * xy
        if determinant == 0.0:
            return float("inf")
        return hypot((yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant)

    @cached_property
    def nearest(self) -> tuple[float, int]:
        """Distance to the nearest known minimum, and which one; infinity and −1 where there is none."""
        x, y = self.end
        away = [(hypot(m.at[0] - x, m.at[1] - y), index) for index, m in enumerate(self.surface.minima)]
        return min(away, default=(float("inf"), -1))

    @cached_property
    def around(self) -> tuple[float, float]:
        """Lowest and highest loss on a circle of a hundredth of the diagonal, counted from the end's own."""
        radius = 0.01 * self.surface.diagonal
        ring = np.asarray(self.surface.value_rule(self.end[0] + radius * _COSINES, self.end[1] + radius * _SINES))
        return float(ring.min()) - self.loss, float(ring.max()) - self.loss

    @property
    def relief(self) -> float:
        """How high the map rises: its median loss above its lowest."""
        return relief(self.surface)


_ANGLES = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
_COSINES, _SINES = np.cos(_ANGLES), np.sin(_ANGLES)


def tolerance(surface: Surface) -> float:
    """How near is there: a thousandth of the map's diagonal."""
    return 1e-3 * surface.diagonal


@cache
def relief(surface: Surface) -> float:
    """The median loss of the map above its lowest."""
    heights = field(surface, 33, 33)
    return float(np.median(heights) - heights.min())


@cache
def box_of(surface: Surface) -> Array:
    """The map as the survey reads it: middle x, middle y, half-width x, half-width y."""
    (x0, x1), (y0, y1) = surface.domain
    return np.array([0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.5 * (x1 - x0), 0.5 * (y1 - y0)])
