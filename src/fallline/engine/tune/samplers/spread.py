"""Spread: first trials that leave no large hole, the middle of the space first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding

Floats = NDArray[np.float64]
DRAWS = 64


def spread_point(coding: Coding, rows: Floats, rng: np.random.Generator) -> Floats:
    """Returns the settled row, of 64 random ones, that is farthest from all rows (best candidate; Mitchell 1991).

    The first of all is the middle of the space: whoever states a range means its middle more often than its ends.

    Args:
        coding: of the space.
        rows: what was tried or is being tried, settled, shape (n, width).
        rng: stream of the draws.
    """
    if not len(rows):
        middle, _ = coding.settle(np.full((1, coding.width), 0.5))
        if coding.allowed(middle)[0]:
            return row_of(middle, 0)
    drawn = coding.drawn(DRAWS, rng)
    if not len(rows):
        return row_of(drawn, 0)
    gaps = np.abs(drawn[:, None, :] - rows[None, :, :])
    # Round the edges: in a plain cube the farthest points are corners, which are seldom good.
    gaps = np.where(coding.unordered, gaps > 0, np.minimum(gaps, 1.0 - gaps) ** 2)
    return row_of(drawn, int(gaps.sum(axis=2).min(axis=1).argmax()))


def row_of(rows: Floats, place: int) -> Floats:
    """Returns one row of its own."""
    row: Floats = rows[place].copy()
    return row


def known(rows: Floats, tried: Floats) -> NDArray[np.bool_]:
    """Says which rows are among those that were tried, shape (m,)."""
    seen = {row.tobytes() for row in tried}
    return np.array([row.tobytes() in seen for row in rows], dtype=np.bool_)
