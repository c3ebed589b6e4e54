"""An assessment as data: slots of items to draw from, tries and what each is worth. Activities are in `activity`."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator

from fallline.course.activity import Activity
from fallline.course.exact import Exact
from fallline.course.loader import ContentModel
from fallline.course.week import Slug


class Slot(ContentModel):
    """One place in an assessment.

    Attributes:
        id: stable name of the place.
        items: ids; one of them is drawn for each attempt.
        points: what it is worth among the others.
    """

    id: Slug
    items: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=12)]
    points: Exact = Fraction(1)

    @field_validator("points")
    @classmethod
    def _worth(cls, points: Fraction) -> Fraction:
        if points <= 0:
            msg = "points above 0"
            raise ValueError(msg)
        return points


class Assessment(ContentModel):
    """What a person sits or hands in.

    Attributes:
        slug: that of its entry in the calendar.
        kind: likewise.
        title: for people.
        intro: Markdown shown before the start.
        covers: numbers of the weeks it asks about.
        tries: credit of the first, second … attempt; never rising.
        minutes: time from start to end of an attempt; None leaves only the deadline.
        late: whether it may be handed in late, at the policies' price.
        feedback: when answers are discussed: at once, or after it is due.
        slots: the items of a quiz or exam.
        activity: the hand-in of an activity.
    """

    slug: Slug
    kind: Literal["activity", "quiz", "project", "exam"]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    intro: Annotated[str, Field(max_length=4_000)] = ""
    covers: Annotated[tuple[int, ...], Field(max_length=14)] = ()
    tries: Annotated[tuple[Exact, ...], Field(min_length=1, max_length=6)] = (Fraction(1),)
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    late: bool = False
    feedback: Literal["at once", "after due"] = "at once"
    slots: Annotated[tuple[Slot, ...], Field(max_length=60)] = ()
    activity: Activity | None = None

    @field_validator("tries")
    @classmethod
    def _falling(cls, tries: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        if tries[0] != 1 or any(after > before for before, after in pairwise(tries)):
            msg = "credits that start at 1 and never rise"
            raise ValueError(msg)
        return tries

    @field_validator("slots")
    @classmethod
    def _named_once(cls, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
        ids = [slot.id for slot in slots]
        if len(set(ids)) < len(ids):
            msg = "slots with different ids"
            raise ValueError(msg)
        return slots

    def credit(self, number: int) -> Fraction:
        """Returns what the attempt with this number, from 1, is worth; raises IndexError beyond the last try."""
        if not 1 <= number <= len(self.tries):
            raise IndexError(number)
        return self.tries[number - 1]
