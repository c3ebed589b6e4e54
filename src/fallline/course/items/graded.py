"""What grading one answer gives."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Graded:
    """The verdict on one answer.

    Attributes:
        score: from 0 to 1, exact.
        feedback: for the student.
        misconceptions: ids of what the answer points to.
        valid: False when it is no answer at all: it is then neither right nor wrong.
    """

    score: Fraction
    feedback: str
    misconceptions: tuple[str, ...] = ()
    valid: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data; the score as text, such as ``2/3``."""
        return {
            "score": str(self.score),
            "feedback": self.feedback,
            "misconceptions": list(self.misconceptions),
            "valid": self.valid,
        }

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Graded:
        """Reads what `to_dict` wrote."""
        return Graded(Fraction(data["score"]), data["feedback"], tuple(data["misconceptions"]), data["valid"])


def invalid(feedback: str) -> Graded:
    """Returns the verdict on what is no answer."""
    return Graded(Fraction(0), feedback, (), valid=False)
