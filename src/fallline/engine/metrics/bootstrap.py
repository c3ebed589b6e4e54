"""The bootstrap: how far an estimate would move if the rows had been drawn again (Efron 1979)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from fallline.core.errors import DataError
from fallline.engine.metrics.binary import Floats
from fallline.engine.metrics.weighted import WeightedMetric

Method = Literal["percentile", "bca"]
CELLS_AT_ONCE = 4_000_000
"""Weights held in memory at one time (32 MB of float64)."""
BLOCKS = 400
"""Most groups of rows that the jackknife of BCa leaves out, one after the other."""


@dataclass(frozen=True)
class Interval:
    """An estimate with its bootstrap interval; unpacks as ``estimate, low, high``.

    Attributes:
        estimate: the metric on the rows as they are.
        low: lower end.
        high: upper end.
        error: standard deviation over resamples, the standard error.
        level: share of intervals that should hold the truth.
        method: ``percentile`` or ``bca``.
        resamples: how many resamples gave a value; fewer than asked for where the metric was undefined on some.
    """

    estimate: float
    low: float
    high: float
    error: float
    level: float = 0.95
    method: Method = "percentile"
    resamples: int = 1000

    def __iter__(self) -> Iterator[float]:
        return iter((self.estimate, self.low, self.high))

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0.0 or self.high < 0.0

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: one entry per attribute."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def bootstrap(
    metric: WeightedMetric,
    arrays: Sequence[NDArray[Any]],
    rng: np.random.Generator,
    n: int = 1000,
    *,
    level: float = 0.95,
    method: Method = "percentile",
) -> Interval:
    """Resamples rows with replacement and returns the metric's interval.

    Args:
        metric: called as ``metric(*arrays, weights=(b, n) counts)``; wrap a plain function in `by_rows`.
        arrays: aligned, all of one length, such as ``(y, p)``.
        rng: where the resamples come from.
        n: how many resamples, ≥ 2.
        level: 0.95 for a 95 % interval.
        method: ``percentile`` (Efron 1979) or ``bca``, bias-corrected and accelerated (Efron 1987).

    Raises:
        DataError: arrays of unequal length, or a metric that is undefined on the rows themselves.

    >>> from fallline.engine.metrics import brier
    >>> y, p = np.array([0, 1] * 50), np.full(100, 0.5)
    >>> estimate, low, high = bootstrap(brier, (y, p), np.random.default_rng(0))
    >>> estimate, low, high
    (0.25, 0.25, 0.25)
    """
    return _interval(lambda weights: metric(*arrays, weights=weights), _rows(arrays), rng, n, level, method)


def paired_bootstrap(
    metric: WeightedMetric,
    first: Sequence[NDArray[Any]],
    second: Sequence[NDArray[Any]],
    rng: np.random.Generator,
    n: int = 1000,
    *,
    level: float = 0.95,
    method: Method = "percentile",
) -> Interval:
    """Returns the interval of metric(first) − metric(second) where both see the same resampled rows.

    Pairing removes the luck of the rows that both share, so the interval is narrower than two intervals suggest.

    Args:
        metric: as in `bootstrap`.
        first: aligned arrays of one model, such as ``(y, p_a)``.
        second: those of the other, on the same rows.
        rng: where the resamples come from.
        n: how many resamples, ≥ 2.
        level: 0.95 for a 95 % interval.
        method: ``percentile`` or ``bca``.

    Raises:
        DataError: the two are not about the same number of rows.
    """
    rows = _rows([*first, *second])

    def difference(weights: Floats | None) -> Any:
        return metric(*first, weights=weights) - metric(*second, weights=weights)

    return _interval(difference, rows, rng, n, level, method)


def by_rows(function: Callable[..., float]) -> WeightedMetric:
    """Lets the bootstrap call a plain ``function(*arrays) -> float``, once per resample: slower, works for anything.

    Fractional weights are refused, for such a function can only repeat rows.
    """

    def weighted(*arrays: Any, weights: Floats | None = None) -> Any:
        if weights is None:
            return float(function(*arrays))
        counts = np.atleast_2d(weights).astype(np.int64)
        if not np.array_equal(counts, np.atleast_2d(weights)):
            raise DataError("A function of plain rows takes whole weights only.")
        index = np.arange(counts.shape[1])
        values = [function(*(array[np.repeat(index, row)] for array in arrays)) for row in counts]
        return np.array(values) if np.ndim(weights) == 2 else float(values[0])

    return weighted


def resample_counts(rows: int, n: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Yields blocks of shape (b, rows): how often each row is in each resample, n resamples in all."""
    block = max(1, CELLS_AT_ONCE // rows)
    for start in range(0, n, block):
        size = min(block, n - start)
        drawn = rng.integers(0, rows, (size, rows))
        drawn += (np.arange(size) * rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * rows).reshape(size, rows).astype(np.float64)


def _interval(
    metric: Callable[[Floats | None], Any], rows: int, rng: np.random.Generator, n: int, level: float, method: Method
) -> Interval:
    """Draws, and reads the interval off the draws."""
    if n < 2 or not 0.0 < level < 1.0 or method not in {"percentile", "bca"}:
        raise DataError(
            f"A bootstrap of n={n}, level={level}, method={method!r} cannot be drawn: "
            "expected n ≥ 2, a level between 0 and 1, and percentile or bca."
        )
    estimate = float(metric(None))
    if not np.isfinite(estimate):
        raise DataError(
            "The metric is undefined on these rows, often because one class is missing: no interval exists."
        )
    drawn = np.concatenate([np.atleast_1d(metric(counts)) for counts in resample_counts(rows, n, rng)])
    draws = drawn[np.isfinite(drawn)]
    if draws.size < 2:
        raise DataError("The metric is undefined on nearly every resample: there are too few rows for an interval.")
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if method == "bca" and draws.min() < draws.max():
        tails = _bca_tails(estimate, draws, _jackknife(metric, rows), tails)
    low, high = np.quantile(draws, tails)
    return Interval(estimate, float(low), float(high), float(draws.std(ddof=1)), level, method, draws.size)


def _bca_tails(estimate: float, draws: Floats, left_out: Floats, tails: Floats) -> Floats:
    """Shifts the quantiles for median bias z₀ and for skewness a (Efron 1987, equation 2.3)."""
    # Half of the ties count, so that a discrete metric is not called biased.
    share = float(np.mean(draws < estimate) + np.mean(draws == estimate) / 2)
    bias = float(ndtri(np.clip(share, 0.5 / draws.size, 1 - 0.5 / draws.size)))
    away = left_out.mean() - left_out
    spread = float((away**2).sum())
    skew = float((away**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    z = bias + ndtri(tails)
    shifted: Floats = ndtr(bias + z / (1 - skew * z))
    return shifted


def _jackknife(metric: Callable[[Floats | None], Any], rows: int) -> Floats:
    """Leaves out each row, or each of `BLOCKS` interleaved groups of rows where there are more."""
    groups = min(rows, BLOCKS)
    which = np.arange(rows) % groups
    block = max(1, CELLS_AT_ONCE // rows)
    parts = [
        np.atleast_1d(metric((which[None, :] != np.arange(start, min(start + block, groups))[:, None]).astype(float)))
        for start in range(0, groups, block)
    ]
    values: Floats = np.concatenate(parts)
    return values[np.isfinite(values)]


def _rows(arrays: Sequence[NDArray[Any]]) -> int:
    """Returns the common length."""
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1 or 0 in lengths:
        raise DataError(f"The arrays have {sorted(lengths)} rows: expected one common length of at least 1.")
    return lengths.pop()
