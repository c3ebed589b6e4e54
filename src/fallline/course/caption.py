"""Captions: one or two sentences on what to notice, computed from the Record. The first rule that matches speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from fallline.course.loader import ContentModel
from fallline.course.rule import ConditionText, all_hold
from fallline.course.template import TemplateText, fill


class CaptionRule(ContentModel):
    """One rule.

    Attributes:
        when: conditions on the Record; empty always holds.
        text: template of the caption; a path that leads nowhere makes the rule not match.
    """

    when: Annotated[tuple[ConditionText, ...], Field(max_length=12)] = ()
    text: Annotated[TemplateText, Field(min_length=1, max_length=800)]


def caption(rules: Iterable[CaptionRule], data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Returns the text of the first rule that holds and can be filled in; empty when none does."""
    for rule in rules:
        if all_hold(rule.when, data):
            text = fill(rule.text, data, names)
            if text is not None:
                return text
    return ""
