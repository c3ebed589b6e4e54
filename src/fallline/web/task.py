"""Task: an assessment as one person meets it: when it is open to them, and how far they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from fallline.core.person import Person
from fallline.course.calendar import Entry
from fallline.course.deadline import Deadlines, deadlines
from fallline.web.services import Services

WORDS = {"open": "begun", "submitted": "handed in", "graded": "marked"}


@dataclass(frozen=True)
class Task:
    """An assessment for one person.

    Attributes:
        entry: of the calendar.
        dates: their own, an extension included.
        state: ``coming``, ``open`` or ``closed``.
        done: how far the last attempt is, in words; empty when there is none.
    """

    entry: Entry
    dates: Deadlines
    state: Literal["coming", "open", "closed"]
    done: str


def task(services: Services, person: Person, entry: Entry) -> Task:
    """Returns an assessment as the person meets it now."""
    course = services.course
    granted = [
        allowance.due
        for allowance in services.roster.allowances(person.id, person)
        if allowance.assessment in ("", entry.slug) and allowance.due is not None
    ]
    extended = max(granted, default=None)
    window = course.window(entry.slug)
    dates = deadlines(window, course.policies, course.term.zone, late=False, extended=extended)
    now = dt.datetime.fromtimestamp(services.clock(), dt.UTC)
    state: Literal["coming", "open", "closed"] = (
        "coming" if now < dates.opens else "open" if now < dates.closes else "closed"
    )
    attempts = services.roster.attempts(person, entry.slug)
    return Task(entry, dates, state, WORDS[attempts[-1].state] if attempts else "")


def tasks(services: Services, person: Person) -> list[Task]:
    """Returns all assessments of the course as the person meets them."""
    return [task(services, person, entry) for entry in services.course.calendar]
