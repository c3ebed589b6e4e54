"""Reading one column: from words or typed values to numbers, booleans, dates, categories or text, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from fallline.core.errors import DataError
from fallline.engine.data import missing
from fallline.engine.data.conversion import as_string, as_words, is_numeric, is_words, moments, read_as
from fallline.engine.data.date import PATTERNS as DATE_PATTERNS
from fallline.engine.data.date import date_reading, to_dates
from fallline.engine.data.number import PATTERNS as NUMBER_PATTERNS
from fallline.engine.data.number import finite, is_code, number_reading, to_numbers
from fallline.engine.data.schema import Column, ColumnType, Override

BOOLEAN_WORDS = (("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"), ("off", "on"), ("0", "1"))
"""Pairs of words, whatever their case, that are read as (no, yes)."""

FEW_LEVELS, MOST_LEVELS = 50, 1000
"""Words are a category up to 50 different ones, or up to 1,000 where each has ten rows on average; more are text."""


_PROBE = 100


@dataclass(frozen=True)
class Reading:
    """One column as read.

    Attributes:
        column: its schema, without a role yet.
        values: float64, timestamp[us] or string; nulls where missing.
        distinct: number of different values, None where it was not counted.
        sentences: (about, sentence) for each inference.
    """

    column: Column
    values: pa.ChunkedArray
    distinct: int | None = None
    sentences: tuple[tuple[str, str], ...] = field(default=())


def read(name: str, raw: pa.ChunkedArray, override: Override | None = None) -> Reading:
    """Infers what a column holds and reads it so.

    Args:
        name: the column's name.
        raw: words or typed values.
        override: what a person says instead.

    Raises:
        DataError: the values are nested or bytes.
    """
    override = override or Override()
    said = missing.ALWAYS if override.missing_words is None else override.missing_words
    column = Column(name, "text", missing_words=said)
    if pa.types.is_dictionary(raw.type):
        raw = pc.cast(raw, raw.type.value_type)
    if override.type is not None:
        return _told(column, raw, override.type)
    if is_words(raw.type):
        return _from_words(column, missing.blanks_to_null(as_string(raw), said))
    if pa.types.is_null(raw.type):
        return Reading(replace(column, missing=len(raw)), pc.cast(raw, pa.string()), 0)
    return _from_typed(column, raw)


def _from_typed(column: Column, raw: pa.ChunkedArray) -> Reading:
    """Reads values that the file already stores as numbers, dates or truths."""
    if pa.types.is_boolean(raw.type):
        return _levels(
            column, pc.cast(raw, pa.string()), "boolean", ("false", "true"), "Its values are true and false."
        )
    if is_numeric(raw.type):
        return _from_numbers(column, finite(pc.cast(raw, pa.float64(), safe=False)))
    if pa.types.is_temporal(raw.type) and not pa.types.is_time(raw.type):
        return _finish(replace(column, type="datetime"), moments(raw), "type", "Its values are stored as dates.")
    if pa.types.is_time(raw.type):
        return _from_words(column, pc.cast(raw, pa.string()))
    raise DataError(
        f"Column {column.name!r} holds values of type {raw.type}, which a table of numbers and words cannot hold: "
        "flatten it into columns, or leave it out."
    )


def _from_words(column: Column, words: pa.ChunkedArray) -> Reading:
    numbers = _plain_numbers(words)
    if numbers is not None:
        return _from_numbers(column, numbers, " written as words")
    different = pc.unique(words).drop_null()
    if not len(different):
        return Reading(replace(column, missing=len(words)), words, 0)
    if not _may_be_typed(different):
        return _from_levels(column, words, different)
    stood_for = _stand_ins(different)
    if stood_for:
        column = replace(column, missing_words=(*column.missing_words, *stood_for))
        words = missing.blanks_to_null(words, stood_for)
        different = different.filter(pc.invert(pc.is_in(different, value_set=pa.array(stood_for))))
    found = number_reading(different)
    if found:
        column = replace(column, reading=found)
        return _from_numbers(column, to_numbers(words, found), f" written as words ({_written(found, stood_for)})")
    dates = date_reading(different)
    if dates:
        return _from_dates(replace(column, reading=dates[0]), words, both_ways=dates[1])
    return _from_levels(column, words, different)


def _may_be_typed(different: pa.Array) -> bool:
    """Tries a hundred words before all of them: when those are no numbers or dates, a million are not either."""
    probe = different.slice(0, _PROBE)
    rest = probe.filter(pc.invert(pc.is_in(probe, value_set=pa.array(missing.AMONG_NUMBERS, probe.type))))
    return not len(rest) or number_reading(rest) is not None or date_reading(rest) is not None or is_code(rest)


def _plain_numbers(words: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Casts a column whose every word is a plain number; None where one is not, or where the words are codes."""
    try:
        numbers = pc.cast(words, pa.float64())
    except pa.ArrowInvalid:
        return None
    if numbers.null_count == len(numbers) or finite(numbers).null_count != numbers.null_count:
        return None
    return None if is_code(words) else numbers


def _stand_ins(different: pa.Array) -> tuple[str, ...]:
    """Finds words such as `none` that stand for a missing value because all others are numbers or dates."""
    odd = pc.is_in(different, value_set=pa.array(missing.AMONG_NUMBERS, different.type))
    if not pc.any(odd).as_py():
        return ()
    rest = different.filter(pc.invert(odd))
    if number_reading(rest) or date_reading(rest):
        return tuple(sorted(different.filter(odd).to_pylist()))
    return ()


def _written(found: str, stood_for: tuple[str, ...]) -> str:
    how = {
        "plain": "plain",
        "thousands": "a comma between thousands",
        "decimal comma": "a decimal comma",
        "percent": "a percent sign, so they are divided by 100",
        "currency": "a currency sign",
    }[found]
    return how + (f"; {', '.join(map(repr, stood_for))} read as missing" if stood_for else "")


