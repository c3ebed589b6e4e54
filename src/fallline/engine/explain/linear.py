"""Exact contributions of a linear model: coefficient × distance from the average, added over each raw column.

For a linear model and a background of whole rows these are its Shapley values (Štrumbelj and Kononenko 2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.errors import DataError
from fallline.engine.explain.attribution import Attribution, adding_up
from fallline.engine.explain.pool import Floats, MatrixPool


def linear_contributions(
    pool: MatrixPool, rows: ArrayLike, background: ArrayLike, coefficients: ArrayLike, intercept: float
) -> Attribution:
    """Splits logits X·w + b over the raw columns.

    Args:
        pool: encoded rows.
        rows: pool rows to explain, shape (n,).
        background: pool rows whose mean is the base, shape (m,).
        coefficients: w, one per matrix column.
        intercept: b.

    Raises:
        DataError: another number of coefficients, or no row.

    >>> pool = MatrixPool(np.array([[0, 1, 0], [2, 0, 1]], dtype=np.float32), ("age", "plan", "plan"))
    >>> linear_contributions(pool, [1], [0], [0.5, 1.0, -1.0], 0.25).values.tolist()
    [[1.0, -2.0]]
    """
    weights = np.asarray(coefficients, dtype=np.float64)
    chosen, behind = np.asarray(rows, dtype=np.int64), np.asarray(background, dtype=np.int64)
    if weights.shape != (len(pool.sources),) or not chosen.size or not behind.size:
        raise DataError(
            f"{weights.size} coefficients for {len(pool.sources)} matrix columns, {chosen.size} rows and {behind.size} "
            "background rows: expected a coefficient per column and a row or more of each."
        )
    matrix = pool.matrix.astype(np.float64)
    centre: Floats = matrix[behind].mean(axis=0)
    pieces = (matrix[chosen] - centre) * weights
    gather = (pool.which[:, None] == np.arange(len(pool.names))).astype(np.float64)
    values = pieces @ gather
    prediction = matrix[chosen] @ weights + intercept
    base = float(centre @ weights + intercept)
    return adding_up(Attribution(pool.names, values, base, prediction, np.zeros_like(values), "linear, exact"))
