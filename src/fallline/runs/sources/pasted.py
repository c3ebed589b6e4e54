"""A small table pasted into a lab: two columns of numbers and a label, checked cell by cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import SpecError

Array = NDArray[np.float64]
MOST_ROWS, FEWEST_ROWS = 300, 10
MOST_CLASSES = 6
SHOWN = 24
"""Characters of a cell that a refusal quotes."""


@dataclass(frozen=True, eq=False)
class Pasted:
    """What a pasted table says.

    Attributes:
        names: of the two columns and of the label.
        points: shape (n, 2).
        labels: classes from 0 on, or numbers; shape (n,).
        classes: their names as written, in order; none where the label is a number.
    """

    names: tuple[str, str, str]
    points: Array
    labels: Array
    classes: tuple[str, ...]


def read_pasted(text: str) -> Pasted:
    r"""Reads a table of three columns, separated by commas, semicolons or tabs; a first row of names may be missing.

    A label with at most six different values is a class, one with more is a number.

    Raises:
        SpecError: which row and column, what stands there, and what was expected.

    >>> read_pasted("x,y,kind\n" + "1,2,a\n3,5,b\n" * 5).classes
    ('a', 'b')
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise SpecError("table", "", "a table with three columns: two of numbers, then a label")
    mark = next((mark for mark in ("\t", ";") if mark in lines[0][1]), ",")
    rows = [(number, [cell.strip().strip('"') for cell in line.split(mark)]) for number, line in lines]
    for number, cells in rows:
        if len(cells) != 3:
            raise SpecError(
                "table", f"{len(cells)} cells", f"three cells in row {number}", "Two numbers, then a label."
            )
    names = ("x₁", "x₂", "label")
    if all(_number(cell) is None for cell in rows[0][1][:2]):
        names = (rows[0][1][0][:40], rows[0][1][1][:40], rows[0][1][2][:40])
        rows = rows[1:]
    if not FEWEST_ROWS <= len(rows) <= MOST_ROWS:
        hint = "Take a sample of its rows." if len(rows) > MOST_ROWS else ""
        raise SpecError("table", f"{len(rows)} rows", f"{FEWEST_ROWS} to {MOST_ROWS} rows of data", hint)
    points = np.array([[_checked(number, place, names, cells[place]) for place in (0, 1)] for number, cells in rows])
    for place in (0, 1):
        if float(np.ptp(points[:, place])) == 0.0:
            raise SpecError("table", f"{points[0, place]:g} in every row", f"more than one value in {names[place]!r}")
    return Pasted(names, points, *_labels(rows, names))


def _labels(rows: list[tuple[int, list[str]]], names: tuple[str, str, str]) -> tuple[Array, tuple[str, ...]]:
    """The labels as classes where they are few, else as numbers."""
    found = sorted({cells[2] for _, cells in rows})
    if len(found) == 1:
        raise SpecError("table", found[0][:SHOWN], f"more than one value in {names[2]!r}")
    if len(found) > MOST_CLASSES:
        return np.array([_checked(number, 2, names, cells[2]) for number, cells in rows]), ()
    return np.array([float(found.index(cells[2])) for _, cells in rows]), tuple(each[:SHOWN] for each in found)


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace("−", "-")) if len(cell) <= 40 and "_" not in cell else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e12 else None


def _checked(row: int, place: int, names: tuple[str, str, str], cell: str) -> float:
    """A cell as a number."""
    value = _number(cell)
    if value is None:
        hint = "A label may have at most six different values where they are no numbers." if place == 2 else ""
        raise SpecError("table", cell[:SHOWN], f"a number in row {row}, column {place + 1} ({names[place]})", hint)
    return value
