"""Coverage: which pieces of the source a generator hits, and whether it has collapsed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.games.sources import Source

Array = NDArray[np.float64]
NEAR, FEW = 3.0, 0.25
"""A point belongs to a piece within so many deviations; a piece is hit by this part of its fair share of points."""


@dataclass(frozen=True)
class Coverage:
    """What is hit.

    Attributes:
        shares: of all points that are near each piece.
        hit: pieces with at least a quarter of their fair share.
        of: pieces there are.
        good: share of the points that are near some piece.
        effective: pieces as evenly filled ones would count: e to the entropy of the shares.
        collapsed: no more than half of the pieces are filled in that sense, or all points lie together.
    """

    shares: tuple[float, ...]
    hit: int
    of: int
    good: float
    effective: float
    collapsed: bool


def coverage(source: Source, points: Array) -> Coverage:
    """Counts which pieces are hit.

    Args:
        source: what is to be covered.
        points: shape (n, 2).
    """
    which, away = source.nearest(points)
    near = away <= NEAR * source.spread
    count = len(source.first)
    shares = np.bincount(which[near], minlength=count) / len(points)
    good = float(shares.sum())
    filled = shares[shares > 0.0] / max(good, 1e-300)
    effective = float(np.exp(-(filled * np.log(filled)).sum())) if good > 0.0 else 0.0
    reach = np.sqrt(max(float(points.var(axis=0).sum()), 0.0))
    whole = np.concatenate([source.first, source.last])
    narrow = reach < 0.25 * np.sqrt(float(whole.var(axis=0).sum()))
    hit = int((shares >= FEW / count).sum())
    collapsed = bool(narrow or (good >= 0.1 and effective <= 0.5 * count + 1e-9))
    return Coverage(tuple(shares.tolist()), hit, count, good, effective, collapsed)
