"""Moves: points near other points, as an evolutionary search needs them in a space of numbers, levels and choices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding

Floats = NDArray[np.float64]


def near(coding: Coding, rows: Floats, scale: float, rng: np.random.Generator) -> Floats:
    """Returns one point near each row, not settled yet.

    At least one column of each moves, every other one with a probability of 0.3 (more in few dimensions): a number by a
    normal step, reflected at the ends; a level by a normal step or to its neighbour; a choice to any other.

    Args:
        coding: of the space.
        rows: shape (m, width).
        scale: standard deviation of a step, in units of the whole range.
        rng: stream of the draws.
    """
    m, width = rows.shape
    moving = rng.random((m, width)) < max(0.3, min(1.0, 2.0 / width))
    moving[np.arange(m), rng.integers(0, width, m)] = True
    out = np.where(moving, rows + scale * rng.standard_normal((m, width)), rows)
    out = 1.0 - np.abs(1.0 - np.abs(out))
    for column in range(width):
        if coding.unordered[column]:
            anew = rng.random(m) < min(0.5, max(0.1, scale))
            out[:, column] = np.where(anew, rng.random(m), rows[:, column])
        elif coding.counts[column]:
            hop = moving[:, column] & (rng.random(m) < 0.5)
            step = rng.choice([-1.0, 1.0], m) / coding.counts[column]
            out[:, column] = np.where(hop, rows[:, column] + step, out[:, column])
    return np.clip(out, 0.0, 1.0)
