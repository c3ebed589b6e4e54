"""Lessons: labs where they are placed, numbers where they are asked for, and nothing else in double braces."""

from __future__ import annotations

import pytest

from fallline.core.errors import SpecError
from fallline.core.person import LOCAL, Person
from fallline.course.lesson import LabPlace, Prose, filled, labs_in, pieces, placeholders
from fallline.course.roster import visible_to

RESULTS = {"gd": {"descent": {"runs": {"gd": {"loss": 0.0123, "steps_to": {"1e-3": 7}, "none": None}}, "winner": "gd"}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{record gd descent.runs.gd.loss|.2g}}", "0.012"),
        ("{{ record gd descent.runs.gd.loss }}", "0.0123"),
        ("{{record gd descent.runs[descent.winner].steps_to.1e-3|# step|steps}}", "7 steps"),
        ("a {{record gd descent.winner}} b {{record gd descent.winner}}", "a gd b gd"),
        (r"$\frac{a}{b}$", r"$\frac{a}{b}$"),
    ],
)
def test_numbers_are_filled_in(text: str, expected: str) -> None:
    """Each placeholder becomes the Record's number in its format; maths is left alone."""
    assert filled(text, RESULTS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{record other descent.winner}}",
        "{{record gd descent.runs.adam.loss}}",
        "{{record gd descent.runs.gd}}",
        "{{record gd descent.runs.gd.none}}",
        "{{record gd}}",
        "{{lab playground}}",
        "{{record ../x descent.winner}}",
        "{{record gd descent.winner|!r}}",
        "{{record gd a()}}",
    ],
)
def test_what_cannot_be_filled_is_told(text: str) -> None:
    """An unknown Spec, a path that leads nowhere or to no number, and any other double brace."""
    with pytest.raises(SpecError):
        filled(text, RESULTS)


def test_labs_split_the_text() -> None:
    """A lab stands on a line of its own; inside a line or a word it is text."""
    text = "One.\n\n::lab{a-b}\n\nTwo ::lab{c} three.\n\n::lab{d}  \n"
    assert pieces(text) == (Prose("One."), LabPlace("a-b"), Prose("Two ::lab{c} three."), LabPlace("d"))
    assert labs_in(text) == ("a-b", "d")
    assert placeholders(text) == ()


def test_who_sees_whose() -> None:
    """A student sees their own; an instructor, and the local person, see all."""
    ada = Person("ada", "Ada")
    assert visible_to(ada, "ada")
    assert not visible_to(ada, "bob")
    assert visible_to(LOCAL, "bob")
