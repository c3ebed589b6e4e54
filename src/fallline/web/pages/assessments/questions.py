"""Questions: the items of an open attempt as its page shows them: variant, stored answer, whether it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import tomli_w

from fallline.course.activity import check_submission, own_tree
from fallline.course.attempt import SPEC, Attempt, Saved, activity_of
from fallline.course.items import Answer, Presented, grade, item_from, present

PAIR = re.compile(r"\[\n\s+([^\s\[\],]+),\n\s+([^\s\[\],]+),\n\]")
"""Two values on lines of their own, which read better on one."""


@dataclass(frozen=True)
class Question:
    """One question on the page.

    Attributes:
        number: from 1.
        slot: where it stands in the attempt.
        shown: the variant, without anything that gives its answer away.
        points: what it is worth, as text.
        sequence: number of the last save; 0 when there was none.
        text: the stored answer as a form sends it; letters with spaces between.
        problem: why it cannot be read as an answer; empty when it can, or when there is none.
    """

    number: int
    slot: str
    shown: Presented
    points: str
    sequence: int
    text: str
    problem: str

    @property
    def chosen(self) -> list[str]:
        """The letters that are chosen."""
        return self.text.split()

    @property
    def state(self) -> str:
        """``empty``, ``unreadable`` or ``answered``."""
        return "empty" if not self.text else "unreadable" if self.problem else "answered"


def questions_of(attempt: Attempt) -> list[Question]:
    """Returns the questions of an attempt, in order."""
    made = []
    for number, drawn in enumerate(attempt.items, start=1):
        saved = attempt.answers.get(drawn.slot)
        shown = present(item_from(drawn.item), drawn.seed)
        text = as_text(saved.answer if saved else None)
        sequence = saved.sequence if saved else 0
        problem = "; ".join(problems_of(attempt, drawn.slot))
        made.append(Question(number, drawn.slot, shown, drawn.points, sequence, text, problem))
    return made


def problems_of(attempt: Attempt, slot: str) -> tuple[str, ...]:
    """Returns why the stored answer cannot be read, and which one counts until it can; empty when all is well.

    It says nothing about right or wrong: only of what is no answer at all.
    """
    saved = attempt.answers.get(slot)
    if saved is None:
        return ()
    if not as_text(saved.answer):
        return (f"Empty now.{_until(saved)}",) if saved.valid_sequence else ()
    if attempt.activity is not None:
        return check_submission(str(saved.answer), activity_of(attempt), attempt.seed).problems
    drawn = attempt.drawn(slot)
    verdict = grade(item_from(drawn.item), drawn.seed, saved.answer)
    return () if verdict.valid else (verdict.feedback + _until(saved),)


def _until(saved: Saved) -> str:
    if not saved.valid_sequence or saved.valid_sequence == saved.sequence:
        return ""
    return f" Until it can be read, your earlier answer counts: {as_text(saved.valid_answer)}."


def as_text(answer: Answer) -> str:
    """Writes an answer as a form sends it.

    >>> as_text(["a", "c"]), as_text(0.5), as_text(None)
    ('a c', '0.5', '')
    """
    if answer is None:
        return ""
    return (
        answer if isinstance(answer, str) else " ".join(answer) if not isinstance(answer, int | float) else str(answer)
    )


def given_spec(attempt: Attempt) -> str:
    """Returns the Spec that this attempt starts from, as TOML for a person to write on."""
    tree = own_tree(activity_of(attempt), attempt.seed)
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in tree.items() if isinstance(value, dict)}
    return PAIR.sub(r"[\1, \2]", tomli_w.dumps(plain | tables))


def spec_text(attempt: Attempt) -> str:
    """Returns what the person has written so far, or the Spec that they start from."""
    saved = attempt.answers.get(SPEC)
    return as_text(saved.answer) if saved else given_spec(attempt)
