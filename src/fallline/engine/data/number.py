"""Numbers written as words: plain, with thousands separators, a decimal comma, a percent or a currency sign."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_PLAIN = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
PATTERNS: dict[str, str] = {
    "plain": rf"^{_PLAIN}$",
    "thousands": r"^[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$",
    "decimal comma": r"^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$",
    "percent": rf"^{_PLAIN} ?%$",
    "currency": r"^[-+]?[$€£] ?[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$",
}
"""How numbers may be written → the pattern that every word must match, in the order they are tried."""

LARGEST = 3.4028234663852886e38
"""The largest finite number in single precision."""

_DROPPED = {"thousands": ",", "percent": "[ %]", "currency": "[$€£, ]", "plain": r"^\+"}


def number_reading(words: pa.Array) -> str | None:
    """Finds how a column of words writes its numbers.

    Args:
        words: the different words, without nulls.

    Returns:
        A key of `PATTERNS`, or None when they are not all numbers in one way of writing. A column of codes such as
        ``00123`` (leading zeros, one width) is none: the zeros would be lost.

    >>> number_reading(pa.array(["1,200", "3"]))
    'thousands'
    >>> number_reading(pa.array(["1,25", "3,5"]))
    'decimal comma'
    >>> number_reading(pa.array(["00123", "45678"])) is None
    True
    """
    if not len(words) or is_code(words):
        return None
    for reading, pattern in PATTERNS.items():
        if pc.all(pc.match_substring_regex(words, pattern)).as_py():
            return reading
    return None


def is_code(words: pa.Array) -> bool:
    """Says whether the words are codes of digits: all of one width, some with a leading zero.

    >>> is_code(pa.array(["02134", "90210"])), is_code(pa.array(["0", "7"]))
    (True, False)
    """
    widths = pc.min_max(pc.utf8_length(words)).as_py()
    if widths["min"] != widths["max"] or widths["min"] < 2:
        return False
    digits = pc.all(pc.match_substring_regex(words, r"^\d+$")).as_py()
    return bool(digits and pc.any(pc.starts_with(words, "0")).as_py())


def to_numbers(words: pa.Array | pa.ChunkedArray, reading: str) -> pa.Array | pa.ChunkedArray:
    """Reads words as float64; one that does not fit the way of writing, or is not finite, becomes null; see `finite`.

    >>> to_numbers(pa.array(["1.200,5", "x", None]), "decimal comma").to_pylist()
    [1200.5, None, None]
    """
    fits = pc.match_substring_regex(words, PATTERNS[reading])
    words = pc.if_else(fits, words, pa.scalar(None, words.type))
    if reading == "decimal comma":
        words = pc.replace_substring(pc.replace_substring(words, ".", ""), ",", ".")
    else:
        words = pc.replace_substring_regex(words, _DROPPED[reading], "")
    numbers = pc.cast(pc.replace_substring_regex(words, r"^\+", ""), pa.float64())
    if reading == "percent":
        numbers = pc.divide(numbers, 100.0)
    return finite(numbers)


def finite(numbers: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Turns NaN, infinities, and what would be infinite in the single precision that models see into nulls.

    >>> finite(pa.array([1.0, float("nan"), -1e39])).to_pylist()
    [1.0, None, None]
    """
    good = pc.less_equal(pc.abs(numbers), LARGEST)
    return numbers if pc.all(good).as_py() is not False else pc.if_else(good, numbers, pa.scalar(None, pa.float64()))


def number_words(numbers: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Writes numbers as words, whole ones without a decimal point.

    >>> number_words(pa.array([1234567.0, None, 0.5])).to_pylist()
    ['1234567', None, '0.5']
    """
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), 2.0**53))
    words = pc.cast(pc.cast(pc.if_else(whole, numbers, pa.scalar(None, pa.float64())), pa.int64()), pa.string())
    return pc.coalesce(words, pc.cast(numbers, pa.string()))
