"""Dates and times written as words.

Read by pattern and calendar arithmetic rather than by strptime, which turns 31 February into 2 March.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_CLOCK = r"(?:[T ](?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6}))?)?(?P<z>Z|[-+]\d{2}:?\d{2})?)?"
_Y, _M, _D = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
PATTERNS: dict[str, str] = {
    "year-month-day": rf"^{_Y}-{_M}-{_D}{_CLOCK}$",
    "year/month/day": rf"^{_Y}/{_M}/{_D}{_CLOCK}$",
    "day/month/year": rf"^{_D}/{_M}/{_Y}{_CLOCK}$",
    "month/day/year": rf"^{_M}/{_D}/{_Y}{_CLOCK}$",
    "day-month-year": rf"^{_D}-{_M}-{_Y}{_CLOCK}$",
    "month-day-year": rf"^{_M}-{_D}-{_Y}{_CLOCK}$",
    "day.month.year": rf"^{_D}\.{_M}\.{_Y}{_CLOCK}$",
}
"""How dates may be written → the pattern, in the order they are tried; each may be followed by a time of day."""

_SWAPPED = {"day/month/year": "month/day/year", "day-month-year": "month-day-year"}
_SHAPE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:|$)"


def date_reading(words: pa.Array) -> tuple[str, bool] | None:
    """Finds how a column of words writes its dates.

    Args:
        words: the different words, without nulls.

    Returns:
        A key of `PATTERNS`, and whether day and month could be read the other way round; None when the words are not
        all dates in one way of writing.

    >>> date_reading(pa.array(["2024-05-01", "2024-05-02 10:00"]))
    ('year-month-day', False)
    >>> date_reading(pa.array(["03/04/2024", "05/06/2024"]))
    ('day/month/year', True)
    >>> date_reading(pa.array(["03/14/2024"]))
    ('month/day/year', False)
    >>> date_reading(pa.array(["2023-02-31"])) is None
    True
    """
    if not len(words) or not pc.all(pc.match_substring_regex(words, _SHAPE)).as_py():
        return None
    for reading in PATTERNS:
        if to_dates(words, reading).null_count == 0:
            other = _SWAPPED.get(reading)
            return reading, other is not None and to_dates(words, other).null_count == 0
    return None


def to_dates(words: pa.Array | pa.ChunkedArray, reading: str) -> pa.Array | pa.ChunkedArray:
    """Reads words as timestamp[us]; a word that does not fit becomes null. A zone is converted to UTC, then dropped.

    >>> to_dates(pa.array(["2024-05-01T10:00:00+02:00", "soon"]), "year-month-day").to_pylist()
    [datetime.datetime(2024, 5, 1, 8, 0), None]
    """
    if isinstance(words, pa.ChunkedArray):  # many rows share a day: read each different word once
        coded = pc.dictionary_encode(words).combine_chunks()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        return pa.chunked_array([to_dates(coded.dictionary, reading).take(coded.indices)])
    parts = pc.extract_regex(words, PATTERNS[reading])
    year, month, day, hour, minute, second = (_integers(parts, name) for name in "ymdHMS")
    start = (year - 1970).astype("M8[Y]").astype("M8[M]") + (month - 1).astype("m8[M]")
    width = (start + np.timedelta64(1, "M")).astype("M8[D]") - start.astype("M8[D]")
    good = np.asarray(pc.is_valid(parts)) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= width.astype(int))
    good &= (hour < 24) & (minute < 60) & (second < 60)
    seconds = (hour * 60 + minute) * 60 + second - _offset(parts)
    micros = seconds * 1_000_000 + _fraction(parts)
    moments = (start.astype("M8[D]") + (day - 1).astype("m8[D]")).astype("M8[us]") + micros.astype("m8[us]")
    return pa.array(moments, pa.timestamp("us"), mask=~good)


def _integers(parts: pa.StructArray, name: str) -> NDArray[np.int64]:
    """Returns one part of the matches as integers, 0 where it is not written."""
    words = parts.field(name)
    written = pc.if_else(pc.equal(pc.utf8_length(words), 0), pa.scalar("0", words.type), words)
    return np.asarray(pc.fill_null(pc.cast(written, pa.int64()), 0))


def _fraction(parts: pa.StructArray) -> NDArray[np.int64]:
    """Returns the fraction of a second in microseconds."""
    words = pc.utf8_rpad(pc.fill_null(parts.field("f"), ""), 6, padding="0")
    return np.asarray(pc.cast(words, pa.int64()))


def _offset(parts: pa.StructArray) -> NDArray[np.int64]:
    """Returns the zone's offset from UTC in seconds."""
    zone = pc.replace_substring(pc.fill_null(parts.field("z"), ""), ":", "")
    named = pc.if_else(pc.equal(pc.utf8_length(zone), 5), zone, pa.scalar("+0000", zone.type))
    number = np.asarray(pc.cast(pc.utf8_slice_codeunits(named, 1), pa.int64()))
    sign = np.where(np.asarray(pc.starts_with(named, "-")), -1, 1)
    return np.asarray(sign * (number // 100 * 3600 + number % 100 * 60))
