"""Partial dependence (Friedman 2001) and individual conditional expectation (Goldstein et al. 2015)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError
from fallline.engine.explain.pool import Floats, Pool, Rows, column_place, unmixed


@dataclass(frozen=True)
class Dependence:
    """What the model says when one raw column is set to each of several values, all else as it is.

    It asks about rows that may not exist: where columns move together, read the curve near its rug only.

    Attributes:
        name: the raw column.
        values: the values tried, shape (k,): numbers ascending, or words by how often they occur.
        mean: mean prediction at each value, shape (k,): the partial dependence.
        each: prediction of each row at each value, shape (m, k): the individual curves.
        share: share of the pool's rows at each value (words), or nearest to it (numbers), shape (k,).
    """

    name: str
    values: tuple[float, ...] | tuple[str, ...]
    mean: Floats
    each: Floats
    share: Floats

    @property
    def spread(self) -> float:
        """Highest minus lowest mean: how far this column alone moves the average prediction."""
        return float(self.mean.max() - self.mean.min())


def partial_dependence(
    predict: Callable[[Any], ArrayLike],
    pool: Pool,
    name: str,
    values: ArrayLike,
    *,
    points: int = 20,
    rows: ArrayLike | None = None,
) -> Dependence:
    """Sets a column to values that occur in it, and predicts.

    Args:
        predict: predictions of mixed rows, in the form that `pool.mix` gives them; probabilities or logits.
        pool: rows to take values from.
        name: the raw column.
        values: that column's raw values, shape (pool.rows,): numbers, or words; None or NaN where missing.
        points: how many values at most: quantiles of numbers, the most frequent words.
        rows: pool rows whose curves are drawn and averaged; all when None.

    Raises:
        DataError: no such column, other values than rows, or no value that is not missing.
    """
    place = column_place(name, pool.names)
    given = np.asarray(values)
    if given.shape != (pool.rows,) or points < 1:
        raise DataError(f"{given.shape} values of {name!r} at {points} points: expected ({pool.rows},) and 1 or more.")
    numeric = np.issubdtype(given.dtype, np.number) and given.dtype != np.bool_
    tried, source, share = _numbers(given, points, name) if numeric else _words(given, points)
    chosen = np.arange(pool.rows) if rows is None else np.asarray(rows, dtype=np.int64)
    index = unmixed(np.repeat(chosen, source.size), len(pool.names))
    index[:, place] = np.tile(source, chosen.size)
    each = np.asarray(predict(pool.mix(index)), dtype=np.float64).reshape(chosen.size, source.size)
    return Dependence(name, tried, each.mean(axis=0), each, share)


def _numbers(values: NDArray[Any], points: int, name: str) -> tuple[tuple[float, ...], Rows, Floats]:
    """Picks observed values nearest to evenly spread quantiles, each with a row that has it."""
    present = np.flatnonzero(~np.isnan(values.astype(np.float64)))
    if not present.size:
        raise DataError(f"Every value of {name!r} is missing: there is nothing to set it to.")
    known = values[present].astype(np.float64)
    order = np.argsort(known, kind="stable")
    places = np.round(np.linspace(0, present.size - 1, points)).astype(int)
    tried, first = np.unique(known[order][places], return_index=True)
    middles = (tried[1:] + tried[:-1]) / 2
    counts = np.bincount(np.searchsorted(middles, known), minlength=tried.size)
    return tuple(map(float, tried)), present[order][places][first], counts / values.size


def _words(values: NDArray[Any], points: int) -> tuple[tuple[str, ...], Rows, Floats]:
    """Picks the most frequent words, ``missing`` among them, each with a row that has it."""
    text = np.array(["missing" if value is None or value != value else str(value) for value in values.tolist()])  # noqa: PLR0124
    words, first, counts = np.unique(text, return_index=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:points]
    return tuple(str(word) for word in words[kept]), first[kept].astype(np.int64), counts[kept] / values.size
