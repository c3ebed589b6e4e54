"""The knee: the point of a front where giving up a little of one objective stops buying much of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import DataError
from fallline.engine.fronts.directions import Floats, lower_is_better
from fallline.engine.fronts.dominance import non_dominated


def knee(points: ArrayLike, directions: Sequence[str]) -> int:
    """Returns the row of the front's knee: farthest below the plane through the extremes (Das 1999).

    Each objective is scaled so that its best value on the front is 0 and its worst 1. Then the plane through the
    extremes of a two-objective front is Σ z = 1, and the distance to it is (1 − Σ z) / √m; with more objectives the
    same plane is used. So the knee is the point on the front whose scaled objectives have the smallest sum; the first
    row among equals. A front bulging the other way has its knee at an extreme.

    Args:
        points: shape (n, m), finite on the front.
        directions: ``minimize`` or ``maximize`` for each objective.

    Raises:
        DataError: no point, or an infinite objective on the front.

    >>> knee([[0.0, 1.0], [0.1, 0.2], [1.0, 0.0]], ["minimize", "minimize"])
    1
    """
    costs = lower_is_better(points, directions)
    rows = np.flatnonzero(non_dominated(costs, ["minimize"] * costs.shape[1]))
    if not rows.size:
        raise DataError("There is no point, so there is no knee: give at least one.")
    return int(rows[np.argmin(scaled(costs[rows]).sum(axis=1))])


def scaled(costs: Floats) -> Floats:
    """Maps each column to 0 (its lowest) … 1 (its highest); a constant column to 0.

    Raises:
        DataError: a value that is not finite.
    """
    if not bool(np.isfinite(costs).all()):
        raise DataError("A point on the front has an infinite objective: leave it out before asking for the knee.")
    low, high = costs.min(axis=0), costs.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    out: Floats = (costs - low) / width
    return out
