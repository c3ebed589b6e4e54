"""A composite: a schedule made of schedules."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass

from fallline.core.errors import SpecError
from fallline.engine.schedules.constant import Constant
from fallline.engine.schedules.schedule import Schedule

DEEPEST = 4
"""Levels of schedules within schedules, a leaf being the first."""


@dataclass(frozen=True)
class Composite(Schedule, ABC):
    """Made of other schedules; a subclass adds how they go together.

    Attributes:
        parts: the schedules, in order.
    """

    parts: tuple[Schedule, ...] = (Constant(),)

    def __post_init__(self) -> None:
        super().__post_init__()
        least, most = self.inner
        count = f"{least}" if least == most else f"{least} to {most}"
        named = [getattr(part, "name", part) for part in self.parts]
        if not least <= len(self.parts) <= most or not all(isinstance(part, Schedule) for part in self.parts):
            raise SpecError("parts", named, f"a list of {count} schedule{'' if most == 1 else 's'}")
        if depth(self) > DEEPEST:
            raise SpecError("parts", named, f"at most {DEEPEST} levels deep")

    @property
    def ceiling(self) -> float:
        """That of the highest part."""
        return max(part.ceiling for part in self.parts)


def depth(schedule: Schedule) -> int:
    """Returns the levels of a schedule, 1 for one that is made of no other."""
    return 1 + max((depth(part) for part in schedule.parts), default=0) if isinstance(schedule, Composite) else 1
