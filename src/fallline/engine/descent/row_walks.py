"""Walks over rows: least squares by batches, many walks at once, each batch size reading the very same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError
from fallline.engine.surfaces.surface import Array

Order = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RowWalks:
    """R walks at one batch size.

    Attributes:
        steps: which steps are kept, rising from 0, shape (S,).
        weights: at those steps, shape (R, S, d); NaN once a walk has run away.
        arrived: the first step whose loss is within the target, −1 where none is, shape (R,).
        lost: the step at which a walk ran away, −1 where it did not, shape (R,).
    """

    steps: Order
    weights: Array
    arrived: Order
    lost: Order


def draw_order(rows: int, reads: int, walks: int, rng: np.random.Generator, *, replacement: bool) -> Order:
    """Draws which row each walk reads when.

    Args:
        rows: how many there are.
        reads: how many are read.
        walks: how many orders.
        rng: where the draws come from.
        replacement: whether each read is a draw of its own; else all rows are read once before any is read again, in a
            new order each time.

    Returns:
        shape (walks, reads).
    """
    if replacement:
        return rng.integers(rows, size=(walks, reads))
    deals = -(-reads // rows)
    decks = np.tile(np.arange(rows), (walks * deals, 1))
    return rng.permuted(decks, axis=1).reshape(walks, deals * rows)[:, :reads].copy()


def walk_rows(
    features: Array, labels: Array, order: Order, *, rate: float, size: int, steps: Order, within: float
) -> RowWalks:
    """Descends ½·mean((xᵀw − y)²) from w = 0, each step on the next `size` rows of its order.

    A batch of all rows takes each of them once and draws nothing, as gradient descent does.

    Args:
        features: shape (N, d), with curvature in every direction.
        labels: shape (N,).
        order: of each walk, shape (R, reads).
        rate: η > 0, held constant.
        size: rows to a batch, from 1 to N.
        steps: which to keep, rising from 0; the last one is the last taken.
        within: a walk has arrived when its loss is so much above the lowest.

    Raises:
        SpecError: more rows are asked for than the orders hold.
    """
    if int(steps[-1]) * size > order.shape[1]:
        raise SpecError("steps", int(steps[-1]), f"at most {order.shape[1] // size} batches of {size} rows")
    from fallline.engine.descent.row_kernel import compiled_walk  # Numba: see descend

    whole = size >= len(labels)
    read = np.arange(len(labels))[None] if whole else order
    hessian = features.T @ features / len(labels)
    lowest = np.linalg.solve(hessian, features.T @ labels / len(labels))
    walks = 1 if whole else len(order)
    weights = np.full((walks, len(steps), features.shape[1]), np.nan)
    arrived, lost = np.full(walks, -1, dtype=np.int64), np.full(walks, -1, dtype=np.int64)
    compiled_walk(features, labels, read, hessian, lowest, rate, size, whole, steps, within, weights, arrived, lost)
    if whole:  # all walks are this one
        weights, arrived, lost = (np.repeat(each, len(order), axis=0) for each in (weights, arrived, lost))
    return RowWalks(steps, weights, arrived, lost)
