"""Assessments as one person meets them."""

from __future__ import annotations

import pytest

from fallline.core.person import LOCAL, Person
from fallline.course.roster import Allowance
from fallline.web.services import Services
from fallline.web.task import task, tasks


@pytest.mark.parametrize(("after", "state"), [(-1, "coming"), (0, "open")])
def test_it_opens_to_the_second(services: Services, after: int, state: str) -> None:
    """A second before it opens it is still to come; at the instant it is open."""
    entry = services.course.calendar[0]
    services.clock.now = services.course.window(entry.slug).opens.timestamp() + after  # type: ignore[attr-defined]
    assert task(services, LOCAL, entry).state == state


@pytest.mark.parametrize(("after", "state"), [(-1, "open"), (0, "closed")])
def test_it_closes_to_the_second(services: Services, after: int, state: str) -> None:
    """A second before it is due it is open; at the instant it is closed."""
    entry = services.course.calendar[0]
    services.clock.now = services.course.window(entry.slug).due.timestamp() + after  # type: ignore[attr-defined]
    assert task(services, LOCAL, entry).state == state


def test_an_extension_is_ones_own(services: Services) -> None:
    """Who was granted two days more has it open for two days more; nobody else has."""
    entry = services.course.calendar[0]
    due = services.course.window(entry.slug).due.timestamp()
    services.roster.allow(Allowance(person=LOCAL.id, assessment=entry.slug, due=due + 172_800, by="x", at=0.0))
    services.clock.now = due + 86_400  # type: ignore[attr-defined]
    assert task(services, LOCAL, entry).state == "open"
    assert task(services, Person("other", "Other"), entry).state == "closed"


def test_every_entry_of_the_calendar_is_a_task(services: Services) -> None:
    """Nothing of the calendar is left out, and nobody has begun anything."""
    found = tasks(services, LOCAL)
    assert [each.entry for each in found] == list(services.course.calendar)
    assert {each.done for each in found} == {""}
