"""What each page of an assessment shows. Nothing that marks an answer is ever among it."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from fallline.course.attempt import SPEC, Attempt, activity_of
from fallline.course.grading import AttemptGrade
from fallline.web.pages.assessments.desk import Desk, clock_time
from fallline.web.pages.assessments.form import Save
from fallline.web.pages.assessments.picture import lab_for, own_run, playground
from fallline.web.pages.assessments.questions import (
    as_text,
    given_spec,
    problems_of,
    questions_of,
    spec_text,
)
from fallline.web.pages.assessments.receipt import receipt_of
from fallline.web.pages.assessments.result import outcomes_of, percent
from fallline.web.services import Services

DAY = 86_400


def overview(services: Services, at: Desk) -> dict[str, Any]:
    """Returns what the assessment's own page shows."""
    component = services.course.scheme.component(at.entry.kind)
    grades = at.grades
    return {
        "at": at,
        "component": component,
        "worth": percent(component.weight / component.count / 100, 2),
        "zone": services.course.term.zone,
        "tries": [(attempt, _line(services, at, attempt, grades.get(attempt.number))) for attempt in at.attempts],
        "score": None if at.score is None else percent(at.score),
        "credits": [percent(credit) for credit in at.assessment.tries] if at.assessment else [],
        "late": services.course.policies.late if at.assessment and at.assessment.late else (),
        "percent": percent,
    }


def _line(services: Services, at: Desk, attempt: Attempt, grade: AttemptGrade | None) -> str:
    """Says in a few words how a try stands."""
    if attempt.state == "open":
        return f"open until {_moment(services, attempt.deadline):%H:%M}" if _timed(attempt) else "open"
    if attempt.grade is None:
        return "handed in, not marked yet"
    if grade is None:
        return "handed in; marks are shown " + f"{at.dates.closes:%d %B, %H:%M}"
    return percent(grade.score * grade.credit * grade.late)


def questions(services: Services, at: Desk, attempt: Attempt, again: dict[str, str]) -> dict[str, Any]:
    """Returns what the page of an open attempt shows.

    Args:
        services: of the site.
        at: the person's desk.
        attempt: open.
        again: slot → what the person wrote where something newer was stored meanwhile.
    """
    shared = {
        "at": at,
        "attempt": attempt,
        "again": again,
        "left": seconds_left(attempt, at.now),
        "timed": _timed(attempt),
        "until": _moment(services, attempt.deadline),
        "zone": services.course.term.zone,
        "last": _last(services, attempt),
    }
    if attempt.activity is None:
        made = questions_of(attempt)
        return shared | {"questions": made, "heading": heading(len(made))}
    text = again.get(SPEC, spec_text(attempt))
    return shared | {
        "text": text,
        "stored": as_text(attempt.answers[SPEC].answer) if SPEC in attempt.answers else "",
        "sequence": attempt.answers[SPEC].sequence if SPEC in attempt.answers else 0,
        "problems": problems_of(attempt, SPEC),
        "given": given_spec(attempt),
        "activity": activity_of(attempt),
        "run": own_run(attempt),
        "playground": playground(services.course, attempt),
        "lab": lab_for(services.course, attempt),
        "due": at.dates.due,
        "percent": percent,
    }


def review(services: Services, at: Desk, attempt: Attempt, problem: str = "") -> dict[str, Any]:
    """Returns what is shown before handing in."""
    return {
        "at": at,
        "attempt": attempt,
        "problem": problem,
        "questions": questions_of(attempt),
        "spec": as_text(attempt.answers[SPEC].answer) if SPEC in attempt.answers else "",
        "problems": problems_of(attempt, SPEC) if attempt.activity else (),
        "pledge": services.course.policies.pledge,
        "tries_left": len(at.assessment.tries) - attempt.number if at.assessment else 0,
        "until": _moment(services, attempt.deadline),
        "last": _last(services, attempt),
    }


def not_yet(services: Services, attempt: Attempt, *, pledged: bool) -> str:
    """Says why an attempt cannot be handed in yet; empty when it can."""
    if attempt.activity is not None and (SPEC not in attempt.answers or problems_of(attempt, SPEC)):
        return "A Spec that cannot be run cannot be handed in. Correct it first; nothing is lost."
    if services.course.policies.pledge and not pledged:
        return "Confirm the sentence above the button, then hand in."
    return ""


def result(services: Services, at: Desk, attempt: Attempt) -> dict[str, Any]:
    """Returns what is shown after handing in."""
    grade = at.grades.get(attempt.number)
    receipt = receipt_of(attempt)
    handed_in = _moment(services, attempt.submitted or attempt.deadline)
    full = sum((slot.points for slot in grade.slots), Fraction(0)) if grade else Fraction(0)
    return {
        "at": at,
        "attempt": attempt,
        "grade": grade,
        "outcomes": outcomes_of(attempt, grade),
        "got": grade.score * full if grade else None,
        "full": full,
        "own_score": percent(grade.score) if grade else "",
        "counts": percent(grade.score * grade.credit * grade.late) if grade else "",
        "factors": _factors(attempt, grade) if grade else "",
        "total": percent(at.score) if at.score is not None else "",
        "receipt": receipt,
        "handed_in": handed_in,
        "zone": services.course.term.zone,
        "clock": clock_time(services, attempt.submitted or attempt.deadline),
        "run": own_run(attempt) if attempt.activity is not None else None,
        "lab": lab_for(services.course, attempt),
        "spec": spec_text(attempt) if attempt.activity is not None else "",
        "percent": percent,
    }


def _factors(attempt: Attempt, grade: AttemptGrade) -> str:
    """Says what a try's own score is multiplied with; empty when with nothing."""
    said = [f"try {attempt.number} is worth {percent(grade.credit)}"] if grade.credit != 1 else []
    said += [f"it came late, which leaves {percent(grade.late)}"] if grade.late != 1 else []
    text = " and ".join(said)
    return text[:1].upper() + text[1:]


def late(at: Desk, attempt: Attempt, saves: list[Save], refusal: str) -> dict[str, Any]:
    """Returns what is shown when answers came after the end."""
    return {
        "at": at,
        "attempt": attempt,
        "refusal": refusal,
        "sent": [(each.slot, as_text(each.answer)) for each in saves],
    }


def heading(count: int) -> str:
    """Says how many questions there are.

    >>> heading(5), heading(1), heading(20)
    ('Five questions', 'One question', '20 questions')
    """
    words = dict(enumerate(("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"), start=1))
    return f"{words.get(count, count)} {'question' if count == 1 else 'questions'}"


def seconds_left(attempt: Attempt, now: float) -> int:
    """Returns the whole seconds to the deadline, 0 when it is over; the grace is not counted."""
    return max(0, int(attempt.deadline - now))


def _timed(attempt: Attempt) -> bool:
    return attempt.deadline - attempt.started < DAY


def _moment(services: Services, seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, ZoneInfo(services.course.term.zone))


def _last(services: Services, attempt: Attempt) -> str:
    moments = [saved.at for saved in attempt.answers.values()]
    return clock_time(services, max(moments)) if moments else ""
