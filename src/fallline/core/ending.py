"""Why a run stopped, as a value with a sentence that names cause and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EndingKind(StrEnum):
    """The reasons for which anything here stops."""

    CONVERGED = "converged"
    DIVERGED = "diverged"
    STALLED = "stalled"
    OSCILLATING = "oscillating"
    OVERFITTING = "overfitting"
    STEP_LIMIT = "step limit"
    NOISE_FLOOR = "noise floor"
    UNDEFINED = "undefined"
    CANCELLED = "cancelled"
    BUDGET_SPENT = "budget spent"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True)
class Ending:
    """Why it stopped.

    Attributes:
        kind: one of `EndingKind`.
        sentence: for a person: cause, numbers, remedy.
        step: the step, epoch or trial at which it stopped, where there is one.

    >>> Ending(EndingKind.DIVERGED, "Diverged at step 12: the rate 0.9 is above 0.67.", 12).kind
    <EndingKind.DIVERGED: 'diverged'>
    """

    kind: EndingKind
    sentence: str
    step: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: kind, sentence, step."""
        return {"kind": str(self.kind), "sentence": self.sentence, "step": self.step}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Ending:
        """Reads what `to_dict` wrote."""
        return Ending(EndingKind(data["kind"]), data["sentence"], data["step"])
