"""Desk: one person before one assessment: its dates for them, their tries, and what they may do now."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from fallline.core.errors import Conflict, NotFound
from fallline.core.person import Person, Role
from fallline.course.assessment import Assessment
from fallline.course.attempt import Attempt, Sitting, start
from fallline.course.calendar import Entry
from fallline.course.deadline import Deadlines, deadlines
from fallline.course.grading import AttemptGrade, assessment_score
from fallline.course.roster import Allowance
from fallline.web.pages.assessments.marking import settled
from fallline.web.pages.assessments.secret import installation_secret
from fallline.web.services import Services

EXTRA_DAYS = 7
"""For which an instructor reopens, for themselves, what is over."""


@dataclass(frozen=True)
class Desk:
    """One person before one assessment.

    Attributes:
        entry: of the calendar.
        assessment: its content; None while it is not published.
        dates: for this person.
        attempts: the person's own, in order, settled.
        allowance: what they were granted.
        now: seconds since 1970.
        rehearses: they run the course and may sit it at any time.
        own_pace: the calendar does not hold them.
    """

    entry: Entry
    assessment: Assessment | None
    dates: Deadlines
    attempts: tuple[Attempt, ...]
    allowance: Allowance
    now: float
    rehearses: bool
    own_pace: bool

    @property
    def state(self) -> str:
        """``unpublished``, ``excused``, ``coming``, ``open`` or ``closed``."""
        if self.allowance.excused:
            return "excused"
        if self.assessment is None:
            return "unpublished"
        if self.now < self.dates.opens.timestamp():
            return "coming"
        return "closed" if self.now > self.dates.closes.timestamp() else "open"

    def local(self, moment: float) -> dt.datetime:
        """Returns a moment, seconds since 1970, in the course's zone."""
        return dt.datetime.fromtimestamp(moment, self.dates.due.tzinfo)

    @property
    def late(self) -> bool:
        """Whether it is past its deadline and may still be handed in."""
        return self.state == "open" and self.now > self.dates.due.timestamp()

    @property
    def working(self) -> Attempt | None:
        """The attempt that is open."""
        return next((attempt for attempt in self.attempts if attempt.state == "open"), None)

    @property
    def next_try(self) -> int | None:
        """The number of the try that may be started now, or None."""
        allowed = self.state == "open" or (self.rehearses and self.state in {"coming", "closed"})
        if self.assessment is None or not allowed or self.working is not None:
            return None
        return len(self.attempts) + 1 if len(self.attempts) < len(self.assessment.tries) else None

    @property
    def released(self) -> bool:
        """Whether marks and feedback may be shown: at once, or when nobody can sit it any more.

        Who goes at their own pace keeps nobody waiting, and waits for nobody.
        """
        if self.assessment is None:
            return False
        return self.assessment.feedback == "at once" or self.own_pace or self.now > self.dates.closes.timestamp()

    @property
    def grades(self) -> dict[int, AttemptGrade]:
        """Number of the try → its grade; empty until they are released."""
        if not self.released:
            return {}
        return {each.number: AttemptGrade.from_dict(each.grade) for each in self.attempts if each.grade is not None}

    @property
    def score(self) -> Fraction | None:
        """What the assessment counts with, from 0 to 1; None until something is graded and released."""
        return assessment_score(self.grades.values())


def desk_of(services: Services, person: Person, slug: str) -> Desk:
    """Returns a person's desk; raises NotFound when the calendar has no such assessment."""
    granted = {each.assessment: each for each in services.roster.allowances(person.id, person)}
    attempts = services.roster.attempts(person, slug)
    return desk(services, person, services.course.entry(slug), granted, attempts)


