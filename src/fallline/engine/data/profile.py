"""Profile: what stands in each column, and how the target goes with it.

Everything is counted on all rows, except the number of different values of a large column: from 2,000,000 rows on it
is estimated from 1,000,000 evenly spaced ones by the guaranteed-error estimator √(n/r)·f₁ + Σ_{i≥2} f_i, where f_i
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
_MOMENTS = ("mean", "deviation")


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
        mean: of numbers; None otherwise, and when it is beyond the range of floats.
        deviation: standard deviation of numbers, √(Σ(x−x̄)²/n); None as the mean is.
        quantiles: (share, value) of numbers, and of dates in seconds since 1970.
        histogram: of numbers and dates.
        levels: the most frequent values of words and truths, and of numbers with few different values.
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
    count = len(values) - missing
    seen = _sample(values)
    counted = pc.value_counts(seen.drop_null())
    exact = seen is values
    distinct = len(counted) if exact else _estimate(counted, len(seen), len(values))
    parts: dict[str, Any] = {}
    if count and column.type in {"number", "datetime"}:
        parts |= _numbers(column, values, positive)
    few = distinct <= TOP_LEVELS if column.type == "number" else column.type != "datetime" and distinct < count
    if count and few and exact:
        levels = _levels(values, counted, positive)
        parts |= {"levels": levels, "others": count - sum(level.count for level in levels)}
    missing_rate = None
    if missing and positive is not None:
        missing_rate = float(positive[np.asarray(pc.is_null(values))].mean())
    return ColumnProfile(column.name, column.type, column.role, count, missing, missing_rate, distinct, exact, **parts)


def _sample(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns a small column whole, of a large one evenly spaced rows."""
    if len(values) < LARGE:
        return values
    return values.take(pa.array(np.linspace(0, len(values) - 1, SAMPLE).astype(np.int64)))


def _estimate(counted: pa.StructArray, sampled: int, rows: int) -> int:
    """Estimates the number of different values from those of a sample."""
    counts = np.asarray(counted.field("counts"))
    once = int((counts == 1).sum())
    return min(rows, round(float(np.sqrt(rows / sampled)) * once) + len(counts) - once)


def _numbers(column: Column, values: pa.ChunkedArray, positive: NDArray[np.bool_] | None) -> dict[str, Any]:
    """Returns quantiles and histogram, and of numbers mean and deviation."""
    present = np.asarray(pc.is_valid(values), dtype=bool) if values.null_count else None
    filled = values.drop_null()
    if column.type == "datetime":
        numbers = np.asarray(pc.cast(filled, pa.int64())) / 1e6
    else:
        numbers = np.asarray(filled, dtype=float)
    hits = positive if positive is None or present is None else positive[present]
    marks = np.quantile(numbers, QUANTILES)
    edges = _edges(float(marks[0]), float(marks[-1]), whole=bool((np.floor(numbers) == numbers).all()))
    counts, _ = np.histogram(numbers, edges)
    rates: tuple[float | None, ...] = ()
    if hits is not None:
        good, _ = np.histogram(numbers[hits], edges)
        rates = tuple(float(part / whole) if whole else None for part, whole in zip(good, counts, strict=True))
    histogram = Histogram(tuple(edges.tolist()), tuple(counts.tolist()), rates)
    found: dict[str, Any] = {"quantiles": tuple(zip(QUANTILES, marks.tolist(), strict=True)), "histogram": histogram}
    if column.type == "number":
        with np.errstate(over="ignore", invalid="ignore"):  # beyond 1e154 a square leaves the floats
            moments = float(numbers.mean()), float(numbers.std())
        found |= {name: each if np.isfinite(each) else None for name, each in zip(_MOMENTS, moments, strict=True)}
    return found


def _edges(low: float, high: float, *, whole: bool) -> NDArray[np.float64]:
    """Returns even edges; one bin per whole number where there are few of them."""
    if whole and high - low < BINS and max(abs(low), abs(high)) < 2.0**52:
        return np.arange(low - 0.5, high + 1.0)
    edges = np.linspace(low, high, BINS + 1)
    if not (np.diff(edges) > 0).all():  # all but equal: no even bins fit between neighbouring floats
        return np.array([low, max(high, np.nextafter(low, np.inf))])
    return edges


def _levels(values: pa.ChunkedArray, counted: pa.StructArray, positive: NDArray[np.bool_] | None) -> tuple[Level, ...]:
    """Returns the most frequent values, equals in order of the value."""
    table = pa.table({"values": counted.field("values"), "counts": counted.field("counts")})
    order = pc.select_k_unstable(
        table, min(TOP_LEVELS, len(table)), sort_keys=[("counts", "descending"), ("values", "ascending")]
    )
    top = table.take(order)
    names = top.column("values") if pa.types.is_string(values.type) else number_words(top.column("values"))
    rates: list[float | None] = [None] * len(top)
    if positive is not None:
        place = pc.index_in(values, value_set=top.column("values").combine_chunks())
        codes = np.asarray(pc.fill_null(place, len(top)), dtype=np.int64)
        rates = (
            np.bincount(codes[positive], minlength=len(top))[: len(top)] / np.asarray(top.column("counts"))
        ).tolist()
    counts = top.column("counts").to_pylist()
    return tuple(Level(*each) for each in zip(names.to_pylist(), counts, rates, strict=True))
