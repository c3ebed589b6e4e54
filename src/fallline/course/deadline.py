"""Deadlines: when an assessment opens, is due, and closes for one person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fallline.course.calendar import Window, plus_days
from fallline.course.policies import Policies


@dataclass(frozen=True)
class Deadlines:
    """Instants in the course's zone.

    Attributes:
        opens: from when it may be started.
        due: until when it is on time.
        closes: until when it is taken at all; later than due only where lateness is allowed.
    """

    opens: dt.datetime
    due: dt.datetime
    closes: dt.datetime


def deadlines(window: Window, policies: Policies, zone: str, *, late: bool, extended: float | None = None) -> Deadlines:
    """Returns the deadlines of one person.

    Args:
        window: of the calendar.
        policies: for the steps of lateness.
        zone: of the course.
        late: whether this assessment may be handed in late.
        extended: another deadline, seconds since 1970, that the person was granted; it never shortens theirs.
    """
    due = window.due
    if extended is not None:
        due = dt.datetime.fromtimestamp(max(extended, due.timestamp()), ZoneInfo(zone))
    closes = plus_days(due, policies.late[-1].days) if late and policies.late else due
    return Deadlines(window.opens, due, closes)