def desk(
    services: Services, person: Person, entry: Entry, granted: Mapping[str, Allowance], attempts: list[Attempt]
) -> Desk:
    """Puts together what is known of a person and an assessment.

    Args:
        services: of the site.
        person: who asks, about themselves.
        entry: of the calendar.
        granted: assessment → the person's allowance; the empty one holds for all.
        attempts: the person's own, at this assessment.
    """
    course = services.course
    assessment = course.assessments.get(entry.slug)
    allowance = allowance_for(granted, entry.slug)
    late = assessment.late if assessment else False
    dates = deadlines(course.window(entry.slug), course.policies, course.term.zone, late=late, extended=allowance.due)
    return Desk(
        entry=entry,
        assessment=assessment,
        dates=dates,
        attempts=tuple(settled(services, attempt, dates.due) for attempt in attempts),
        allowance=allowance,
        now=services.clock(),
        rehearses=person.role is Role.INSTRUCTOR,
        own_pace=course.term.pace == "own",
    )


def allowance_for(granted: Mapping[str, Allowance], slug: str) -> Allowance:
    """Returns what holds at one assessment: what was granted for it and what was granted for all, whichever is kinder.

    >>> allowance_for({"": Allowance("p", multiplier=1.5), "quiz-1": Allowance("p", "quiz-1", due=9.0)}, "quiz-1")
    Allowance(person='p', assessment='quiz-1', due=9.0, multiplier=1.5, excused=False, reason='', by='', at=0.0)
    """
    here = [granted[name] for name in ("", slug) if name in granted]
    return Allowance(
        person=here[0].person if here else "",
        assessment=slug,
        due=max((each.due for each in here if each.due is not None), default=None),
        multiplier=max((each.multiplier for each in here), default=1.0),
        excused=any(each.excused for each in here),
    )


def begin(services: Services, person: Person, slug: str, number: int) -> Attempt:
    """Starts a try, or returns it if it was started before.

    Raises:
        Conflict: it may not be started now; says why.
    """
    at = desk_of(services, person, slug)
    if 1 <= number <= len(at.attempts):
        return at.attempts[number - 1]
    if at.next_try != number or at.assessment is None:
        raise Conflict(why_not(at))
    if at.state == "closed":
        until = at.now + dt.timedelta(days=EXTRA_DAYS).total_seconds()
        reason = "Sat by an instructor after the deadline."
        services.roster.allow(Allowance(person.id, slug, until, reason=reason, by=person.id, at=at.now))
        at = desk_of(services, person, slug)
    course = services.course
    sitting = Sitting(
        id=secrets.token_hex(8),
        person=person.id,
        number=number,
        now=at.now,
        deadline=at.dates.closes.timestamp(),
        grace=course.policies.grace_seconds,
        multiplier=at.allowance.multiplier,
    )
    secret = installation_secret(services.home)
    assert at.assessment is not None  # noqa: S101 - looked at above, before the allowance
    made = start(at.assessment, course.items, sitting, course=course.slug, content=course.digest, secret=secret)
    return services.roster.start(made)


def why_not(at: Desk) -> str:
    """Says why no try can be started."""
    if at.assessment is None:
        return f"{at.entry.title} is not published yet."
    if at.state == "excused":
        return f"You are excused from {at.entry.title}."
    if at.state == "coming":
        return f"{at.entry.title} is not open yet."
    if at.working is not None:
        return f"Try {at.working.number} is open; hand it in first."
    if at.state == "closed":
        return f"{at.entry.title} is closed."
    return f"{at.entry.title} has {len(at.assessment.tries)} tries, and you have used them."


def own_attempt(at: Desk, name: str) -> Attempt:
    """Returns an attempt of this person at this assessment; raises NotFound, for another's as for none."""
    for attempt in at.attempts:
        if attempt.id == name:
            return attempt
    raise NotFound("No such attempt.")


def clock_time(services: Services, moment: float) -> str:
    """Writes the time of day in the course's zone, to the second."""
    return dt.datetime.fromtimestamp(moment, ZoneInfo(services.course.term.zone)).strftime("%H:%M:%S")
