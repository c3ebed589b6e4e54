"""Profile: what stands in each column, and how the target goes with it.

Everything is counted on all rows, except the different words of a large column: from 2,000,000 rows on their number is
estimated from 1,000,000 evenly spaced ones by the guaranteed-error estimator √(n/r)·f₁ + Σ_{i≥2} f_i, where f_i
values occur i times in a sample of r of n rows (Charikar, Chaudhuri, Motwani and Narasayya 2000).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fallline.engine.data.number import number_words
from fallline.engine.data.schema import Column, ColumnRole, ColumnType
from fallline.engine.data.table import Table

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
TOP_LEVELS = 12
BINS = 24
LARGE, SAMPLE = 2_000_000, 1_000_000


@dataclass(frozen=True)
class Level:
    """One value and how often it occurs.

    Attributes:
        level: the value, as a word.
        count: rows that have it.
        rate: share of the positive class among them; None without a binary target.
    """

    level: str
    count: int
    rate: float | None


@dataclass(frozen=True)
class Histogram:
    """Counts between edges.

    Attributes:
        edges: bins + 1 numbers, or seconds since 1970 for dates.
        counts: rows in each bin; the last bin includes its upper edge.
        rates: share of the positive class in each bin, None in an empty one; empty without a binary target.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    rates: tuple[float | None, ...]


@dataclass(frozen=True)
class ColumnProfile:
    """What stands in one column.

    Attributes:
        name: its name.
        type: its type.
        role: its role.
        count: rows with a value.
        missing: rows without one.
        missing_rate: share of the positive class among the rows without a value; None when there are none.
        distinct: number of different values.
        distinct_exact: whether that was counted rather than estimated.
        mean: of numbers; None otherwise.
        deviation: standard deviation of numbers, √(Σ(x−x̄)²/n); None otherwise.
        quantiles: (share, value) of numbers, and of dates in seconds since 1970.
        histogram: of numbers and dates.
        levels: the most frequent words and truths, and the numbers where few differ; empty where estimated.
        others: rows whose value is not among `levels`; 0 when no levels are listed.
    """

    name: str
    type: ColumnType
    role: ColumnRole
    count: int
    missing: int
    missing_rate: float | None
    distinct: int
    distinct_exact: bool
    mean: float | None = None
    deviation: float | None = None
    quantiles: tuple[tuple[float, float], ...] = ()
    histogram: Histogram | None = None
    levels: tuple[Level, ...] = ()
    others: int = 0


@dataclass(frozen=True)
class Profile:
    """What stands in a table.

    Attributes:
        rows: number of rows.
        positive_rate: share of the positive class; None without a binary target.
        columns: one profile per column, in the order of the table.
    """

    rows: int
    positive_rate: float | None
    columns: tuple[ColumnProfile, ...]

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data, ready for JSON."""
        return asdict(self)


def profile(table: Table) -> Profile:
    """Counts what stands in each column.

    >>> from fallline.engine.data.infer import infer_table
    >>> raw = pa.table({"fee": ["10", "", "30", "30"], "churn": ["No", "Yes", "No", "Yes"]})
    >>> fee = profile(infer_table(raw)).columns[0]
    >>> fee.count, fee.missing, fee.distinct, fee.quantiles[3]
    (3, 1, 2, (0.5, 30.0))
    >>> [(level.level, level.count, level.rate) for level in fee.levels]
    [('30', 2, 0.5), ('10', 1, 0.0)]
    """
    schema, positive = table.schema, None
    if schema.target is not None and schema.positive is not None:
        positive = np.asarray(pc.equal(table.columns.column(schema.target), schema.positive), dtype=bool)
    columns = tuple(_column(each, table.columns.column(each.name), positive) for each in schema.columns)
    rate = None if positive is None or not len(positive) else float(positive.mean())
    return Profile(table.rows, rate, columns)


def _column(column: Column, values: pa.ChunkedArray, positive: NDArray[np.bool_] | None) -> ColumnProfile:
    missing = values.null_count
    missing_rate = None
    if missing and positive is not None:
        missing_rate = float(positive[np.asarray(pc.is_null(values))].mean())
    describe = _numbers if column.type in {"number", "datetime"} else _words
    parts = describe(column, values, positive)
    return ColumnProfile(column.name, column.type, column.role, len(values) - missing, missing, missing_rate, **parts)


def _words(_column: Column, values: pa.ChunkedArray, positive: NDArray[np.bool_] | None) -> dict[str, Any]:
    """Describes words and truths: how many different ones, and the most frequent unless all differ."""
    count, exact = len(values) - values.null_count, len(values) < LARGE
    seen = values if exact else _spaced(values)
    counted = pc.value_counts(seen.drop_null())
    if not exact:
        distinct = _estimate(np.asarray(counted.field("counts")), len(seen), len(values))
        return {"distinct": distinct, "distinct_exact": False}
    parts: dict[str, Any] = {"distinct": len(counted), "distinct_exact": True}
    if 0 < len(counted) < max(count, 2):
        levels = _levels(values, counted, positive)
        parts |= {"levels": levels, "others": count - sum(level.count for level in levels)}
    return parts


def _spaced(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns evenly spaced rows of a large column."""
    return values.take(pa.array(np.linspace(0, len(values) - 1, SAMPLE).astype(np.int64)))


