"""Activity 1 end to end: checked against what was given, marked by running it again where nobody has looked."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import tomli_w

from fallline.core.errors import FallLineError, SpecError
from fallline.course.activity import Activity, check_submission, mark_submission, own_tree
from fallline.course.attempt import SPEC, Sitting, saved, start, submitted
from fallline.course.content import Course, load_course
from fallline.course.grading import grade_attempt
from fallline.runs.answer import answer
from fallline.runs.record import Record
from fallline.runs.spec import Spec
from fallline.runs.spec.base import build

COURSE: Course = load_course()
GIVEN = COURSE.assessment("activity-1").activity
GOOD = {"momentum": {"rate": 0.0008, "params": {"momentum": 0.93}}}
SEEDS = (3, 12345, 2**53 - 1)


def activity() -> Activity:
    """Activity 1 as shipped."""
    assert GIVEN is not None
    return GIVEN


def text(seed: int, /, **changes: Any) -> str:
    """A student's own Spec with changes, as TOML."""
    return tomli_w.dumps(own_tree(activity(), seed) | changes)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_good_spec_earns_full_marks_and_the_given_one_none(seed: int) -> None:
    """Momentum at a modest rate travels to the hidden starts; the Spec as given does not get there."""
    checked = check_submission(text(seed, optimizers=GOOD), activity(), seed)
    assert checked.problems == ()
    assert checked.tree is not None
    marked = mark_submission(activity(), seed, checked.tree, answer)
    assert marked.score == 1
    assert marked.reached >= 4
    given = check_submission(text(seed), activity(), seed)
    assert given.tree is not None
    assert mark_submission(activity(), seed, given.tree, answer).score == 0


def test_marks_are_reproducible() -> None:
    """The same hand-in, marked again, gives the same outcome."""
    tree = check_submission(text(5, optimizers=GOOD), activity(), 5).tree
    assert tree is not None
    assert mark_submission(activity(), 5, tree, answer) == mark_submission(activity(), 5, tree, answer)


def test_every_student_has_a_start_of_their_own_in_range() -> None:
    """Two hundred variants: all different starts, all where the activity says."""
    starts = {tuple(own_tree(activity(), seed)["start"]) for seed in range(200)}
    assert len(starts) > 190
    assert all(-1.6 <= x <= -0.6 and 0.0 <= y <= 2.2 for x, y in starts)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": 2000}, "steps: it must stay 300"),
        ({"start": [1.0, 1.0]}, "start: it must stay"),
        ({"surface": "bowl"}, "surface: it must stay 'rosenbrock'"),
        ({"seed": 1}, "seed: it must stay"),
        ({"noise": 0.5}, "noise: it must stay"),
        ({"kind": "capstone"}, ""),
        ({"optimizers": GOOD | {"gd": {"rate": 0.1}}}, "2 are on"),
        ({"optimizers": {"gd": {"rate": 0.1, "on": False}}}, "at least one"),
        ({"optimizers": {"momentm": {"rate": 0.1}}}, "momentum"),
        ({"optimizers": {"gd": {"rate": -1.0}}}, "rate"),
        ({"optimizers": {"gd": {"rate": 1e9}}}, "rate"),
        ({"hidden": 1}, "hidden"),
    ],
)
def test_what_is_locked_stays_locked(changes: dict[str, Any], words: str) -> None:
    """Whatever is not on the list of what may change must be as it was given, and the refusal says so."""
    checked = check_submission(text(3, **changes), activity(), 3)
    assert not checked.valid
    assert checked.tree is None
    assert words in " ".join(checked.problems)


@pytest.mark.parametrize("written", ["", "not = [toml", "\x00", "{" * 5000, "kind = 'descent'\n" * 2, "x" * 300_000])
def test_what_is_no_spec_is_told_in_one_sentence(written: str) -> None:
    """Broken, hostile and endless texts are refused before anything runs."""
    checked = check_submission(written, activity(), 3)
    assert not checked.valid
    assert len(checked.problems) == 1


