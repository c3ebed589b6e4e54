"""Practice: a week's questions, one variant after the other, marked at once; nothing is counted, nothing is kept.

All of it stands in the address, so that it works without a script, and a variant can be shown to somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from fallline.core.errors import NotFound
from fallline.course.course import Course
from fallline.course.items import Graded, Item, Presented, grade, present
from fallline.course.items.draw import draw
from fallline.web.pages.assessments.result import WORDS, word_of
from fallline.web.render import render
from fallline.web.services import At

router = APIRouter()
VARIANTS = 9_999
"""Practice draws its variants from these; those of an assessment come from seeds that only the server knows."""
LONGEST = 200


class Asked(BaseModel):
    """What the address says.

    Attributes:
        item: id of the question; the week's first where there is none.
        variant: its number.
        answer: as the form sends it; several letters where several may be right.
        mark: whether the form was sent.
    """

    item: Annotated[str, Field(max_length=60)] = ""
    variant: Annotated[int, Field(ge=1, le=VARIANTS)] = 1
    answer: Annotated[list[Annotated[str, Field(max_length=LONGEST)]], Field(max_length=12)] = []
    mark: bool = False


@dataclass(frozen=True)
class Marked:
    """An answer and what is said of it.

    Attributes:
        word: the verdict.
        role: of its colour.
        feedback: Markdown.
        misconceptions: their names in words; what the answer points to.
        solution: why the right answer is right; empty where the feedback says it.
    """

    word: str
    role: str
    feedback: str
    misconceptions: tuple[str, ...]
    solution: str


@dataclass(frozen=True)
class Exercise:
    """One question as the page shows it; it reads as a question of an assessment does.

    Attributes:
        number: of the question, from 1.
        slot: name of its field.
        shown: the variant.
        text: the answer, as a form sends it.
        problem: why it is no answer; empty when it is one, or when there is none.
        marked: what is said of the answer; None while there is none.
    """

    number: int
    slot: str
    shown: Presented
    text: str = ""
    problem: str = ""
    marked: Marked | None = None


def practised(course: Course, week: int) -> list[Item]:
    """Returns the items of a week that may be practised: all but those whose one variant an assessment asks too."""
    asked = {name for each in course.assessments.values() for slot in each.slots for name in slot.items}
    return [
        item
        for item in sorted(course.items.values(), key=lambda item: item.id)
        if item.week == week and (item.generate is not None or item.id not in asked)
    ]


def exercise(item: Item, number: int, asked: Asked) -> Exercise:
    """Returns a question in a variant, marked where that was asked for."""
    shown = present(item, asked.variant)
    text = " ".join(asked.answer).strip()
    if not asked.mark:
        return Exercise(number, "answer", shown)
    verdict = grade(item, asked.variant, asked.answer if shown.kind == "multiple" else text)
    if not verdict.valid:
        return Exercise(number, "answer", shown, text, verdict.feedback)
    return Exercise(number, "answer", shown, text, "", marked(item, asked.variant, verdict))


def marked(item: Item, variant: int, verdict: Graded) -> Marked:
    """Puts a verdict in words, and names the misconceptions that the answer points to."""
    word = word_of(verdict)
    solution = "" if verdict.score == 1 else item.filled(item.solution, draw(item, variant))
    named = tuple(tag.replace("-", " ") for tag in verdict.misconceptions)
    return Marked(word, WORDS[word], verdict.feedback, named, solution)


@router.get("/weeks/{number}/practice")
def page(request: Request, services: At, number: int, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """A question of the week, the first one where none is named; marked, if the form was sent."""
    week = services.course.week(number)
    items = practised(services.course, number)
    if not items:
        raise NotFound(f"Week {number} has no questions to practise yet.")
    place = next((at for at, each in enumerate(items) if each.id == asked.item), None if asked.item else 0)
    if place is None:
        raise NotFound(f"Week {number} has no question {asked.item!r} to practise.")
    return render(
        request,
        "practice/page.html",
        week=week,
        items=items,
        item=items[place],
        question=exercise(items[place], place + 1, asked),
        variant=asked.variant,
        another=asked.variant % VARIANTS + 1,
        following=items[place + 1] if place + 1 < len(items) else None,
    )
