"""Where one is on the slope."""

from __future__ import annotations

import datetime as dt

import pytest

from fallline.core.person import LOCAL
from fallline.course.calendar import Term
from fallline.web.place import here, week_of
from fallline.web.services import Services

TERM = Term(start=dt.date(2026, 9, 7), zone="America/New_York", weeks=14)


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-09-07T03:59:59+00:00", None),
        ("2026-09-07T04:00:00+00:00", 1),
        ("2026-09-14T03:59:59+00:00", 1),
        ("2026-09-14T04:00:00+00:00", 2),
        ("2026-12-14T04:59:59+00:00", 14),
        ("2026-12-14T05:00:00+00:00", None),
    ],
)
def test_weeks_turn_at_midnight_where_the_course_is(moment: str, week: int | None) -> None:
    """A week begins on Monday at 00:00 of the course's own clock, also after the change to winter time."""
    assert week_of(TERM, dt.datetime.fromisoformat(moment).timestamp()) == week


@pytest.mark.parametrize(("kept", "week"), [(None, 1), ("3", 3), ("99", 14), ("0", 1), ("x", 1)])
def test_outside_the_term_one_is_where_one_left(services: Services, kept: str | None, week: int) -> None:
    """Before and after the term the week last opened counts; a strange note does no harm."""
    services.clock.now = 0.0  # type: ignore[attr-defined]
    if kept is not None:
        services.notebook.keep_note(LOCAL, "week", kept)
    assert here(services, LOCAL) == week
