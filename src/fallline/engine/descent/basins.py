"""Basins of attraction: from every start on the map, where does a descent end?

On a smooth surface and with small steps the basins are those of the gradient flow, and their borders are curves. With
steps near the limit of stability the descent is a map with folds, and the borders may become fractal (Van den Doel and
Ascher, 2012, "The Chaotic Nature of Faster Gradient Descent Methods").
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.descent.sweep import sweep
from fallline.engine.optim import Optimizer
from fallline.engine.schedules import Schedule
from fallline.engine.surfaces import Surface, curvature_at
from fallline.engine.surfaces.surface import Array

Labels = NDArray[np.int64]
DIVERGED, STALLED, MOVING = -1, -2, -3
"""Fates of a start that finds no minimum: off the map, at rest elsewhere, still on the move."""
CHUNK = 2048
"""Starts swept together: their paths stay in the second-level cache."""
NEAR, AT_REST = 5e-3, 1e-3
"""As shares of the map's diagonal: how near a minimum is there, and how little a quarter of the steps may move."""
FAR = 10.0
"""Half-widths from the middle of the map beyond which a path has left it."""


@dataclass(frozen=True, eq=False)
class Valley:
    """A minimum in which somebody ends, or might have.

    Attributes:
        at: where it lies.
        loss: how deep.
        curvature: λmin and λmax there.
    """

    at: tuple[float, float]
    loss: float
    curvature: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Basins:
    """Where each start of a grid ends.

    Attributes:
        valleys: the known minima first, then those found.
        labels: shape (n, n), the lowest y first: number of the valley, or `DIVERGED`, `STALLED`, `MOVING`.
    """

    valleys: tuple[Valley, ...]
    labels: Labels

    def share(self, label: int) -> float:
        """Returns the share of starts with a label."""
        return float((self.labels == label).mean())

    @property
    def dimension(self) -> float | None:
        """Box-counting dimension of the borders between fates: 1 for a curve, towards 2 for one that fills areas."""
        return border_dimension(self.labels)


