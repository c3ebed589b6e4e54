"""The header: names that are there, differ, and can be shown anywhere without harm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from fallline.core.errors import DataError
from fallline.engine.data.schema import Reason

MOST_COLUMNS = 2000
LONGEST_NAME = 200
_NUMBER = re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")


def column_names(header: Sequence[str], name: str) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """Checks the names of the columns; blanks around and within them are made single.

    Args:
        header: the names as written.
        name: how to call the file in an error.

    Returns:
        The names, and a reason for each one that was changed.

    Raises:
        DataError: too many columns, two of one name, a name like a spreadsheet formula, with control characters, or
            too long, or numbers where names should be.

    >>> column_names(["", " fee "], "x.csv")[0]
    ('column_1', 'fee')
    """
    if len(header) > MOST_COLUMNS:
        raise DataError(f"{name} has {len(header):,} columns: at most {MOST_COLUMNS:,} are read.")
    reasons: list[Reason] = []
    names: list[str] = []
    for place, written in enumerate(header, 1):
        tidy = " ".join(written.split())
        if not tidy:
            tidy = f"column_{place}"
            reasons.append(Reason(tidy, "file", f"Column {place} has no name in the header, so it is called {tidy!r}."))
        _check(tidy, place, name)
        if tidy in names:
            first = names.index(tidy) + 1
            raise DataError(f"{name} has the column name {tidy!r} twice, in columns {first} and {place}: rename one.")
        names.append(tidy)
    numbers = [each for each in names if _NUMBER.match(each)]
    if len(numbers) * 2 > len(names) and not _are_places(numbers):
        raise DataError(f"{name} has numbers where its first line should name the columns: add a line of names.")
    return tuple(names), tuple(reasons)


def _check(tidy: str, place: int, name: str) -> None:
    if len(tidy) > LONGEST_NAME:
        raise DataError(
            f"{name}: the name of column {place} has {len(tidy):,} characters; at most {LONGEST_NAME} are read."
        )
    if tidy[0] in "=+-@" and not _NUMBER.match(tidy):
        raise DataError(
            f"{name}: the name of column {place}, {tidy[:60]!r}, begins like a spreadsheet formula: rename it."
        )
    hidden = next((char for char in tidy if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}), None)
    if hidden is not None:
        raise DataError(
            f"{name}: the name of column {place} holds the invisible character U+{ord(hidden):04X}: retype it."
        )


def _are_places(numbers: list[str]) -> bool:
    """Says whether the names count 0, 1, 2 … or 1, 2, 3 …, as columns without names are exported."""
    if not all(each.isdecimal() for each in numbers):
        return False
    values = [int(each) for each in numbers]
    return values[0] in {0, 1} and values == list(range(values[0], values[0] + len(values)))