def _from_numbers(column: Column, numbers: pa.ChunkedArray, how: str = "") -> Reading:
    limits = pc.min_max(numbers).as_py()
    if limits == {"min": 0.0, "max": 1.0} and pc.all(pc.equal(numbers, pc.floor(numbers))).as_py():
        words = pc.if_else(pc.equal(numbers, 1.0), pa.scalar("1"), pa.scalar("0"))
        return _levels(column, words, "boolean", ("0", "1"), "Its only values are 0 and 1.")
    return _finish(replace(column, type="number"), numbers, "type", f"Its values are numbers{how}.")


def _from_dates(column: Column, words: pa.ChunkedArray, *, both_ways: bool) -> Reading:
    note = "; day and month could be read the other way round too" if both_ways else ""
    sentence = f"Its values are dates written {column.reading}{note}."
    return _finish(replace(column, type="datetime"), to_dates(words, column.reading), "type", sentence)


def _from_levels(column: Column, words: pa.ChunkedArray, different: pa.Array) -> Reading:
    levels = sorted(different.to_pylist()) if len(different) <= MOST_LEVELS else []
    pair = boolean_pair(tuple(levels))
    if pair:
        return _levels(column, words, "boolean", pair, f"Its only values are {pair[0]!r} and {pair[1]!r}.")
    count, filled = len(different), len(words) - words.null_count
    if count <= FEW_LEVELS or count <= min(MOST_LEVELS, filled // 10):
        folded = len({level.casefold() for level in levels})
        note = f"; {count - folded} of them differ from another only in case" if folded < count else ""
        sentence = f"Its values are words, {count:,} different ones{note}."
        return _levels(column, words, "category", tuple(levels), sentence + _odd_ones(different))
    sentence = f"Its values are words, {count:,} different ones in {filled:,} rows: too many for a category."
    read_so = _finish(replace(column, type="text"), words, "type", sentence + _odd_ones(different))
    return replace(read_so, distinct=count)


def _odd_ones(different: pa.Array) -> str:
    """Says that nearly all words are numbers, and which are not."""
    probe = pc.match_substring_regex(different.slice(0, _PROBE), NUMBER_PATTERNS["plain"])
    if 10 * pc.sum(probe).as_py() < 8 * len(probe):
        return ""
    good = pc.match_substring_regex(different, NUMBER_PATTERNS["plain"])
    bad = different.filter(pc.invert(good))
    if is_code(different):
        return " They are digits of one width with leading zeros, so they are codes, not numbers."
    if len(bad) * 10 > len(different):
        return ""
    shown = f"{bad[0].as_py()!r:.40}"
    return f" All but {len(bad):,} are numbers; {shown} is not: set the type to number to read such words as missing."


def _levels(
    column: Column, words: pa.ChunkedArray, kind: ColumnType, levels: tuple[str, ...], sentence: str
) -> Reading:
    found = _finish(replace(column, type=kind, levels=levels), words, "type", sentence)
    return replace(found, distinct=len(levels))


def _finish(column: Column, values: pa.ChunkedArray, about: str, sentence: str) -> Reading:
    column = replace(column, missing=values.null_count)
    sentences = [(about, sentence)]
    if column.missing:
        sentences.append(("missing", f"{column.missing:,} of {len(values):,} rows have no value."))
    return Reading(column, values, None, tuple(sentences))


def _told(column: Column, raw: pa.ChunkedArray, kind: ColumnType) -> Reading:
    """Reads a column as the type a person gave."""
    column = replace(column, type=kind)
    if is_words(raw.type) and kind in {"number", "datetime"}:
        column = replace(column, reading=_best_reading(raw, column))
    before = missing.blanks_to_null(as_string(raw), column.missing_words) if is_words(raw.type) else raw
    if kind in {"category", "boolean"}:
        different = pc.unique(as_words(raw, replace(column, type="text"))).drop_null()
        if len(different) > (2 if kind == "boolean" else MOST_LEVELS):
            most = "two" if kind == "boolean" else f"{MOST_LEVELS:,}"
            raise DataError(
                f"Column {column.name!r} has {len(different):,} different values: a {kind} has at most {most}."
            )
        levels = tuple(sorted(different.to_pylist()))
        column = replace(column, levels=(boolean_pair(levels) or levels) if kind == "boolean" else levels)
    values = read_as(raw, column)
    lost = values.null_count - before.null_count
    note = f"; {lost:,} values could not be read so and count as missing" if lost > 0 else ""
    found = _finish(column, values, "type", f"You said that it is a {kind}{note}.")
    return replace(found, distinct=len(column.levels) if column.levels else None)


def _best_reading(raw: pa.ChunkedArray, column: Column) -> str:
    """Returns the way of writing that reads most of the words."""
    words = pc.unique(missing.blanks_to_null(as_string(raw), column.missing_words)).drop_null()
    readings = NUMBER_PATTERNS if column.type == "number" else DATE_PATTERNS
    convert = to_numbers if column.type == "number" else to_dates
    return min(readings, key=lambda reading: convert(words, reading).null_count)


def boolean_pair(levels: tuple[str, ...]) -> tuple[str, str] | None:
    """Returns two levels as (no, yes) when they are such words, in their own spelling.

    >>> boolean_pair(("Yes", "No")), boolean_pair(("DSL", "No"))
    (('No', 'Yes'), None)
    """
    if len(levels) != 2:
        return None
    by_fold = {level.casefold(): level for level in levels}
    for no, yes in BOOLEAN_WORDS:
        if by_fold.keys() == {no, yes}:
            return by_fold[no], by_fold[yes]
    return None
