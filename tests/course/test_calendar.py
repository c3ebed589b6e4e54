"""The calendar: weeks become instants, on the wall clock of the course's zone, through both changes of the clock."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fallline.course.calendar import Entry, Term, WeekMoment, instant, plus_days, shown, until, window
from fallline.course.content import load_course
from fallline.course.deadline import deadlines
from fallline.course.policies import LateStep, Policies

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]
SUNDAY = WeekMoment(day="Sunday", time="23:59")
MONDAY = WeekMoment(day="Monday", time="09:00")


def entry(**changes: object) -> Entry:
    """A quiz in week 3."""
    plain = {"slug": "quiz-1", "kind": "quiz", "title": "Quiz 1", "week": 3, "opens": MONDAY, "due": SUNDAY}
    return Entry.model_validate(plain | changes)


def test_week_and_weekday_become_an_instant() -> None:
    """Week 3's Sunday is 20 days after the Monday of week 1, at the local time."""
    made = window(entry(), Term(start=dt.date(2027, 2, 1), zone="America/New_York"))
    assert made.due.isoformat() == "2027-02-21T23:59:00-05:00"
    assert made.opens.isoformat() == "2027-02-15T09:00:00-05:00"
    assert shown(made.due) == "Sunday 21 February 2027, 23:59 (UTC-05:00)"


def test_a_time_that_summer_time_skips_is_refused() -> None:
    """02:30 on the night of the change exists on no clock."""
    term = Term(start=dt.date(2027, 3, 22), zone="Europe/Berlin")
    skipped = entry(week=1, due=WeekMoment(day="Sunday", time="02:30"))
    with pytest.raises(ValueError, match="does not exist"):
        window(skipped, term)


def test_of_two_times_the_later_counts() -> None:
    """When the clock goes back, 02:30 comes twice, and a deadline means the second."""
    assert instant(dt.datetime(2027, 10, 31, 2, 30), "Europe/Berlin").astimezone(dt.UTC).hour == 1  # noqa: DTZ001 - a wall clock has no zone


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 30), st.sampled_from(ZONES))
def test_plus_days_keeps_the_wall_clock(offset: int, days: int, zone: str) -> None:
    """23:59 plus n days is 23:59, through every change of the clock in a year."""
    wall = dt.datetime(2026, 10, 1, 23, 59) + dt.timedelta(days=offset)  # noqa: DTZ001 - a wall clock has no zone
    later = plus_days(instant(wall, zone), days)
    assert (later.hour, later.minute) == (23, 59)
    assert later.date() == wall.date() + dt.timedelta(days=days)


def test_due_before_opening_is_refused() -> None:
    """An assessment that is due before it opens cannot be."""
    with pytest.raises(ValueError, match="not after it opens"):
        window(entry(opens=SUNDAY, due=MONDAY), Term(start=dt.date(2027, 2, 1), zone="UTC"))


@pytest.mark.parametrize(
    ("start", "zone", "message"),
    [(dt.date(2027, 2, 2), "UTC", "a Monday"), (dt.date(2027, 2, 1), "Europe/Berln", "Europe/Berlin")],
)
def test_a_bad_term_says_what_was_expected(start: dt.date, zone: str, message: str) -> None:
    """A start that is no Monday and a zone that does not exist are refused, with the nearest known name."""
    with pytest.raises(ValidationError, match=message):
        Term(start=start, zone=zone)


def test_late_steps_at_their_edges() -> None:
    """The grace second still counts as on time, the next does not; each step ends with its own grace."""
    policies = Policies(
        grace_seconds=60, late=(LateStep(days=1, credit=Fraction(9, 10)), LateStep(days=3, credit=Fraction(7, 10)))
    )
    due = instant(dt.datetime(2027, 3, 27, 23, 59), "Europe/Berlin")  # noqa: DTZ001 - a wall clock has no zone

    def credit(seconds: float) -> Fraction:
        return policies.late_credit(due.astimezone(dt.UTC) + dt.timedelta(seconds=seconds), due)

    assert [credit(s) for s in (-1, 0, 60, 61)] == [1, 1, 1, Fraction(9, 10)]
    day_after = 23 * 3600 + 60  # the next night is an hour short
    assert credit(day_after) == Fraction(9, 10)
    assert credit(day_after + 1) == Fraction(7, 10)
    assert credit(10 * 86400) == 0


def test_an_extension_moves_the_deadline_and_never_shortens_it() -> None:
    """Somebody's later deadline moves due and closing time; an earlier one changes nothing."""
    term = Term(start=dt.date(2027, 2, 1), zone="Europe/Berlin")
    frame = window(entry(), term)
    policies = Policies(late=(LateStep(days=2, credit=Fraction(1, 2)),))
    plain = deadlines(frame, policies, term.zone, late=True)
    assert plain.closes == plus_days(plain.due, 2)
    longer = deadlines(frame, policies, term.zone, late=False, extended=(frame.due + dt.timedelta(days=5)).timestamp())
    assert longer.due == frame.due + dt.timedelta(days=5) == longer.closes
    assert deadlines(frame, policies, term.zone, late=False, extended=0.0).due == frame.due


def test_at_ones_own_pace_everything_is_open_and_nothing_is_late() -> None:
    """Who learns alone is not locked out by a term that has not begun."""
    course = load_course().at_own_pace()
    for entry in course.calendar:
        window = course.window(entry.slug)
        assert window.opens.year < 2001
        assert shown(window.opens) == shown(window.due) == "any time"
        assert until(window.due) == "at any time"
