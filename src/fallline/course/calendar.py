"""The calendar: weeks of a term, and moments on the wall clock of the course's own time zone.

A date is written as week, weekday and time, and becomes an instant only with the term: the same content serves every
cohort. "Plus n days" is arithmetic on the wall clock, so that 23:59 stays 23:59 across a change to summer time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, field_validator, model_validator

from fallline.core.choice import nearest
from fallline.course.loader import ContentModel

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Kind = Literal["activity", "quiz", "project", "exam"]


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        close = nearest(name, _zones())
        msg = "an IANA time zone" + (f"; did you mean {close!r}?" if close else "")
        raise ValueError(msg)
    return name


class Term(ContentModel):
    """When a course runs.

    Attributes:
        start: the Monday of week 1.
        zone: IANA name of the time zone that all dates are meant in.
        weeks: how many.
        pace: ``calendar`` holds everyone to the dates; ``own`` opens everything, with no deadline.
    """

    start: dt.date
    zone: Annotated[str, AfterValidator(_zone)]
    weeks: Annotated[int, Field(ge=1, le=52)] = 14
    pace: Literal["calendar", "own"] = "calendar"

    @field_validator("start")
    @classmethod
    def _monday(cls, start: dt.date) -> dt.date:
        if start.weekday() != 0:
            msg = f"a Monday; it is a {DAYS[start.weekday()]}"
            raise ValueError(msg)
        return start


class WeekMoment(ContentModel):
    """A time of the week.

    Attributes:
        day: as in ``Sunday``.
        time: as in ``23:59``, 24 hours.
    """

    day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

    def on(self, term: Term, week: int) -> dt.datetime:
        """Returns the wall-clock time in a week of the term, without a zone."""
        date = term.start + dt.timedelta(days=7 * (week - 1) + DAYS.index(self.day))
        return dt.datetime.combine(date, dt.time.fromisoformat(self.time))


class Entry(ContentModel):
    """One assessment in the calendar.

    Attributes:
        slug: of the assessment.
        kind: which component of the scheme it counts to.
        title: for people.
        week: in which it opens.
        until: the week in which it is due; by default the same.
        opens: when.
        due: when.
    """

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    kind: Kind
    title: Annotated[str, Field(min_length=1, max_length=80)]
    week: Annotated[int, Field(ge=1, le=52)]
    until: Annotated[int, Field(ge=1, le=52)] | None = None
    opens: WeekMoment
    due: WeekMoment

    @model_validator(mode="after")
    def _ordered(self) -> Entry:
        if self.until is not None and self.until < self.week:
            msg = f"due in week {self.week} or later; until is {self.until}"
            raise ValueError(msg)
        return self

    @property
    def last_week(self) -> int:
        """The week in which it is due."""
        return self.until if self.until is not None else self.week


ANY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
NO_DEADLINE = dt.datetime(2999, 12, 31, tzinfo=dt.UTC)
"""Instants long before and long after anybody's course: what opens and is due when nothing is dated."""


@dataclass(frozen=True)
class Window:
    """When an assessment may be worked on.

    Attributes:
        opens: an instant, in the course's zone.
        due: an instant, in the course's zone.
    """

    opens: dt.datetime
    due: dt.datetime


def instant(wall: dt.datetime, zone: str) -> dt.datetime:
    """Returns the instant that a clock on the wall shows; of two, the later: it is the one that hurts nobody.

    Raises:
        ValueError: no clock ever shows it, because summer time skips it.

    >>> instant(dt.datetime(2027, 3, 28, 2, 30), "Europe/Berlin")
    Traceback (most recent call last):
    ValueError: 2027-03-28 02:30 does not exist in Europe/Berlin: summer time skips it
    """
    aware = wall.replace(tzinfo=ZoneInfo(zone), fold=1)
    back = aware.astimezone(dt.UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if back != wall.replace(fold=0):
        msg = f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: summer time skips it"
        raise ValueError(msg)
    return aware


def window(entry: Entry, term: Term) -> Window:
    """Returns when an entry opens and is due; at one's own pace it is open and has no deadline.

    Raises:
        ValueError: a time that does not exist, or due before it opens.
    """
    if term.pace == "own":
        zone = ZoneInfo(term.zone)
        return Window(ANY_TIME.astimezone(zone), NO_DEADLINE.astimezone(zone))
    made = Window(
        instant(entry.opens.on(term, entry.week), term.zone), instant(entry.due.on(term, entry.last_week), term.zone)
    )
    if made.due.timestamp() <= made.opens.timestamp():
        msg = f"{entry.slug} is due {made.due:%Y-%m-%d %H:%M}, not after it opens {made.opens:%Y-%m-%d %H:%M}"
        raise ValueError(msg)
    return made


def plus_days(moment: dt.datetime, days: int) -> dt.datetime:
    """Returns the same time on the wall, days later, in the moment's own zone; a skipped time moves on.

    >>> plus_days(instant(dt.datetime(2027, 3, 27, 23, 59), "Europe/Berlin"), 1).isoformat()
    '2027-03-28T23:59:00+02:00'
    """
    shifted = (moment.replace(tzinfo=None) + dt.timedelta(days=days)).replace(tzinfo=moment.tzinfo, fold=1)
    return shifted.astimezone(dt.UTC).astimezone(moment.tzinfo)


def until(moment: dt.datetime) -> str:
    """Writes how long something is open, as the end of a sentence.

    >>> until(NO_DEADLINE)
    'at any time'
    """
    return "at any time" if moment >= NO_DEADLINE else f"until {shown(moment)}"


def shown(moment: dt.datetime) -> str:
    """Writes an instant for a person, with its offset; one that is no deadline is called so.

    >>> shown(instant(dt.datetime(2027, 3, 28, 23, 59), "Europe/Berlin"))
    'Sunday 28 March 2027, 23:59 (UTC+02:00)'
    """
    if not ANY_TIME < moment < NO_DEADLINE:
        return "any time"
    offset = moment.strftime("%z")
    return f"{DAYS[moment.weekday()]} {moment.day} {moment:%B %Y, %H:%M} (UTC{offset[:3]}:{offset[3:5]})"
