"""Roster: the protocol of a place that keeps people's attempts and marks; `storage` implements it.

Every change of an attempt is one of the pure functions of `fallline.course.attempt`, applied to the stored attempt
inside the transaction that writes it: the guard on state and deadline is part of the write. Reads take the person who
looks and return only what is visible to them; what is another's and what does not exist give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from fallline.core.person import Person, Role
from fallline.course.attempt import Attempt
from fallline.course.items import Answer


@dataclass(frozen=True)
class Allowance:
    """What one person was granted for one assessment, or for all; kept with its reason.

    Attributes:
        person: id.
        assessment: slug; empty for all.
        due: another deadline, seconds since 1970; None keeps the calendar's.
        multiplier: of time limits.
        excused: it does not count.
        reason: for the log; seen by instructors alone.
        by: id of who granted it.
        at: seconds since 1970.
    """

    person: str
    assessment: str = ""
    due: float | None = None
    multiplier: float = 1.0
    excused: bool = False
    reason: str = ""
    by: str = ""
    at: float = 0.0


class Roster(Protocol):
    """Keeps attempts and allowances. Every write is durable on return."""

    def start(self, attempt: Attempt) -> Attempt:
        """Stores a new attempt; if (person, assessment, number) is there already, returns the one that is."""
        ...

    def save(self, attempt: str, person: Person, slot: str, sequence: int, answer: Answer, now: float) -> Attempt:
        """Applies `fallline.course.attempt.saved`; the highest sequence number wins.

        Raises:
            Conflict: not open any more, or too late; nothing is written.
            NotFound: no such attempt of this person.
        """
        ...

    def submit(self, attempt: str, person: Person, now: float) -> Attempt:
        """Applies `fallline.course.attempt.submitted`; twice is once.

        Raises:
            Conflict: too late.
            NotFound: no such attempt of this person.
        """
        ...

    def close(self, now: float) -> list[Attempt]:
        """Applies `fallline.course.attempt.closed` to every open attempt whose time is over; returns those it ended."""
        ...

    def grade(self, attempt: str, grade: dict[str, Any]) -> Attempt:
        """Applies `fallline.course.attempt.graded`; a grade is written once.

        Raises:
            Conflict: it is open, or has another grade.
            NotFound: no such attempt.
        """
        ...

    def attempt(self, attempt: str, person: Person) -> Attempt | None:
        """Returns an attempt that is visible to the person."""
        ...

    def attempts(self, person: Person, assessment: str = "") -> list[Attempt]:
        """Returns the person's own attempts, by assessment and number."""
        ...

    def all_attempts(self, person: Person, assessment: str = "") -> list[Attempt]:
        """Returns every attempt visible to the person: the cohort's to an instructor, their own to a student."""
        ...

    def ungraded(self) -> list[Attempt]:
        """Returns what was handed in and has no grade, oldest first; a sweep grades it, whoever died before."""
        ...

    def allow(self, allowance: Allowance) -> None:
        """Keeps an allowance; the newest for the same person and assessment counts, all are kept."""
        ...

    def allowances(self, owner: str, person: Person) -> list[Allowance]:
        """Returns the newest allowances of `owner` that are visible to the person, without reasons for a student."""
        ...


def visible_to(person: Person, owner: str) -> bool:
    """Says whether what belongs to `owner` may be shown to the person: the one rule behind every read."""
    return person.id == owner or person.role is Role.INSTRUCTOR
