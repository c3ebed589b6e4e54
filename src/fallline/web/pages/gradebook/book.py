"""Book: one person's gradebook: where each assessment stands, what it counts, both totals; exact until read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fallline.core.person import Person
from fallline.course.attempt import Attempt
from fallline.course.gradebook import ComponentTotal, EntryState, GradeEntry, Standing, Totals, gradebook
from fallline.course.scheme import Component
from fallline.web.pages.assessments.desk import Desk, desk
from fallline.web.services import Services

WORDS: dict[EntryState, tuple[str, str]] = {
    EntryState.GRADED: ("marked", "good"),
    EntryState.PENDING: ("handed in, not marked yet", "link"),
    EntryState.MISSING: ("missing: counts as zero", "bad"),
    EntryState.EXCUSED: ("excused: does not count", "muted"),
    EntryState.OPEN: ("open", "accent"),
    EntryState.COMING: ("to come", "muted"),
}
"""State → what it is called and the role of its colour."""


@dataclass(frozen=True)
class Line:
    """One assessment in the gradebook.

    Attributes:
        at: the person's desk.
        entry: its state and exact score.
        worth: share of the final mark in percent, exact; 0 when it is excused.
    """

    at: Desk
    entry: GradeEntry
    worth: Fraction

    @property
    def word(self) -> str:
        """What its state is called."""
        if self.at.state == "unpublished":
            return "not published yet"
        return "marked: zero" if self.entry.score == 0 else WORDS[self.entry.state][0]

    @property
    def role(self) -> str:
        """The role of its state's colour."""
        if self.at.state == "unpublished":
            return "muted"
        return "warning" if self.entry.score == 0 else WORDS[self.entry.state][1]

    @property
    def earned(self) -> Fraction | None:
        """Percent of the final mark that it brings, exact; None while nothing is known."""
        if self.entry.state is EntryState.MISSING:
            return Fraction(0)
        return None if self.entry.score is None else self.worth * self.entry.score


@dataclass(frozen=True)
class Part:
    """One component of the scheme with its assessments.

    Attributes:
        component: of the scheme.
        total: its totals.
        lines: in the order of the calendar.
    """

    component: Component
    total: ComponentTotal
    lines: tuple[Line, ...]

    @property
    def earned(self) -> Fraction:
        """Percent of the final mark that the component brings so far, exact."""
        return sum((line.earned or Fraction(0) for line in self.lines), Fraction(0))


@dataclass(frozen=True)
class Book:
    """One person's gradebook.

    Attributes:
        parts: in the scheme's order.
        totals: exact.
        upcoming: of what is open and not handed in yet, the one that is due first; None when there is none.
    """

    parts: tuple[Part, ...]
    totals: Totals
    upcoming: Desk | None


def book_of(services: Services, person: Person) -> Book:
    """Returns a person's gradebook; a mark that is not released yet is not in it, nor in any total."""
    course, now = services.course, services.clock()
    roster = services.roster
    granted = {each.assessment: each for each in roster.allowances(person.id, person)}
    mine = roster.attempts(person)
    desks = {entry.slug: desk(services, person, entry, granted, _of(mine, entry.slug)) for entry in course.calendar}
    standings = {slug: standing(at) for slug, at in desks.items()}
    kinds = {entry.slug: entry.kind for entry in course.calendar}
    entries, totals = gradebook(course.scheme, kinds, standings, now)
    parts = []
    for component, total in zip(course.scheme.components, totals.components, strict=True):
        of_kind = [entry for entry in entries if entry.kind == component.kind]
        counting = sum(entry.state is not EntryState.EXCUSED for entry in of_kind)
        each = component.weight / counting if counting else Fraction(0)
        lines = tuple(
            Line(desks[entry.assessment], entry, Fraction(0) if entry.state is EntryState.EXCUSED else each)
            for entry in of_kind
        )
        parts.append(Part(component, total, lines))
    open_now = [at for at in desks.values() if at.state == "open" and at.assessment and (at.working or not at.attempts)]
    return Book(tuple(parts), totals, min(open_now, key=lambda at: at.dates.due, default=None))


def standing(at: Desk) -> Standing:
    """Returns what the gradebook may know of a desk. Nobody misses what was never published: it is still to come."""
    handed_in = any(attempt.state != "open" for attempt in at.attempts)
    grace = dt.timedelta(seconds=max((attempt.grace for attempt in at.attempts), default=0.0))
    return Standing(
        score=at.score,
        handed_in=handed_in,
        excused=at.allowance.excused,
        opens=at.dates.opens.timestamp() if at.assessment else math.inf,
        due=(at.dates.due + grace).timestamp() if at.assessment else math.inf,
    )


def _of(attempts: Sequence[Attempt], slug: str) -> list[Attempt]:
    return [attempt for attempt in attempts if attempt.assessment == slug]
