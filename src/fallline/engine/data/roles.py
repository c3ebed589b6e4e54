"""Roles: which columns identify a row, never change, or cannot be used."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from fallline.engine.data.reading import Reading
from fallline.engine.data.schema import ColumnRole

_ID_NAME = re.compile(r"(^|[_\W])(id|uuid|guid|rownames?|rowid|index|key|pk)$|[a-z]I[dD]$|^unnamed: ?\d+$|^column_1$")
_FEWEST_ROWS = 10
_NEARLY = 0.95


def role_of(reading: Reading) -> tuple[ColumnRole, str] | None:
    """Infers what a column other than the target is for.

    Returns:
        The role and the sentence that says why; None for a feature.
    """
    column, values = reading.column, reading.values
    filled = len(values) - values.null_count
    if not filled:
        return "ignored", "It has no value in any row, so it is left out."
    if column.type == "boolean":
        return None
    distinct = _distinct(reading)
    if distinct == 1 and not column.missing:
        return "constant", f"It is {_shown(values[0].as_py())} in every row, so it tells nothing."
    if column.type != "datetime" and distinct is not None and distinct > 2 and filled >= _FEWEST_ROWS:
        reason = _identifies(reading, distinct, filled)
        if reason:
            return "id", reason
    if column.type == "text":
        return "ignored", "It is free text, which the models here do not read; make it a category to use it."
    return None


def _distinct(reading: Reading) -> int | None:
    """Counts different values, unless they are measurements (numbers that are not whole), which identify nothing."""
    if reading.distinct is not None:
        return reading.distinct
    values = reading.values
    if reading.column.type == "number":
        limits = pc.min_max(values).as_py()
        if limits["min"] == limits["max"]:
            return 1
        if not pc.all(pc.equal(values, pc.floor(values))).as_py():
            return None
    return int(pc.count_distinct(values).as_py())


def _identifies(reading: Reading, distinct: int, filled: int) -> str | None:
    """Says why a column identifies rows, or None when it does not."""
    column, values = reading.column, reading.values
    named = is_id_name(column.name)
    unique = distinct >= _NEARLY * filled
    how = "different in every row" if distinct == filled else f"different in {100 * distinct / filled:.1f} % of rows"
    if named and unique:
        return f"It is {how} and its name says that it identifies them, so it is no feature."
    if named and column.type != "category" and distinct > 20:
        return (
            f"Its name says that it identifies something, and its {distinct:,} values recur: consider a grouped split."
        )
    if not unique:
        return None
    return _numbered(values, how, filled) if column.type == "number" else _worded(values, how, filled)


def _numbered(values: pa.ChunkedArray, how: str, filled: int) -> str | None:
    """Says why whole numbers that do not recur are no measurement."""
    limits = pc.min_max(values).as_py()
    if limits["max"] - limits["min"] <= 1.1 * filled:
        return f"Its whole numbers are {how} and leave hardly a gap, as row numbers do, so it is no feature."
    if limits["max"] > 2**53:
        return f"Its whole numbers are {how} and have more digits than a measurement has, so it is no feature."
    return None


def _worded(values: pa.ChunkedArray, how: str, filled: int) -> str | None:
    """Says why words that do not recur identify rows, unless they are sentences."""
    spaced = pc.sum(pc.match_substring(values, " ")).as_py() or 0
    return f"Its words are {how}, so it identifies rows and is no feature." if spaced * 20 <= filled else None


def is_id_name(name: str) -> bool:
    """Says whether a name is one that identifiers have.

    >>> [is_id_name(name) for name in ("customerID", "user_id", "paid", "Unnamed: 0", "humid", "index")]
    [True, True, False, True, False, True]
    """
    return bool(_ID_NAME.search(name) or _ID_NAME.search(name.casefold()))


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f"{value!r:.60}"
