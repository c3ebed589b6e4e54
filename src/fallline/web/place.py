"""Place: which week one is at; by the calendar while the term runs, else by the week last opened."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from fallline.core.person import Person
from fallline.course.calendar import Term
from fallline.web.services import Services

NOTE = "week"


def here(services: Services, person: Person) -> int:
    """Returns the number of the week the person is at, from 1."""
    by_date = week_of(services.course.term, services.clock())
    if by_date is not None:
        return by_date
    left = services.notebook.note(person, NOTE) or ""
    number = int(left) if left.isdigit() else 1
    return min(max(number, 1), len(services.course.weeks))


def week_of(term: Term, now: float) -> int | None:
    """Returns the week of the term at a moment, or None outside it.

    >>> week_of(Term(start=dt.date(2026, 9, 7), zone="Europe/Berlin"), dt.datetime(2026, 9, 14, 12).timestamp())
    2
    """
    today = dt.datetime.fromtimestamp(now, ZoneInfo(term.zone)).date()
    week = (today - term.start).days // 7 + 1
    return week if 1 <= week <= term.weeks else None
