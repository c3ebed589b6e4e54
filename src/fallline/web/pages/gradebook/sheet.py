"""Sheet: a gradebook as CSV for a spreadsheet, in which no cell can be a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from fractions import Fraction

from fallline.course.calendar import ANY_TIME, NO_DEADLINE
from fallline.course.exact import half_up
from fallline.web.pages.gradebook.book import Book

HEAD = ("component", "weight", "assessment", "title", "opens", "due", "state", "mark", "exact mark", "worth", "earned")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def inert(text: str) -> str:
    """Returns a cell that a spreadsheet reads as text: one that would start a formula gets an apostrophe before it.

    >>> inert("=HYPERLINK(1)"), inert("Quiz 1"), inert("  @SUM"), inert("−0.5")
    ("'=HYPERLINK(1)", 'Quiz 1', "'  @SUM", '−0.5')
    """
    return f"'{text}" if text.lstrip().startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def sheet(book: Book, decimals: int) -> str:
    """Writes a gradebook as CSV: a line for each assessment, then both totals. Percent, rounded for reading alone."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEAD)
    for part in book.parts:
        for line in part.lines:
            score = line.entry.score
            writer.writerow(
                _cells(
                    part.component.label,
                    _number(part.component.weight, 2),
                    line.entry.assessment,
                    line.at.entry.title,
                    _date(line.at.dates.opens),
                    _date(line.at.dates.due),
                    str(line.entry.state),
                    _number(None if score is None else 100 * score, decimals),
                    "" if score is None else f"{score.numerator} of {score.denominator}",
                    _number(line.worth, 2),
                    _number(line.earned, 2),
                )
            )
    so_far, nothing_more = book.totals.shown(decimals)
    blank = ("",) * 4
    counted = _number(book.totals.counted, 2)
    writer.writerow(_cells("so far", counted, *blank, "", "" if so_far is None else str(so_far), "", "", ""))
    last = "" if nothing_more is None else str(nothing_more)
    writer.writerow(_cells("if nothing more", "100", *blank, "", last, "", "", ""))
    return written.getvalue()


def _cells(*cells: str) -> Iterable[str]:
    return [inert(cell) for cell in cells]


def _date(moment: dt.datetime) -> str:
    return moment.isoformat() if ANY_TIME < moment < NO_DEADLINE else ""


def _number(value: Fraction | None, decimals: int) -> str:
    return "" if value is None else str(half_up(value, decimals))