def _estimate(counts: NDArray[np.int64], sampled: int, rows: int) -> int:
    """Estimates the number of different values from how often each occurs in a sample."""
    once = int((counts == 1).sum())
    return min(rows, round(float(np.sqrt(rows / sampled)) * once) + len(counts) - once)


def _numbers(column: Column, values: pa.ChunkedArray, positive: NDArray[np.bool_] | None) -> dict[str, Any]:
    """Describes numbers and dates, from one sorted copy."""
    numbers = _floats(column, values.drop_null())
    if not len(numbers):
        return {"distinct": 0, "distinct_exact": True}
    ranked = np.sort(numbers)
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    hits = None
    if positive is not None:
        hits = np.sort(numbers[positive if not values.null_count else positive[np.asarray(pc.is_valid(values))]])
    marks = _quantiles(ranked)
    parts: dict[str, Any] = {
        "distinct": len(starts),
        "distinct_exact": True,
        "quantiles": tuple(zip(QUANTILES, marks.tolist(), strict=True)),
        "histogram": _histogram(ranked, hits),
    }
    if column.type == "number":
        parts |= {"mean": float(numbers.mean()), "deviation": float(numbers.std())}
        if len(starts) <= TOP_LEVELS:
            parts["levels"] = _few(ranked[starts], np.diff([*starts, len(ranked)]), hits)
    return parts


def _quantiles(ranked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the quantiles of sorted numbers, interpolated between neighbours as `numpy.quantile` does."""
    place = np.array(QUANTILES) * (len(ranked) - 1)
    below = place.astype(np.int64)
    low, high = ranked[below], ranked[np.minimum(below + 1, len(ranked) - 1)]
    return low + (place - below) * (high - low)


def _floats(column: Column, filled: pa.ChunkedArray) -> NDArray[np.float64]:
    """Returns numbers, or dates as seconds since 1970."""
    if column.type == "datetime":
        return np.asarray(pc.cast(filled, pa.int64()), dtype=float) / 1e6
    return np.asarray(filled, dtype=float)


def _histogram(ranked: NDArray[np.float64], hits: NDArray[np.float64] | None) -> Histogram:
    """Counts sorted numbers, and those of the positive class, between even edges."""
    edges = _edges(float(ranked[0]), float(ranked[-1]), whole=bool((np.floor(ranked) == ranked).all()))
    counts = _between(ranked, edges)
    if hits is None:
        return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), ())
    good = _between(hits, edges)
    rates = tuple(float(part / whole) if whole else None for part, whole in zip(good, counts, strict=True))
    return Histogram(tuple(edges.tolist()), tuple(counts.tolist()), rates)


def _between(ranked: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """Counts sorted numbers between edges, as `numpy.histogram` does."""
    inner = np.searchsorted(ranked, edges[1:-1], side="left")
    return np.diff([0, *inner, len(ranked)])


def _edges(low: float, high: float, *, whole: bool) -> NDArray[np.float64]:
    """Returns even edges; one bin per whole number where there are few of them."""
    if whole and high - low < BINS and max(abs(low), abs(high)) < 2.0**52:
        return np.arange(low - 0.5, high + 1.0)
    edges = np.linspace(low, high, BINS + 1)
    if not (np.diff(edges) > 0).all():  # all but equal: no even bins fit between neighbouring floats
        return np.array([low, max(high, np.nextafter(low, np.inf))])
    return edges


def _few(
    different: NDArray[np.float64], counts: NDArray[np.int64], hits: NDArray[np.float64] | None
) -> tuple[Level, ...]:
    """Returns few different numbers as levels, the most frequent first, equals in order of the number."""
    rates: list[float | None] = [None] * len(different)
    if hits is not None:
        good = np.searchsorted(hits, different, side="right") - np.searchsorted(hits, different, side="left")
        rates = (good / counts).tolist()
    words = number_words(pa.array(different)).to_pylist()
    order = np.argsort(-counts, kind="stable")
    return tuple(Level(words[place], int(counts[place]), rates[place]) for place in order)


def _levels(values: pa.ChunkedArray, counted: pa.StructArray, positive: NDArray[np.bool_] | None) -> tuple[Level, ...]:
    """Returns the most frequent words, equals in order of the word."""
    table = pa.table({"values": counted.field("values"), "counts": counted.field("counts")})
    keys = [("counts", "descending"), ("values", "ascending")]
    top = table.take(pc.select_k_unstable(table, min(TOP_LEVELS, len(table)), sort_keys=keys))
    counts = np.asarray(top.column("counts"))
    rates: list[float | None] = [None] * len(top)
    if positive is not None:
        place = pc.index_in(values, value_set=top.column("values").combine_chunks())
        codes = np.asarray(pc.fill_null(place, len(top)), dtype=np.int64)
        rates = (np.bincount(codes[positive], minlength=len(top))[: len(top)] / counts).tolist()
    return tuple(Level(*each) for each in zip(top.column("values").to_pylist(), counts.tolist(), rates, strict=True))