def basins(surface: Surface, optimizer: Optimizer, schedule: Schedule, *, rate: float, steps: int, size: int) -> Basins:
    """Runs a descent from every point of a grid over the map and sorts the starts by where they end.

    Args:
        surface: the loss.
        optimizer: with its hyperparameters; one that the compiled sweep can run.
        schedule: what multiplies the rate.
        rate: the base rate, > 0.
        steps: how many, at least 4.
        size: points along each side of the grid.

    Raises:
        SpecError: a number outside its range, an optimizer that cannot be swept, or a surface without a map.
    """
    if surface.dimension != 2:
        raise SpecError("surface", surface.name, "a surface over two weights, of which a map can be drawn")
    (x0, x1), (y0, y1) = surface.domain
    x, y = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y0, y1, size))
    starts = np.stack([x.ravel(), y.ravel()], axis=1)
    late, end, drift = (np.empty((2, len(starts))) for _ in range(3))
    memory = np.empty((2, steps + 1, 1, CHUNK))
    for low in range(0, len(starts), CHUNK):
        some = starts[low : low + CHUNK]
        out = memory if len(some) == CHUNK else None
        made = sweep(surface, optimizer, schedule, rates=[rate], starts=some, steps=steps, noise=0.0, out=out)
        late[:, low : low + CHUNK] = made.paths[:, (3 * steps) // 4, 0]
        drift[:, low : low + CHUNK] = made.paths[:, -2, 0]
        end[:, low : low + CHUNK] = made.paths[:, -1, 0]
    with np.errstate(all="ignore"):  # a path that ran away ends in infinities
        return _sorted(surface, (late, drift), end, size)


def _sorted(surface: Surface, before: tuple[Array, Array], end: Array, size: int) -> Basins:
    """Sorts ends into fates and valleys; where it was one step before tells a cycle of two from rest."""
    (x0, x1), (y0, y1) = surface.domain
    middle = np.array([[0.5 * (x0 + x1)], [0.5 * (y0 + y1)]])
    half = np.array([[0.5 * (x1 - x0)], [0.5 * (y1 - y0)]])
    labels = np.full(end.shape[1], MOVING, dtype=np.int64)
    here = np.isfinite(end).all(axis=0) & (np.abs(end - middle) <= FAR * half).all(axis=0)
    labels[~here] = DIVERGED
    moved = np.maximum(*(np.hypot(*(end - each)) for each in before))
    still = here & (moved <= AT_REST * surface.diagonal)
    labels[still] = STALLED
    valleys = [_valley(surface, minimum.at) for minimum in surface.minima]
    near = NEAR * surface.diagonal
    for number, valley in enumerate(valleys):
        _claim(labels, end, still, valley, near, number)
    left = np.flatnonzero(still & (labels == STALLED))
    for at in _minima_near(surface, end[:, left], near):
        valley = _valley(surface, at)
        _claim(labels, end, still & (labels == STALLED), valley, near, len(valleys))
        valleys.append(valley)
    return Basins(tuple(valleys), labels.reshape(size, size))


def _valley(surface: Surface, at: tuple[float, ...]) -> Valley:
    x, y = at
    low, high = curvature_at(surface, at)
    return Valley((x, y), float(surface.value_rule(*at)), (float(low), float(high)))


def _claim(labels: Labels, end: Array, free: NDArray[np.bool_], valley: Valley, near: float, number: int) -> None:
    """Gives the starts that rest near a valley to it; the Newton polish makes valleys lie further apart than `near`."""
    away = np.hypot(end[0] - valley.at[0], end[1] - valley.at[1])
    labels[free & (away <= near)] = number


def _minima_near(surface: Surface, ends: Array, near: float) -> list[tuple[float, float]]:
    """Polishes points of rest by Newton's method and returns the minima among them, each once, the lowest first."""
    w = ends.copy()
    for _ in range(6):
        gx, gy = surface.gradient_rule(w[0], w[1])
        xx, xy, yy = surface.hessian_rule(w[0], w[1])
        determinant = xx * yy - xy * xy
        step = np.stack([(yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant])
        w = w - np.where(np.isfinite(step), step, 0.0)
    low = curvature_at(surface, w.T)[:, 0] if w.size else np.empty(0)
    kept = w[:, (low > 0.0) & (np.hypot(*(w - ends)) <= near)]
    losses = np.asarray(surface.value_rule(kept[0], kept[1]), dtype=np.float64)
    _, first = np.unique(np.round(kept / near), axis=1, return_index=True)
    found: list[tuple[float, float]] = []
    for index in sorted(first, key=lambda place: float(losses[place])):
        at = float(kept[0, index]), float(kept[1, index])
        if all((at[0] - a) ** 2 + (at[1] - b) ** 2 > near**2 for a, b in found):
            found.append(at)
    return found


def border_dimension(labels: Labels) -> float | None:
    """Returns the box-counting dimension of the borders in a picture; None where there is no border.

    Boxes of 1, 2, 4 and 8 cells are counted that hold a cell whose right or upper neighbour has another label, and the
    dimension is the slope of log count against −log size (Falconer, 1990, chapter 3). On a picture this small it tells
    a curve (1) from a dust, and no more.

    >>> halves = np.repeat([[0, 1]], 64, axis=1).repeat(128, axis=0)
    >>> border_dimension(halves)
    1.0
    """
    edge = np.zeros(labels.shape, dtype=bool)
    edge[:, :-1] |= labels[:, 1:] != labels[:, :-1]
    edge[:-1] |= labels[1:] != labels[:-1]
    if not edge.any():
        return None
    logs = []
    for side in (1, 2, 4, 8):
        rows, columns = labels.shape[0] // side * side, labels.shape[1] // side * side
        boxes = edge[:rows, :columns].reshape(rows // side, side, columns // side, side).any(axis=(1, 3))
        logs.append((-log(side), log(max(int(boxes.sum()), 1))))
    sizes, counts = np.array(logs).T
    return round(float(np.polyfit(sizes, counts, 1)[0]), 3) + 0.0
