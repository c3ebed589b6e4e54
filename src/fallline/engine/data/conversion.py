"""Conversion of raw values to a column whose type is known; a value that cannot be read becomes null."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from fallline.engine.data.date import PATTERNS as DATE_PATTERNS
from fallline.engine.data.date import to_dates
from fallline.engine.data.missing import blanks_to_null
from fallline.engine.data.number import finite, number_words, to_numbers
from fallline.engine.data.schema import Column, ColumnType


def read_as(raw: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Reads raw values as a column that is already known; a value that cannot be read becomes null."""
    if pa.types.is_dictionary(raw.type):
        raw = pc.cast(raw, raw.type.value_type)
    if isinstance(raw, pa.Array):
        raw = pa.chunked_array([raw])
    return _READERS[column.type](raw, column)


def is_words(kind: pa.DataType) -> bool:
    """Says whether an Arrow type is a string."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def as_string(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns words as the plain string type."""
    return raw if pa.types.is_string(raw.type) else pc.cast(raw, pa.string())


def is_numeric(kind: pa.DataType) -> bool:
    """Says whether an Arrow type is a number; a boolean is not."""
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def moments(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns stored dates as timestamp[us], a zone converted to UTC and dropped."""
    if getattr(raw.type, "tz", None):
        raw = pc.cast(pc.cast(raw, pa.timestamp("us", "UTC"), safe=False), pa.int64())
    return pc.cast(raw, pa.timestamp("us"), safe=False)


def _as_numbers(raw: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if is_words(raw.type):
        return to_numbers(blanks_to_null(as_string(raw), column.missing_words), column.reading)
    if is_numeric(raw.type) or pa.types.is_boolean(raw.type) or pa.types.is_null(raw.type):
        return finite(pc.cast(raw, pa.float64(), safe=False))
    return pa.chunked_array([pa.nulls(len(raw), pa.float64())])


def _as_moments(raw: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if is_words(raw.type):
        reading = column.reading if column.reading in DATE_PATTERNS else "year-month-day"
        return to_dates(blanks_to_null(as_string(raw), column.missing_words), reading)
    if pa.types.is_timestamp(raw.type) or pa.types.is_date(raw.type):
        return moments(raw)
    return pa.chunked_array([pa.nulls(len(raw), pa.timestamp("us"))])


def as_words(raw: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """Returns values as words, blanks and missing words as nulls, whole numbers without a decimal point."""
    if is_words(raw.type):
        return blanks_to_null(as_string(raw), column.missing_words)
    return (
        number_words(finite(pc.cast(raw, pa.float64(), safe=False))) if is_numeric(raw.type) else pc.cast(raw, "string")
    )


def _as_boolean(raw: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if pa.types.is_boolean(raw.type) and len(column.levels) == 2:
        return pc.if_else(raw, *(pa.scalar(level) for level in reversed(column.levels)))
    words = as_words(raw, column)
    known = pc.is_in(words, value_set=pa.array(column.levels, pa.string()))
    return pc.if_else(known, words, pa.scalar(None, pa.string()))


_READERS: dict[ColumnType, Callable[[pa.ChunkedArray, Column], pa.ChunkedArray]] = {
    "number": _as_numbers,
    "datetime": _as_moments,
    "category": as_words,
    "text": as_words,
    "boolean": _as_boolean,
}
