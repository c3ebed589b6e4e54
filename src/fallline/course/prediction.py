"""Prediction: one clear choice to make before the lab shows its first result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from fallline.course.knob import KnobId
from fallline.course.loader import ContentModel
from fallline.course.rule import ConditionText, all_hold
from fallline.course.template import TemplateText


class PredictionChoice(ContentModel):
    """One thing that one may expect."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    text: Annotated[str, Field(min_length=1, max_length=200)]


class AnswerRule(ContentModel):
    """When a choice turns out to be right."""

    when: Annotated[tuple[ConditionText, ...], Field(max_length=12)] = ()
    choice: str


class Prediction(ContentModel):
    """A question about what will happen, answered by the Record.

    Attributes:
        prompt: the question.
        choices: what one may expect.
        answer: rules in order; the first that holds names the right choice.
        reveal: template of what is said then.
        by: a choice knob; the question is asked anew for each of its options, and answered by where each one starts.
        open: the picture is seen while the question waits: it asks what is the matter, not what will happen.
    """

    prompt: Annotated[str, Field(min_length=1, max_length=400)]
    choices: Annotated[tuple[PredictionChoice, ...], Field(min_length=2, max_length=8)]
    answer: Annotated[tuple[AnswerRule, ...], Field(min_length=1, max_length=12)]
    reveal: Annotated[TemplateText, Field(min_length=1, max_length=800)]
    by: KnobId | None = None
    open: bool = False

    @model_validator(mode="after")
    def _known(self) -> Prediction:
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) < len(ids):
            msg = "choices with different ids"
            raise ValueError(msg)
        strange = next((rule.choice for rule in self.answer if rule.choice not in ids), None)
        if strange is not None:
            msg = f"answers among {', '.join(ids)}; {strange!r} is none of them"
            raise ValueError(msg)
        return self

    def right(self, data: Mapping[str, Any]) -> str | None:
        """Returns the id of the choice that the Record bears out, or None when no rule holds."""
        return next((rule.choice for rule in self.answer if all_hold(rule.when, data)), None)
