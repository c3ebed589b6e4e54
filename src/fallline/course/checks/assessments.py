"""Assessments: counts as the course promises them, activities that run and are not solved as given."""

from __future__ import annotations

from collections.abc import Iterator

from fallline.core.errors import FallLineError
from fallline.course.activity import Activity, check_activity, check_submission, mark_submission, own_tree
from fallline.course.assessment import Assessment
from fallline.course.checks.problem import Problem
from fallline.course.content import Course
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec, to_toml

ACTIVITY_SEEDS = 3
"""Variants of each activity that are run for real."""


def check_assessments(course: Course) -> list[Problem]:
    """Checks every assessment of the course."""
    found: list[Problem] = []
    for slug, assessment in course.assessments.items():
        file = f"assessments/{slug}.toml"
        try:
            found += [Problem(file, sentence) for sentence in _assessment(course, assessment)]
        except FallLineError as error:
            found.append(Problem(file, str(error)))
    return found


def _assessment(course: Course, assessment: Assessment) -> Iterator[str]:
    if not assessment.slots and assessment.activity is None:
        yield "it asks for nothing: neither slots nor an activity."
    if assessment.slots and assessment.activity is not None:
        yield "it has both slots and an activity; one of them must go."
    weeks = {week.number for week in course.weeks}
    for number in assessment.covers:
        if number not in weeks:
            yield f"covers: there is no week {number}."
    due = course.entry(assessment.slug).last_week
    for slot in assessment.slots:
        late = [name for name in slot.items if course.items[name].week > due]
        if late:
            yield f"slot {slot.id}: {late[0]} asks about week {course.items[late[0]].week}, after it is due."
    if assessment.activity is not None:
        yield from _activity(assessment.activity)


def _activity(activity: Activity) -> Iterator[str]:
    trees = []
    for seed in range(ACTIVITY_SEEDS):
        check_activity(activity, answer, seed)
        tree = own_tree(activity, seed)
        trees.append({key: value for key, value in tree.items() if key != "seed"})
        checked = check_submission(to_toml(load_spec(tree)), activity, seed)
        if checked.tree is None:
            yield f"the Spec as given is refused: {checked.problems[0]}"
            return
        if mark_submission(activity, seed, checked.tree, answer).score == 1:
            yield f"the Spec as given earns full marks with seed {seed}."
    if activity.drawn and all(tree == trees[0] for tree in trees):
        yield "every student gets the same Spec."
