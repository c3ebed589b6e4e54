"""Grades and allowances on the roster: written once, changed by an act with a name and a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.person import Person, Role
from fallline.course.attempt import Attempt
from fallline.course.roster import Allowance
from fallline.storage.database import Database
from fallline.storage.roster import SqlRoster
from fallline.storage.tables import regrades

ANA, BEN = Person("ana", "Ana"), Person("ben", "Ben")
TEACHER = Person("teacher", "Teacher", Role.INSTRUCTOR)
START = 1_000.0
GRADE = {"slots": [], "credit": "1", "late": "1"}
Drawn = Callable[..., Attempt]


def test_a_grade_is_written_once(database: Database, drawn: Drawn) -> None:
    """The same grade again changes nothing; another one is refused, and an open attempt has none."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    with pytest.raises(Conflict, match="after it was handed in"):
        roster.grade(attempt, GRADE)
    roster.submit(attempt, ANA, START)
    kept = roster.grade(attempt, GRADE)
    assert roster.grade(attempt, GRADE) == kept == roster.attempt(attempt, ANA)
    assert roster.ungraded() == []
    with pytest.raises(Conflict, match="separate act"):
        roster.grade(attempt, GRADE | {"credit": "1/2"})
    with pytest.raises(NotFound):
        roster.grade("nothing", GRADE)


def test_a_regrade_is_an_act_with_a_name_and_a_reason(database: Database, drawn: Drawn) -> None:
    """Only an instructor regrades, only what has a grade, only with a reason; what stood there is kept."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    other = GRADE | {"credit": "1/2"}
    roster.submit(attempt, ANA, START)
    with pytest.raises(Conflict):
        roster.regrade(attempt, other, TEACHER, "The key was wrong.", START)
    roster.grade(attempt, GRADE)
    with pytest.raises(NotFound):
        roster.regrade(attempt, other, ANA, "I want more.", START)
    with pytest.raises(FallLineError, match="needs a reason"):
        roster.regrade(attempt, other, TEACHER, " ", START)
    assert roster.regrade(attempt, other, TEACHER, "The key was wrong.", START).grade == other
    rows = database.read(lambda connection: connection.execute(sa.select(regrades)).mappings().all())
    assert [(row["by"], row["reason"]) for row in rows] == [("teacher", "The key was wrong.")]
    assert '"credit":"1"' in rows[0]["before"]
    assert '"credit":"1/2"' in rows[0]["after"]


def test_the_newest_allowance_counts_and_all_are_kept(database: Database) -> None:
    """A student sees what they were granted, not why; another student sees nothing."""
    roster = SqlRoster(database)
    roster.allow(Allowance("ana", "quiz-1", due=5.0, reason="ill", by="teacher", at=1.0))
    roster.allow(Allowance("ana", "quiz-1", due=9.0, reason="still ill", by="teacher", at=2.0))
    roster.allow(Allowance("ana", "", multiplier=1.5, reason="extra time", by="teacher", at=3.0))
    whole, quiz = roster.allowances("ana", TEACHER)
    assert (quiz.due, quiz.reason) == (9.0, "still ill")
    assert whole.multiplier == 1.5
    assert roster.allowances("ana", ANA) == [replace(whole, reason="", by=""), replace(quiz, reason="", by="")]
    assert roster.allowances("ana", BEN) == []
