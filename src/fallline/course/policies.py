"""The course's policies, as data: lateness, rounding, the pledge."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from fallline.course.calendar import plus_days
from fallline.course.exact import Exact
from fallline.course.loader import ContentModel


class LateStep(ContentModel):
    """One step of the late policy.

    Attributes:
        days: at most so many days after the deadline, on the wall clock of the course's zone.
        credit: share of the mark that remains.
    """

    days: Annotated[int, Field(ge=1, le=60)]
    credit: Exact


class Policies(ContentModel):
    """What holds for all assessments.

    Attributes:
        grace_seconds: after a deadline in which what arrives still counts as on time; nobody is told to use it.
        decimals: of a mark in percent, after the one rounding, half up.
        late: steps in order; later than the last earns nothing.
        pledge: what a student confirms with each hand-in.
        text: sentences for the syllabus.
    """

    grace_seconds: Annotated[int, Field(ge=0, le=3_600)] = 60
    decimals: Annotated[int, Field(ge=0, le=2)] = 1
    late: Annotated[tuple[LateStep, ...], Field(max_length=10)] = ()
    pledge: Annotated[str, Field(max_length=1_000)] = ""
    text: Annotated[tuple[str, ...], Field(max_length=20)] = ()

    @field_validator("late")
    @classmethod
    def _falls(cls, late: tuple[LateStep, ...]) -> tuple[LateStep, ...]:
        for before, after in pairwise(late):
            if after.days <= before.days or after.credit > before.credit:
                msg = "steps with growing days and falling credit"
                raise ValueError(msg)
        if any(step.credit > 1 for step in late):
            msg = "a credit of at most 1"
            raise ValueError(msg)
        return late

    def late_credit(self, handed_in: dt.datetime, due: dt.datetime) -> Fraction:
        """Returns the share of the mark that remains for something handed in at an instant.

        Args:
            handed_in: when it was received.
            due: the deadline, in the course's zone.
        """
        # in UTC: Python compares and adds on the wall clock when both sides share a zone
        received = handed_in.astimezone(dt.UTC) - dt.timedelta(seconds=self.grace_seconds)
        if received <= due.astimezone(dt.UTC):
            return Fraction(1)
        for step in self.late:
            if received <= plus_days(due, step.days).astimezone(dt.UTC):
                return step.credit
        return Fraction(0)
