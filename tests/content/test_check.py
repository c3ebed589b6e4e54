"""The content check: the shipped course is sound, and each way to spoil it is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fallline.course.check import check_content
from fallline.course.content import SHIPPED, load_course

WEEK = "weeks/01-foundations"
LAB = f"{WEEK}/labs/playground.toml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the course that a test may spoil."""
    target = tmp_path / "content"
    shutil.copytree(SHIPPED, target, ignore=shutil.ignore_patterns("records"))
    return target


def test_the_shipped_course_is_sound() -> None:
    """Two hundred variants of every item, every lab in every named state, every number of every lesson: no problem."""
    assert [str(problem) for problem in check_content(load_course(), seeds=200)] == []


SPOILED = {
    "caption path": (LAB, "descent.runs.gd.ending.step}: η", "descent.runs.gd.ending.stop}: η", "leads nowhere"),
    "figure": (LAB, '"descent-loss"', '"descent-lost"', "has a figure 'descent-lost'"),
    "preset off the grid": (LAB, "rate = 0.039, gd", "rate = 9.0, gd", "out of range"),
    "puzzle without solution": (LAB, "steps_to.1e-3 <= 115", "steps_to.1e-3 <= 15", "solution meets"),
    "puzzle already solved": (LAB, "steps_to.1e-3 <= 115", "steps_to.1e-3 <= 500", "before anybody touches it"),
    "prediction without answer": (
        LAB,
        'adam.steps_to.1e-3 == null"], choice = "momentum"',
        'adam.steps_to.1e-3 == 5"], choice = "momentum"',
        "no rule of the prediction holds",
    ),
    "limit": (LAB, 'limit = "descent.limits.gd"', 'limit = "descent.limit.gd"', "descent.limit.gd leads nowhere"),
    "lab in a lesson": (f"{WEEK}/lesson.md", "::lab{playground}", "::lab{playgrund}", "names no lab"),
    "number in a lesson": (f"{WEEK}/lesson.md", "descent.lowest|", "descent.lowst|", "a path to a number"),
    "link in a lesson": (f"{WEEK}/lesson.md", "## The surface", "[x](javascript:1)\n\n## The surface", "neither https"),
    "spec of a lesson": (f"{WEEK}/specs/plateau.toml", '"plateau"\n', '"platau"\n', "plateau"),
    "two right options": (
        "items/w01-stationary.toml",
        '["kind == maximum"]',
        '["kind == minimum"]',
        "two answers could be confused",
    ),
    "shown rounded": ("items/w01-largest-rate.toml", "{steep:g}.\n", "{steep:.1g}.\n", "shown and graded differ"),
    "parameter unknown": ("items/w01-largest-rate.toml", "{flat:g} and", "{flatt:g} and", "is not among flat"),
    "few variants": (
        "items/w01-one-step.toml",
        '"gradient.step"',
        '"gradient.step"\nsettings = { a = [1.0, 1.0], c = [0.0, 0.0], w = [2.0, 2.0], rate = [0.1, 0.1] }',
        "unambiguous",
    ),
    "answer in the prompt": (
        "items/w01-stationary.toml",
        "What is this point?",
        "A saddle needs both. Do the signs here differ? saddle-needs-both-signs",
        "gives away",
    ),
    "comes too late": ("items/w01-one-step.toml", "week = 1", "week = 9", "after it is due"),
    "activity solved as given": ("assessments/activity-1.toml", "at_most = 0.1", "at_most = 100.0", "full marks"),
    "activity without target": (
        "assessments/activity-1.toml",
        '"descent.runs[descent.winner].loss"',
        '"descent.runs[descent.winner].lost"',
        "leads nowhere",
    ),
    "activity for all the same": ("assessments/activity-1.toml", "steps = 300", "steps = 2001", "2000"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_each_mistake_is_found(name: str, copy: Path) -> None:
    """The check names the file and what is wrong with it."""
    file, old, new, words = SPOILED[name]
    text = (copy / file).read_text()
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1))
    problems = [str(problem) for problem in check_content(load_course(copy), seeds=20)]
    assert any(words in problem for problem in problems), problems


def test_a_spec_that_no_lesson_reads_is_found(copy: Path) -> None:
    """A Spec beside the lesson from which nothing is taken is dead weight, and told."""
    shutil.copy(copy / WEEK / "specs" / "plateau.toml", copy / WEEK / "specs" / "spare.toml")
    problems = [str(problem) for problem in check_content(load_course(copy), seeds=4)]
    assert f"{WEEK}/specs/spare.toml: no lesson takes a number from it." in problems
