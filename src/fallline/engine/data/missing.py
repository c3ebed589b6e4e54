"""Missing values: the words that stand for one in files.

Some words always mean a missing value (``NA``, ``?``, a blank). Others may be a level of a category (``none``,
``unknown``, ``-``), and mean a missing value only where everything else in the column is a number or a date.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

ALWAYS: tuple[str, ...] = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "null", "NULL", "Null", "<NA>", "?")
"""Words that mean a missing value in any column, besides the blank."""

AMONG_NUMBERS: tuple[str, ...] = (
    *("none", "None", "NONE", "-", "--", ".", "na", "Na", "unknown", "Unknown", "missing", "Missing", "nil", "nd"),
    *("inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity", "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "(blank)"),
)
"""Words that mean a missing value only where everything else is a number or a date."""


def blanks_to_null(words: pa.ChunkedArray, missing_words: tuple[str, ...]) -> pa.ChunkedArray:
    """Trims each word and turns blanks and missing words into nulls.

    >>> blanks_to_null(pa.chunked_array([[" a", " ", "NA"]]), ("NA",)).to_pylist()
    ['a', None, None]
    """
    trimmed = pc.utf8_trim_whitespace(words)
    gone = pc.is_in(trimmed, value_set=pa.array(["", *missing_words], trimmed.type))
    return pc.if_else(gone, pa.scalar(None, trimmed.type), trimmed) if pc.any(gone).as_py() else trimmed
