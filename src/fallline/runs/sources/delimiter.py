"""The delimiter of a CSV file: the one that splits every line into the same number of values."""

from __future__ import annotations

import csv
import io
from collections import Counter

from fallline.core.errors import DataError

DELIMITERS: dict[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
"""The delimiters that are looked for, and how they are called."""

_RECORDS = 500
_MOSTLY = 0.5


def find_delimiter(head: str, name: str) -> str:
    r"""Finds the delimiter from the start of a file.

    Args:
        head: the first lines, the last of them whole.
        name: how to call the file in an error.

    Raises:
        DataError: several delimiters, or none, fit; says which.

    >>> find_delimiter("a;b\n1,5;2\n", "x.csv")
    ';'
    """
    widths = {mark: _widths(head, mark) for mark in DELIMITERS}
    several = {mark: found for mark, found in widths.items() if found and found[0] > 1}
    even = [mark for mark, found in several.items() if len(set(found)) == 1]
    if len(even) == 1:
        return even[0]
    if even:
        named = " and ".join(f"the {DELIMITERS[mark]} {mark!r}" for mark in even)
        raise DataError(f"{name} is ambiguous: {named} both split every line evenly. Say which is the delimiter.")
    mostly = {mark: Counter(found)[found[0]] / len(found) for mark, found in several.items()}
    best = max(mostly, key=lambda mark: mostly[mark], default=None)
    if best is not None and mostly[best] > _MOSTLY:
        return best
    if best is None and not any(len(found) > 1 and found[1] > 1 for found in widths.values()):
        raise DataError(
            f"{name} has one column only: its first line holds no comma, semicolon, tab or vertical bar, "
            "and a table needs a target and a feature at least."
        )
    raise DataError(
        f"{name} is not split evenly by comma, semicolon, tab or vertical bar: its lines differ in their number of "
        "values from the first line. Check the header and the delimiter."
    )


def _widths(head: str, mark: str) -> list[int]:
    """Counts the values of each record under one delimiter."""
    found: list[int] = []
    try:
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=mark):
            if record:
                found.append(len(record))
            if len(found) == _RECORDS:
                break
    except csv.Error:  # a field beyond the limit: what was read so far decides
        pass
    return found
