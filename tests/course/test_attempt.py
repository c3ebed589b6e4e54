"""Attempts: frozen at the start, saved by the highest number, closed by the clock, graded once."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import Conflict, FallLineError
from fallline.course.attempt import SPEC, Attempt, Sitting, closed, graded, saved, start, submitted
from fallline.course.content import Course, load_course
from fallline.course.variant import variant_seed

COURSE: Course = load_course()
SECRET = b"a secret of this installation"


def begun(person: str = "ada", number: int = 1, slug: str = "quiz-1", **changes: Any) -> Attempt:
    """An attempt at second 1000, due at 10 000, with 60 seconds of grace."""
    sitting = Sitting(id="x1", person=person, number=number, now=1000.0, deadline=10_000.0, **changes)
    return start(
        COURSE.assessment(slug), COURSE.items, sitting, course=COURSE.slug, content=COURSE.digest, secret=SECRET
    )


def test_an_attempt_freezes_what_it_depends_on() -> None:
    """Content digest, seed, items and deadline stand in it; the time limit ends it before the due date."""
    attempt = begun()
    assert attempt.content == COURSE.digest
    assert [drawn.slot for drawn in attempt.items] == [slot.id for slot in COURSE.assessment("quiz-1").slots]
    assert attempt.deadline == 1000.0 + 40 * 60
    assert begun(multiplier=1.5).deadline == 1000.0 + 60 * 60
    assert begun(multiplier=100.0).deadline == 10_000.0


def test_variants_belong_to_person_and_try() -> None:
    """The same person and try give the same numbers; another person or try gives others; nothing without the secret."""
    assert begun().shown() == begun().shown()
    others = [begun("bob"), begun("ada", 2)]
    assert all(other.shown() != begun().shown() for other in others)
    seeds = {variant_seed(SECRET, "c", "a", person, n) for person in map(str, range(300)) for n in (1, 2)}
    assert len(seeds) == 600
    assert variant_seed(b"other", "c", "a", "1", 1) not in seeds
    assert variant_seed(SECRET, "c|a", "b", "p", 1) != variant_seed(SECRET, "c", "a|b", "p", 1)
    with pytest.raises(ValueError, match="secret"):
        variant_seed(b"", "c", "a", "p", 1)


def test_a_change_of_content_touches_no_attempt() -> None:
    """What is shown and how it is marked come from the attempt, which survives storage unchanged."""
    attempt = begun()
    stored = Attempt.from_dict(json.loads(json.dumps(attempt.to_dict())))
    assert stored == attempt
    assert stored.shown() == attempt.shown()


@settings(deadline=None)
@given(st.permutations([1, 2, 3, 4]))
def test_the_highest_save_wins_in_any_order(order: list[int]) -> None:
    """Saves that overtake each other end in the same state; the last valid one is what gets marked."""
    answers = {1: "a", 2: "", 3: "b", 4: "what?"}
    attempt = begun()
    for sequence in order:
        attempt = saved(attempt, "stationary", sequence, answers[sequence], 1100.0)
    kept = attempt.answers["stationary"]
    assert (kept.sequence, kept.answer) == (4, "what?")
    assert (kept.valid_sequence, kept.valid_answer) == (3, "b")


def test_saving_twice_is_saving_once() -> None:
    """The same sequence number again changes nothing, whatever it carries."""
    first = saved(begun(), "one-step", 5, "1.5", 1100.0)
    assert saved(first, "one-step", 5, "2.5", 1200.0) == first
    assert saved(first, "one-step", 4, "2.5", 1200.0) == first


@pytest.mark.parametrize(("now", "accepted"), [(3399.999, True), (3400.0, True), (3460.0, True), (3460.001, False)])
def test_the_deadline_and_its_grace(now: float, accepted: bool) -> None:
    """Until the end of the grace an answer is kept; a moment later nothing is, and nothing is lost."""
    attempt = begun()
    if accepted:
        assert saved(attempt, "one-step", 1, "1", now).answers
        assert submitted(attempt, now).state == "submitted"
    else:
        with pytest.raises(Conflict):
            saved(attempt, "one-step", 1, "1", now)
        with pytest.raises(Conflict):
            submitted(attempt, now)
        assert closed(attempt, now).state == "submitted"
        assert closed(attempt, now).submitted == attempt.deadline
        assert closed(saved(attempt, "one-step", 1, "1", 2000.0), now).submitted == 2000.0


def test_handing_in_ends_it() -> None:
    """After handing in nothing can be saved; handing in again, or closing, changes nothing."""
    done = submitted(saved(begun(), "one-step", 1, "1", 1100.0), 1200.0)
    with pytest.raises(Conflict):
        saved(done, "one-step", 2, "2", 1201.0)
    assert submitted(done, 5000.0) == done
    assert closed(done, 50_000.0) == done
    assert closed(begun(), 1200.0) == begun()


def test_a_grade_is_written_once() -> None:
    """Not while it is open; the same grade again is fine, another is refused."""
    with pytest.raises(Conflict):
        graded(begun(), {"score": "1"})
    done = graded(submitted(begun(), 1200.0), {"score": "1"})
    assert done.state == "graded"
    assert graded(done, {"score": "1"}) == done
    with pytest.raises(Conflict):
        graded(done, {"score": "1/2"})


def test_what_cannot_be_saved() -> None:
    """An unknown question, a flood and a sequence below 1 are refused."""
    for slot, sequence, answer in (("nowhere", 1, "1"), ("one-step", 0, "1"), ("one-step", 1, "x" * 70_000)):
        with pytest.raises(FallLineError):
            saved(begun(), slot, sequence, answer, 1100.0)
    with pytest.raises(FallLineError):
        saved(begun(slug="activity-1"), "one-step", 1, "1", 1100.0)
    broken = saved(begun(slug="activity-1"), SPEC, 1, "kind = 'descent'", 1100.0).answers[SPEC]
    assert (broken.answer, broken.valid_sequence) == ("kind = 'descent'", 0)


def test_there_are_so_many_tries_and_a_last_moment_to_start() -> None:
    """A third try of two, and a start after the deadline, are refused."""
    with pytest.raises(FallLineError, match="2 tries"):
        begun(number=3)
    late = Sitting(id="x", person="ada", number=1, now=10_061.0, deadline=10_000.0)
    with pytest.raises(Conflict):
        start(COURSE.assessment("quiz-1"), COURSE.items, late, course="c", content="d", secret=SECRET)


def test_saving_and_handing_in_in_any_order_leaves_a_consistent_attempt() -> None:
    """Three saves and a hand-in, in every order: never an answer after the hand-in, never one lost before it."""
    for order in permutations(["s1", "s2", "s3", "in"]):
        attempt, kept = begun(), 0
        for event in order:
            if event == "in":
                attempt = submitted(attempt, 1200.0)
                continue
            try:
                attempt = saved(attempt, "one-step", int(event[1]), event[1], 1100.0)
                kept = max(kept, int(event[1]))
            except Conflict:
                assert attempt.state == "submitted"
        assert attempt.state == "submitted"
        assert (attempt.answers["one-step"].sequence if kept else 0) == kept
        assert replace(attempt, answers={}) == replace(submitted(begun(), 1200.0), answers={})
