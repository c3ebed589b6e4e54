"""A feedback schedule: the factor depends on a metric that the run measures, and so on what it remembers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from fallline.engine.schedules.parameter import Parameter


@dataclass(frozen=True)
class FeedbackState:
    """What a feedback schedule remembers between looks; plain data, so that a run resumes where it was.

    Attributes:
        factor: what the base value is multiplied by until the next look.
        best: the best metric so far; None before the first.
        bad: looks since the last better one.
        wait: looks left during which nothing is counted.
        looks: looks so far.
    """

    factor: float = 1.0
    best: float | None = None
    bad: int = 0
    wait: int = 0
    looks: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return vars(self).copy()

    @staticmethod
    def from_dict(data: dict[str, Any]) -> FeedbackState:
        """Reads what `to_dict` wrote."""
        return FeedbackState(**data)


@dataclass(frozen=True)
class FeedbackSchedule(ABC):
    """Frozen settings, and a state that each look at a metric replaces.

    Attributes:
        name: key in `FEEDBACK_SCHEDULES`.
        title: as a person reads it.
        formula: in TeX.
        source: author and year.
        parameters: the settings.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    parameters: ClassVar[tuple[Parameter, ...]]

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    def init(self) -> FeedbackState:
        """Returns the state before the first look."""
        return FeedbackState()

    @abstractmethod
    def update(self, state: FeedbackState, metric: float) -> FeedbackState:
        """Returns the state after a look.

        Args:
            state: what `init` or the look before returned.
            metric: what was measured; NaN counts as no better.
        """