def test_feedback_says_nothing_of_the_hidden_runs() -> None:
    """Their starts and seeds stand in no sentence; only how many of them arrived."""
    ran: list[Spec] = []

    def watched(spec: Spec) -> Record:
        ran.append(spec)
        return answer(spec)

    tree = check_submission(text(3, optimizers=GOOD), activity(), 3).tree
    assert tree is not None
    told = " ".join(mark_submission(activity(), 3, tree, watched).feedback)
    own, *hidden = [spec.to_tree() for spec in ran]
    assert len(hidden) == 5
    assert len({tuple(spec["start"]) for spec in hidden} | {tuple(own["start"])}) == 6
    for spec in hidden:
        assert str(spec["seed"]) not in told
        assert all(f"{value:g}" not in told for value in spec["start"])


def fixed(values: list[float | None]) -> Any:
    """An executor whose runs end at these losses, the own start first."""
    left = iter(values)

    def execute(spec: Spec) -> Record:
        record, value = answer(spec), next(left)
        runs = {} if value is None else {"gd": {"loss": value, "ending": {"sentence": "It ended."}}}
        part = {"winner": None if value is None else "gd", "runs": runs}
        return Record(**(record.__dict__ | {"result": {"descent": part}}))

    return execute


@pytest.mark.parametrize(
    ("losses", "reached", "borderline", "score"),
    [
        ([0.05] * 5, 5, 0, Fraction(1)),
        ([0.05] * 4 + [None], 4, 0, Fraction(1)),
        ([0.1, 0.102, 0.1021, 9.0, None], 2, 1, Fraction(2, 5)),
        ([0.05, 0.05, 0.05, 1.0, 1.0], 3, 0, Fraction(7, 10)),
        ([1.0] * 5, 0, 0, Fraction(0)),
    ],
)
def test_bands_and_the_border(losses: list[float | None], reached: int, borderline: int, score: Fraction) -> None:
    """A run that diverged reached nothing; one inside the margin counts; the bands turn counts into marks."""
    tree = check_submission(text(3), activity(), 3).tree
    assert tree is not None
    marked = mark_submission(activity(), 3, tree, fixed([0.2, *losses]))
    assert (marked.reached, marked.borderline, marked.score) == (reached, borderline, score)


def test_an_attempt_at_the_activity_is_marked_from_what_was_saved() -> None:
    """From start to grade: the student's variant, the last valid text, the hidden runs, the exact score."""
    due = COURSE.window("activity-1").due
    now = due.timestamp() - 100.0
    sitting = Sitting(id="x", person="ada", number=1, now=now, deadline=due.timestamp())
    assessment = COURSE.assessment("activity-1")
    attempt = start(assessment, COURSE.items, sitting, course="mlos", content=COURSE.digest, secret=b"s")
    attempt = saved(attempt, SPEC, 1, text(attempt.seed, optimizers=GOOD), now + 1)
    grade = grade_attempt(submitted(attempt, now + 2), assessment, COURSE.policies, due, answer)
    assert grade.score == 1
    broken = saved(attempt, SPEC, 2, text(attempt.seed, steps=2000), now + 3)
    assert grade_attempt(submitted(broken, now + 4), assessment, COURSE.policies, due, answer) == grade
    nothing = grade_attempt(
        submitted(start(assessment, COURSE.items, sitting, course="mlos", content="", secret=b"s"), now),
        assessment,
        COURSE.policies,
        due,
        answer,
    )
    assert nothing.score == 0
    with pytest.raises(FallLineError, match="cannot run"):
        grade_attempt(submitted(attempt, now + 2), assessment, COURSE.policies, due)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bands": [{"reached": 4, "score": "0.5"}]}, "score 1"),
        ({"bands": [{"reached": 6, "score": 1}]}, "hidden"),
        ({"bands": [{"reached": 2, "score": 1}, {"reached": 1, "score": 1}]}, "growing"),
        ({"drawn": [{"path": "optimizers.gd.rate", "low": 0.1, "high": 0.2}]}, "editable"),
        ({"drawn": [{"path": "start.0", "low": 1.0, "high": 0.0}]}, "low below high"),
        ({"tell": ["everything"]}, "tell"),
    ],
)
def test_a_malformed_activity_is_refused(changes: dict[str, Any], words: str) -> None:
    """Bands that cannot be reached, draws that students could edit away, feedback beyond the list."""
    with pytest.raises(SpecError, match=words):
        build(Activity, activity().to_tree() | changes)
