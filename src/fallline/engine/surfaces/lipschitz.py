"""How fast the slope can change over a domain, and what rates that allows."""

from __future__ import annotations

from math import isfinite

import numpy as np

from fallline.engine.surfaces.curvature import curvature_at
from fallline.engine.surfaces.field import spread
from fallline.engine.surfaces.surface import Array, Surface

SAMPLES, KEPT, ROUNDS = 2_048, 16, 60


def lipschitz_constant(surface: Surface) -> float:
    """Returns L, the largest |λ| of the Hessian over the domain: the Lipschitz constant of the gradient there.

    Exact on a quadratic. Elsewhere it is the largest found from points spread over the domain, its corners, and a
    pattern search (Hooke and Jeeves, 1961) from the best of them: a bound from below that is tight on smooth surfaces.
    With a rate up to 1/L every step of gradient descent inside the domain lowers the loss.

    Args:
        surface: whose.

    Returns:
        L; at a cusp, where there is none, merely something large.

    >>> from fallline.engine.surfaces import SURFACES
    >>> lipschitz_constant(SURFACES["ravine"]), round(lipschitz_constant(SURFACES["himmelblau"]), 9)
    (50.0, 326.792156109)
    """
    low, high = np.array(surface.domain).T
    points = spread(surface, SAMPLES if surface.dimension <= 10 else 64)
    if surface.dimension <= 8:
        corners = np.stack(np.meshgrid(*zip(low, high, strict=True), indexing="ij"), axis=-1)
        points = np.concatenate([corners.reshape(-1, surface.dimension), points])
    with np.errstate(all="ignore"):
        sizes = _sizes(surface, points)
        order = np.argsort(-sizes, kind="stable")[:KEPT]
        best = _climbed(surface, points[order], sizes[order], low, high)
    return best if isfinite(best) else float("inf")


def _sizes(surface: Surface, points: Array) -> Array:
    sizes = np.abs(curvature_at(surface, points)).max(axis=-1)
    return np.where(np.isnan(sizes), np.inf if surface.quadratic else -np.inf, sizes)


def _climbed(surface: Surface, points: Array, sizes: Array, low: Array, high: Array) -> float:
    """Moves each point along the weights while that makes the curvature larger, in ever smaller steps."""
    step = 0.05 * (high - low)
    moves = np.concatenate([np.eye(surface.dimension), -np.eye(surface.dimension)])
    for _ in range(ROUNDS):
        tried = np.clip(points[:, None] + moves * step, low, high)
        found = _sizes(surface, tried.reshape(-1, surface.dimension)).reshape(len(points), -1)
        best = found.argmax(axis=1)
        rows = np.arange(len(points))
        better = found[rows, best] > sizes
        points = np.where(better[:, None], tried[rows, best], points)
        sizes = np.where(better, found[rows, best], sizes)
        if not better.any():
            step = 0.5 * step
    return float(sizes.max())
