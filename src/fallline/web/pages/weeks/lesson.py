"""Lesson: Markdown, labs and computed numbers of a week, as the pieces that the page shows in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from markupsafe import Markup

from fallline.course.course import Course
from fallline.course.lesson import LabPlace, filled, pieces
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec
from fallline.web.markdown import to_html

NOTHING = Markup("")
HEADING = re.compile(r'<h2 id="(?P<id>[^"]+)"[^>]*>(?P<text>.*?)</h2>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Piece:
    """A stretch of text, or a lab: one of the two is empty."""

    html: Markup = NOTHING
    lab: str = ""


@dataclass(frozen=True)
class Heading:
    """A line of the table of contents."""

    id: str
    text: str


@dataclass(frozen=True)
class Lesson:
    """A week's lesson.

    Attributes:
        pieces: in order.
        contents: its second-level headings.
    """

    pieces: tuple[Piece, ...]
    contents: tuple[Heading, ...]

    @property
    def labs(self) -> tuple[str, ...]:
        """Slugs of the labs that stand in it."""
        return tuple(piece.lab for piece in self.pieces if piece.lab)


@lru_cache(maxsize=32)
def written(text: str) -> Lesson:
    """Turns a lesson whose numbers are filled in into pieces."""
    made = tuple(
        Piece(lab=piece.slug) if isinstance(piece, LabPlace) else Piece(html=to_html(piece.markdown))
        for piece in pieces(text)
    )
    return Lesson(made, contents(made))


def contents(made: Sequence[Piece]) -> tuple[Heading, ...]:
    """Returns the second-level headings of all pieces.

    >>> contents([Piece(html=Markup('<h2 id="a">One <em>way</em></h2>'))])
    (Heading(id='a', text='One way'),)
    """
    found = (match for piece in made for match in HEADING.finditer(piece.html))
    return tuple(Heading(match["id"], unescape(TAG.sub("", match["text"]))) for match in found)


class Lessons:
    """The lessons of a course; each is computed when first read, then kept.

    Args:
        course: whose.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.kept: dict[int, Lesson | None] = {}

    def lesson(self, week: int) -> Lesson | None:
        """Returns the lesson of a week with its numbers computed, or None when it has none."""
        if week not in self.kept:
            text = self.course.lessons.get(week)
            self.kept[week] = None if text is None else written(filled(text, self.results(week)))
        return self.kept[week]

    def results(self, week: int) -> dict[str, dict[str, object]]:
        """Runs the Specs that the lesson takes its numbers from."""
        specs = self.course.lesson_specs.get(week, {})
        return {name: answer(load_spec(tree)).result for name, tree in specs.items()}
