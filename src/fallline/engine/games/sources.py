"""Sources: where the real points of the plane come from. Each is made of pieces, so that one can tell which are hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PARTS = 8
"""Pieces into which a curve is cut."""


@dataclass(frozen=True, eq=False)
class Source:
    """Points around pieces: round ones, or short stretches of a curve.

    Attributes:
        name: its key in `SOURCES`.
        title: as a person reads it.
        first: where each piece begins, shape (k, 2).
        last: where it ends, shape (k, 2); the same for a round one.
        spread: standard deviation around it, in each direction.
    """

    name: str
    title: str
    first: Array
    last: Array
    spread: float

    def draw(self, rng: np.random.Generator, count: int) -> Array:
        """Draws points, each piece as likely as every other; shape (count, 2)."""
        which = rng.integers(len(self.first), size=count)
        along = rng.random((count, 1))
        middle = self.first[which] * (1.0 - along) + self.last[which] * along
        return np.asarray(middle + self.spread * rng.standard_normal((count, 2)))

    def nearest(self, points: Array) -> tuple[NDArray[np.int64], Array]:
        """Returns which piece is nearest to each point, and how far it is."""
        way = self.last - self.first
        size = (way * way).sum(axis=1)
        offset = points[:, None, :] - self.first[None]
        share = (offset * way).sum(axis=2) / np.where(size > 0.0, size, 1.0)
        foot = offset - np.clip(share, 0.0, 1.0)[:, :, None] * way
        away = np.sqrt((foot * foot).sum(axis=2))
        which = away.argmin(axis=1)
        return which, away[np.arange(len(points)), which]


def _round(name: str, title: str, centres: Sequence[tuple[float, float]], spread: float) -> Source:
    at = np.array(centres, dtype=np.float64)
    return Source(name, title, at, at, spread)


def _curve(name: str, title: str, corners: Array, spread: float) -> Source:
    return Source(name, title, corners[:-1], corners[1:], spread)


def _circle(count: int, radius: float) -> list[tuple[float, float]]:
    return [(radius * np.cos(a), radius * np.sin(a)) for a in 2.0 * np.pi * np.arange(count) / count]


def drawn(places: Sequence[Sequence[float]]) -> Source:
    """Returns a curve through places that somebody drew, each stretch between two in as many pieces."""
    corners = np.array(places, dtype=np.float64)
    each = max(round(PARTS / (len(corners) - 1)), 1)
    at = np.linspace(0.0, len(corners) - 1.0, each * (len(corners) - 1) + 1)
    cut = np.stack([np.interp(at, np.arange(len(corners)), corners[:, j]) for j in (0, 1)], axis=1)
    return _curve("own", "a curve of one's own", cut, 0.1)


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        _curve("line", "a line", np.linspace((-1.2, -0.6), (1.2, 0.6), PARTS + 1), 0.1),
        _round("two", "two clouds", ((-0.9, 0.0), (0.9, 0.0)), 0.18),
        _round("eight", "eight clouds on a ring", _circle(8, 1.0), 0.12),
        _curve("ring", "a ring", np.array([*_circle(PARTS, 1.0), (1.0, 0.0)]), 0.1),
        _round("apart", "three clouds far apart", ((-1.0, -0.8), (1.1, -0.6), (0.0, 1.1)), 0.1),
        drawn([(-1.2, -0.5), (-0.4, 0.8), (0.4, -0.8), (1.2, 0.5)]),
    )
}
"""Name → source; ``own`` stands for one that somebody draws."""
