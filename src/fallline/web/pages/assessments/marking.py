"""Marking: ends what is over and grades what was handed in: a sweep over states, so that nobody waits for a timer."""

from __future__ import annotations

import datetime as dt
import logging

from fallline.core.errors import FallLineError
from fallline.core.person import Person
from fallline.course.attempt import Attempt
from fallline.course.deadline import deadlines
from fallline.course.grading import grade_attempt
from fallline.runs.answer import answer
from fallline.web.services import Services

log = logging.getLogger("fallline")


def settled(services: Services, attempt: Attempt, due: dt.datetime) -> Attempt:
    """Returns the attempt as it stands now: ended if its time is over, graded if it was handed in.

    Args:
        services: of the site.
        attempt: as it was read.
        due: the person's deadline, which decides what lateness costs.
    """
    roster = services.roster
    now = services.clock()
    if attempt.state == "open" and now > attempt.deadline + attempt.grace:
        roster.close(now)
        attempt = roster.attempt(attempt.id, Person(attempt.person, "")) or attempt
    return graded(services, attempt, due) if attempt.state == "submitted" else attempt


def graded(services: Services, attempt: Attempt, due: dt.datetime) -> Attempt:
    """Returns the attempt with its grade; without one, and a line in the log, when it cannot be graded now."""
    course = services.course
    try:
        assessment = course.assessment(attempt.assessment)
        verdict = grade_attempt(attempt, assessment, course.policies, due, answer)
        return services.roster.grade(attempt.id, verdict.to_dict())
    except FallLineError:
        log.exception("Attempt %s could not be graded; it stays handed in, and is tried again.", attempt.id)
        return attempt


def sweep(services: Services, failed: set[str] | None = None) -> int:
    """Ends every attempt whose time is over, grades all that wait, and returns how many it graded.

    Args:
        services: of the site.
        failed: ids that could not be graded before and are passed over; those that cannot now are added.
    """
    services.roster.close(services.clock())
    done = 0
    for attempt in services.roster.ungraded():
        if attempt.assessment not in services.course.assessments or attempt.id in (failed or ()):
            continue
        if graded(services, attempt, _due(services, attempt)).grade is not None:
            done += 1
        elif failed is not None:
            failed.add(attempt.id)
    return done


def _due(services: Services, attempt: Attempt) -> dt.datetime:
    course = services.course
    owner = Person(attempt.person, "")
    granted = [
        each.due for each in services.roster.allowances(owner.id, owner) if each.assessment in ("", attempt.assessment)
    ]
    extended = max((due for due in granted if due is not None), default=None)
    window, late = course.window(attempt.assessment), course.assessment(attempt.assessment).late
    return deadlines(window, course.policies, course.term.zone, late=late, extended=extended).due
