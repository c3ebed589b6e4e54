"""What is marked on the picture of a surface: where its slope vanishes, and how its contours are best spaced."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np

from fallline.engine.surfaces import CriticalKind, Surface, critical_points
from fallline.engine.surfaces.surface import Array

STARTS = 64
MOST_MARKED = 24
"""More than so many would hide the map; then only the minima that are known are marked."""
STEEP = 0.05
"""Contours go by the logarithm where half of the map lies below this share of its height."""


def marked_points(surface: Surface) -> list[dict[str, Any]]:
    """Returns the points without slope that are no minima known already, of a surface over one or two weights.

    Each has ``at``, ``value`` and ``kind``. A search may miss some; where it finds more than can be marked, none.
    """
    return [dict(each) for each in _found(_Key(surface))]


class _Key:
    """A surface by what it computes: made anew from the same formula, it is the same."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.same = (surface.name, surface.expression, surface.domain)

    def __hash__(self) -> int:
        return hash(self.same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.same == other.same


@lru_cache(maxsize=256)
def _found(key: _Key) -> tuple[dict[str, Any], ...]:
    surface = key.surface
    if surface.dimension > 2:
        return ()
    points = critical_points(surface, STARTS)
    near = 1e-4 * surface.diagonal
    fresh = [
        point
        for point in points
        if all(np.linalg.norm(np.subtract(point.at, known.at)) > near for known in surface.minima)
    ]
    if len(fresh) > MOST_MARKED:
        return ()
    return tuple({"at": list(each.at), "value": each.value, "kind": _name(each.kind)} for each in fresh)


def _name(kind: CriticalKind) -> str:
    return "level point" if kind is CriticalKind.DEGENERATE else str(kind)


def spacing(surface: Surface, heights: Array) -> Literal["linear", "log"]:
    """Returns how the contours of drawn heights are best spaced: as the surface says, or by what is on the map."""
    known = heights[np.isfinite(heights)]
    if surface.minima_are == "known" or not known.size:
        return surface.levels
    low, middle, high = (float(each) for each in np.quantile(known, (0.0, 0.5, 1.0)))
    return "log" if middle - low < STEEP * (high - low) else "linear"
