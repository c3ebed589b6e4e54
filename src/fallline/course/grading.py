"""Grading: an attempt's answers to exact scores, and attempts to the mark of an assessment.

Each slot counts with its better try: score × credit of the try × what remains for lateness. So a further try can never
cost anything. Everything is a fraction; rounding is the gradebook's, once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fallline.core.errors import FallLineError
from fallline.course.activity import Execute, check_submission, mark_submission
from fallline.course.assessment import Assessment
from fallline.course.attempt import SPEC, Attempt, activity_of
from fallline.course.items import Graded, grade, item_from
from fallline.course.items.graded import invalid
from fallline.course.policies import Policies


@dataclass(frozen=True)
class SlotGrade:
    """The verdict on one slot.

    Attributes:
        slot: where.
        points: what the slot is worth.
        graded: the verdict on its last valid answer; None where there was none.
    """

    slot: str
    points: Fraction
    graded: Graded | None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        verdict = self.graded.to_dict() if self.graded else None
        return {"slot": self.slot, "points": str(self.points), "graded": verdict}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> SlotGrade:
        """Reads what `to_dict` wrote."""
        verdict = Graded.from_dict(data["graded"]) if data["graded"] else None
        return SlotGrade(data["slot"], Fraction(data["points"]), verdict)


@dataclass(frozen=True)
class AttemptGrade:
    """The verdict on one attempt.

    Attributes:
        slots: slot by slot.
        credit: of the try.
        late: what remains for lateness.
    """

    slots: tuple[SlotGrade, ...]
    credit: Fraction
    late: Fraction

    @property
    def score(self) -> Fraction:
        """The attempt's own score from 0 to 1, before credit and lateness."""
        total = sum((slot.points for slot in self.slots), Fraction(0))
        got = sum((slot.points * slot.graded.score for slot in self.slots if slot.graded), Fraction(0))
        return got / total if total else Fraction(0)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data; fractions as text."""
        return {"slots": [slot.to_dict() for slot in self.slots], "credit": str(self.credit), "late": str(self.late)}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> AttemptGrade:
        """Reads what `to_dict` wrote."""
        slots = tuple(SlotGrade.from_dict(slot) for slot in data["slots"])
        return AttemptGrade(slots, Fraction(data["credit"]), Fraction(data["late"]))


def grade_attempt(
    attempt: Attempt, assessment: Assessment, policies: Policies, due: dt.datetime, execute: Execute | None = None
) -> AttemptGrade:
    """Marks what was handed in: the last valid answer of each slot, on the items as they were at the start.

    Args:
        attempt: handed in.
        assessment: for the credit of the try.
        policies: for lateness.
        due: the deadline, in the course's zone.
        execute: runs a Spec; only an activity needs it.

    Raises:
        FallLineError: the attempt is still open, or an activity comes without `execute`.
    """
    if attempt.submitted is None:
        raise FallLineError("An attempt is graded after it was handed in.")
    late = policies.late_credit(dt.datetime.fromtimestamp(attempt.submitted, dt.UTC), due)
    slots = (_activity_slot(attempt, execute),) if attempt.activity is not None else _item_slots(attempt)
    return AttemptGrade(slots, assessment.credit(attempt.number), late)


def _item_slots(attempt: Attempt) -> tuple[SlotGrade, ...]:
    made: list[SlotGrade] = []
    for drawn in attempt.items:
        saved = attempt.answers.get(drawn.slot)
        verdict = (
            grade(item_from(drawn.item), drawn.seed, saved.valid_answer) if saved and saved.valid_sequence else None
        )
        made.append(SlotGrade(drawn.slot, Fraction(drawn.points), verdict))
    return tuple(made)


def _activity_slot(attempt: Attempt, execute: Execute | None) -> SlotGrade:
    if execute is None:
        raise FallLineError("An activity is marked by running its Spec again; this caller cannot run one.")
    saved = attempt.answers.get(SPEC)
    if saved is None or not saved.valid_sequence:
        return SlotGrade(SPEC, Fraction(1), None)
    activity = activity_of(attempt)
    checked = check_submission(str(saved.valid_answer), activity, attempt.seed)
    if checked.tree is None:
        return SlotGrade(SPEC, Fraction(1), invalid(" ".join(checked.problems)))
    marked = mark_submission(activity, attempt.seed, checked.tree, execute)
    return SlotGrade(SPEC, Fraction(1), Graded(marked.score, " ".join(marked.feedback)))


def assessment_score(grades: Iterable[AttemptGrade]) -> Fraction | None:
    """Returns the mark of an assessment from 0 to 1: every slot with its better try; None without any attempt.

    >>> one, half, full = Fraction(1), Graded(Fraction(1, 2), ""), Graded(Fraction(1), "")
    >>> first = AttemptGrade((SlotGrade("a", one, full), SlotGrade("b", one, half)), one, one)
    >>> second = AttemptGrade((SlotGrade("a", one, None), SlotGrade("b", one, full)), Fraction(4, 5), one)
    >>> assessment_score([first, second])
    Fraction(9, 10)
    """
    points: dict[str, Fraction] = {}
    best: dict[str, Fraction] = {}
    for attempt in grades:
        for slot in attempt.slots:
            points[slot.slot] = slot.points
            score = slot.graded.score * attempt.credit * attempt.late if slot.graded else Fraction(0)
            best[slot.slot] = max(best.get(slot.slot, Fraction(0)), score)
    total = sum(points.values(), Fraction(0))
    if not total:
        return None
    return sum((points[slot] * best[slot] for slot in points), Fraction(0)) / total
