"""Lessons as the page shows them."""

from __future__ import annotations

import re

import pytest

from fallline.course.content import load_course
from fallline.web.pages.weeks.lesson import Lessons, written

COURSE = load_course()


@pytest.mark.parametrize("week", sorted(COURSE.lessons))
def test_every_lesson_is_whole(week: int) -> None:
    """No placeholder is left, every formula became MathML, every line of the contents leads somewhere."""
    lesson = Lessons(COURSE).lesson(week)
    assert lesson is not None
    text = "".join(piece.html for piece in lesson.pieces)
    assert "{{" not in text
    assert "::lab" not in text
    assert not re.search(r"(?<!\\)\$[^$<\n]+\$", re.sub(r"<(pre|code)[^>]*>.*?</\1>", "", text, flags=re.DOTALL))
    assert lesson.contents
    for heading in lesson.contents:
        assert f'id="{heading.id}"' in text


def test_a_week_without_a_lesson_has_none() -> None:
    """The exam has no lesson."""
    assert Lessons(COURSE).lesson(14) is None


def test_text_and_labs_keep_their_order() -> None:
    """A lab stands where the author put it."""
    lesson = written("## One\n\nText.\n\n::lab{playground}\n\n## Two & three\n\nMore.")
    assert [piece.lab for piece in lesson.pieces] == ["", "playground", ""]
    assert lesson.labs == ("playground",)
    assert [heading.text for heading in lesson.contents] == ["One", "Two & three"]
