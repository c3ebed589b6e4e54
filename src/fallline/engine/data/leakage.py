"""Leakage suspects: features that alone predict the target almost perfectly, as only the answer itself should.

Each feature is cut into bins: levels; for numbers and dates 64 quantile bins, with one for each value between them; one
for missing values. The rate of the positive class per bin, smoothed, is learnt on every second row and ranks the
others; the area under the ROC curve there, (Σ ranks of positives − m(m+1)/2) / (m(n−m)) (Mann and Whitney 1947), is how
well the feature predicts alone.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fallline.engine.data.schema import Column

SUSPICIOUS = 0.98
"""An area under the ROC curve from here on makes a feature suspect."""

_BINS, _ROWS, _FEWEST = 64, 50_000, 5


def predicts_alone(column: Column, values: pa.ChunkedArray, positive: NDArray[np.bool_]) -> float:
    """Measures how well one feature alone ranks the target.

    Args:
        column: the feature's schema; of text only presence is used.
        values: its values, shape (n,).
        positive: whether each row is of the positive class, shape (n,).

    Returns:
        The area under the ROC curve on the rows held out, 0.5 when there are too few rows of a class to say.
    """
    stride = -(-len(values) // _ROWS)
    if stride > 1:
        rows = np.arange(0, len(values), stride)
        values, positive = values.take(pa.array(rows)), positive[::stride]
    bins = _bins(column, values)
    # every second row of each class, so that a table sorted by class still teaches both
    order = np.argsort(positive, kind="stable")
    learn = np.zeros(len(positive), dtype=bool)
    learn[order[::2]] = True
    held = ~learn
    hits = int(positive[held].sum())
    if min(hits, int(held.sum()) - hits) < _FEWEST:
        return 0.5
    count = np.bincount(bins[learn], minlength=bins.max() + 1)
    share = positive[learn].mean()
    rate = (np.bincount(bins[learn & positive], minlength=bins.max() + 1) + share) / (count + 1)
    return _area(rate[bins[held]], positive[held])


def _area(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Returns the area under the ROC curve, ties counted half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2  # the mean rank of each different score
    hits = int(positive.sum())
    misses = len(positive) - hits
    return float((ranks[place[positive]].sum() - hits * (hits + 1) / 2) / (hits * misses))


def _bins(column: Column, values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Cuts values into bins numbered from 0, which holds the missing ones."""
    if column.type == "text":
        return np.asarray(pc.is_valid(values), dtype=np.int64)
    if column.type in {"category", "boolean"}:
        codes = pc.index_in(values, value_set=pa.array(column.levels, pa.string()))
        return np.asarray(pc.fill_null(pc.add(codes, 1), 0), dtype=np.int64)
    numbers = pc.cast(pc.cast(values, pa.int64()), pa.float64(), safe=False) if column.type == "datetime" else values
    array = np.asarray(pc.fill_null(numbers, np.nan), dtype=float)
    present = ~np.isnan(array)
    if not present.any():
        return np.zeros(len(array), dtype=np.int64)
    cuts = np.quantile(array[present], np.linspace(0, 1, _BINS + 1)[1:-1])
    edges = np.unique(
        [cuts, np.nextafter(cuts, np.inf)]
    )  # a value that is its own quantile, such as 0, gets its own bin
    return np.where(present, 1 + np.searchsorted(edges, array, side="right"), 0)
