"""Puzzle: a goal in a lab that one reaches by understanding, checked on the Record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from fallline.course.knob import KnobId, Value
from fallline.course.loader import ContentModel
from fallline.course.rule import ConditionText
from fallline.course.template import TemplateText


class Puzzle(ContentModel):
    """A goal.

    Attributes:
        when: conditions on the state that it belongs to, where a lab has several; empty always holds.
        prompt: what to reach.
        goal: conditions on the Record and, under ``spec``, on the Spec; all must hold.
        success: template of what is said when it is reached.
        hint: for who asks.
        solution: knob → value, one way to reach it; proves that it can be done, and is never shown.
    """

    when: Annotated[tuple[ConditionText, ...], Field(max_length=12)] = ()
    prompt: Annotated[str, Field(min_length=1, max_length=400)]
    goal: Annotated[tuple[ConditionText, ...], Field(min_length=1, max_length=12)]
    success: Annotated[TemplateText, Field(min_length=1, max_length=600)]
    hint: Annotated[str, Field(max_length=600)] = ""
    solution: Annotated[dict[KnobId, Value], Field(min_length=1)]


@dataclass(frozen=True)
class PuzzleState:
    """Whether the puzzle is solved.

    Attributes:
        solved: every condition of the goal holds.
        met: how many of them hold.
        of: how many there are.
        text: what to say; empty while it is not solved.
        prompt: what to reach.
        hint: for who asks.
    """

    solved: bool
    met: int
    of: int
    text: str
    prompt: str = ""
    hint: str = ""
