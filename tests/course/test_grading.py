"""Grading: what is marked is the last valid answer to the items as they were, and a further try never costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import FallLineError
from fallline.course.attempt import Attempt, Sitting, saved, start, submitted
from fallline.course.content import Course, load_course
from fallline.course.grading import AttemptGrade, SlotGrade, assessment_score, grade_attempt
from fallline.course.items import Graded, item_from
from fallline.course.items.draw import draw

COURSE: Course = load_course()
DUE = COURSE.window("quiz-1").due
NOW = DUE.timestamp() - 3000.0


def begun(number: int = 1, person: str = "ada") -> Attempt:
    """An attempt at quiz 1, fifty minutes before it is due."""
    sitting = Sitting(id=f"x{number}", person=person, number=number, now=NOW, deadline=DUE.timestamp())
    return start(COURSE.assessment("quiz-1"), COURSE.items, sitting, course="mlos", content=COURSE.digest, secret=b"s")


def right(attempt: Attempt, slot: str) -> object:
    """The right answer to a slot of this attempt."""
    drawn = attempt.drawn(slot)
    made = item_from(drawn.item)
    return next(trial.answer for trial in made.trials(draw(made, drawn.seed), drawn.seed) if trial.score == 1)


def marked(attempt: Attempt, due: dt.datetime = DUE) -> AttemptGrade:
    """Its grade."""
    return grade_attempt(attempt, COURSE.assessment("quiz-1"), COURSE.policies, due)


def test_full_marks_and_none() -> None:
    """All right is 1 on every person's own variant; nothing given is 0 and says so."""
    for person in ("ada", "bob", "eve"):
        attempt = begun(person=person)
        for number, drawn in enumerate(attempt.items, start=1):
            attempt = saved(attempt, drawn.slot, number, right(attempt, drawn.slot), NOW + 10)  # type: ignore[arg-type]
        assert marked(submitted(attempt, NOW + 60)).score == 1
    blank = marked(submitted(begun(), NOW + 60))
    assert blank.score == 0
    assert all(slot.graded is None for slot in blank.slots)


def test_the_last_valid_answer_counts() -> None:
    """An answer that was overwritten by something that is none still counts."""
    attempt = saved(begun(), "stationary", 1, right(begun(), "stationary"), NOW + 1)  # type: ignore[arg-type]
    attempt = saved(attempt, "stationary", 2, "I don't know", NOW + 2)
    grade = marked(submitted(attempt, NOW + 3))
    assert grade.score == Fraction(1, 5)


def test_an_open_attempt_is_not_graded() -> None:
    """Only what was handed in."""
    with pytest.raises(FallLineError, match="handed in"):
        marked(begun())


def test_a_grade_survives_storage() -> None:
    """Fractions come back exact."""
    attempt = saved(begun(), "within-limits", 1, "a", NOW + 1)
    grade = marked(submitted(attempt, NOW + 3))
    assert AttemptGrade.from_dict(grade.to_dict()) == grade


def test_lateness_is_computed_from_the_hand_in() -> None:
    """Two days after its deadline an attempt keeps seven tenths."""
    done = replace(submitted(begun(), NOW + 60), submitted=DUE.timestamp() + 2 * 86400)
    assert marked(done).late == Fraction(7, 10)


fractions = st.fractions(0, 1, max_denominator=20)
slots = st.lists(fractions, min_size=3, max_size=3)


def attempt_grade(values: list[Fraction | None], credit: Fraction) -> AttemptGrade:
    """A grade with three slots worth 1, 2 and 3."""
    made = tuple(
        SlotGrade(str(n), Fraction(n), None if value is None else Graded(value, ""))
        for n, value in enumerate(values, start=1)
    )
    return AttemptGrade(made, credit, Fraction(1))


@settings(deadline=None)
@given(st.lists(slots, min_size=1, max_size=3), slots, fractions)
def test_a_further_try_never_costs(tries: list[list[Fraction]], more: list[Fraction], credit: Fraction) -> None:
    """The mark is monotone in attempts, equals a plain best-of computation, and stays between 0 and 1."""
    grades = [attempt_grade(list(values), Fraction(1)) for values in tries]
    before = assessment_score(grades)
    after = assessment_score([*grades, attempt_grade(list(more), credit)])
    assert before is not None
    assert after is not None
    assert 0 <= before <= after <= 1
    expected = sum(n * max(values[n - 1] for values in tries) for n in (1, 2, 3)) / Fraction(6)
    assert before == expected


def test_no_attempt_is_no_score() -> None:
    """Nothing handed in is not zero."""
    assert assessment_score([]) is None
    assert assessment_score([attempt_grade([None, None, None], Fraction(1))]) == 0
