"""Result: an attempt that was handed in: what was answered, what it earned, and what to think about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from fallline.course.attempt import SPEC, Attempt, DrawnItem
from fallline.course.exact import half_up
from fallline.course.grading import AttemptGrade, SlotGrade
from fallline.course.items import Graded, Presented
from fallline.web.pages.assessments.questions import as_text

WORDS = {
    "right": "good",
    "partly right": "warning",
    "not right": "bad",
    "not answered": "muted",
    "unreadable": "warning",
}
"""Word for a verdict → the role of its colour."""
NARROW = "\u00a0"
"""A space at which no line breaks."""


@dataclass(frozen=True)
class Outcome:
    """One question after handing in.

    Attributes:
        number: from 1.
        slot: where it stands.
        shown: the variant; None for the Spec of an activity.
        chosen: options of the answer that counts, Markdown of the content.
        typed: the answer that counts, where it was typed, as plain text.
        stored: the last answer, as a form sends it.
        points: what the question is worth.
        word: the verdict; empty while it is not released.
        role: of its colour.
        score: percent, rounded for reading; empty while it is not released.
        feedback: one line of Markdown; empty while it is not released.
    """

    number: int
    slot: str
    shown: Presented | None
    chosen: tuple[str, ...]
    typed: str
    stored: str
    points: Fraction
    word: str = ""
    role: str = "muted"
    score: str = ""
    feedback: str = ""


def outcomes_of(attempt: Attempt, grade: AttemptGrade | None) -> list[Outcome]:
    """Returns the questions of an attempt that was handed in.

    Args:
        attempt: handed in.
        grade: None while it must not be shown.
    """
    verdicts = {each.slot: each for each in grade.slots} if grade else {}
    if attempt.activity is not None:
        stored = as_text(attempt.answers[SPEC].answer) if SPEC in attempt.answers else ""
        return [judged(Outcome(1, SPEC, None, (), "", stored, Fraction(1)), verdicts.get(SPEC))]
    shown = attempt.shown()
    return [
        judged(answered(attempt, number, drawn, shown[drawn.slot]), verdicts.get(drawn.slot))
        for number, drawn in enumerate(attempt.items, start=1)
    ]


def answered(attempt: Attempt, number: int, drawn: DrawnItem, shown: Presented) -> Outcome:
    """Returns a question with the answer that counts: options by their text, what was typed as it was."""
    saved = attempt.answers.get(drawn.slot)
    stored = as_text(saved.answer) if saved else ""
    counts = as_text(saved.valid_answer) if saved and saved.valid_sequence else stored
    options = dict(shown.options)
    letters = counts.replace(",", " ").lower().split() if options else []
    chosen = tuple(options[letter] for letter in letters if letter in options)
    typed = counts if not chosen else ""
    return Outcome(number, drawn.slot, shown, chosen, typed, stored, Fraction(drawn.points))


def judged(outcome: Outcome, verdict: SlotGrade | None) -> Outcome:
    """Returns a question with its verdict; as it is while there is none to show."""
    if verdict is None:
        return outcome
    word = word_of(verdict.graded)
    score = verdict.graded.score if verdict.graded else Fraction(0)
    feedback = verdict.graded.feedback if verdict.graded else ""
    return replace(outcome, word=word, role=WORDS[word], score=percent(score), feedback=feedback)


def word_of(verdict: Graded | None) -> str:
    """Returns the word for a verdict."""
    if verdict is None:
        return "not answered"
    if not verdict.valid:
        return "unreadable"
    return "right" if verdict.score == 1 else "partly right" if verdict.score > 0 else "not right"


def percent(score: Fraction, decimals: int = 1) -> str:
    """Writes a score from 0 to 1 in percent, rounded half up for reading; no mark is computed from it.

    >>> percent(Fraction(2, 3)).replace(NARROW, " "), percent(Fraction(1)).replace(NARROW, " ")
    ('66.7 %', '100 %')
    """
    shown = half_up(100 * score, decimals)
    return f"{shown.to_integral_value() if shown == shown.to_integral_value() else shown}{NARROW}%"
