"""Progress: what the events of a run say about where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from fallline.core.event import Event, EventKind

SHOWN_POINTS = 600


@dataclass(frozen=True)
class StageState:
    """One stage: ``waits``, ``works`` or ``ended``, and its sentence once it has one."""

    name: str
    state: str = "waits"
    sentence: str = ""


@dataclass(frozen=True)
class Progress:
    """Where a run is.

    Attributes:
        stages: in order.
        message: what it is doing.
        step: how far within the stage.
        total: of how many; None where unknown.
        points: ``(series, x, y)`` of live series, such as the best so far.
        warnings: sentences.
    """

    stages: tuple[StageState, ...] = ()
    message: str = "waiting for its turn"
    step: int | None = None
    total: int | None = None
    points: tuple[tuple[str, float, float], ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def hear(self, event: Event) -> Progress:
        """Returns the progress after one more event."""
        if event.kind is EventKind.STARTED:
            return Progress(tuple(StageState(name) for name in event.payload["stages"]), "starting")
        if event.kind is EventKind.STAGE:
            state = "ended" if event.name == "ended" else "works"
            stages = tuple(
                StageState(each.name, state, event.message if state == "ended" else "")
                if each.name == event.stage
                else each
                for each in self.stages
            )
            return replace(self, stages=stages, message=event.stage, step=None, total=None)
        if event.kind is EventKind.PROGRESS:
            return replace(self, message=event.message, step=event.step, total=event.total)
        if event.kind is EventKind.POINT:
            point = (str(event.payload["series"]), float(event.payload["x"]), float(event.payload["y"]))
            return replace(self, points=(*self.points, point)[-SHOWN_POINTS:])
        if event.kind is EventKind.WARNING:
            return replace(self, warnings=(*self.warnings, event.message))
        return self

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return asdict(self)


def progress_of(events: Sequence[tuple[int, Event]]) -> Progress:
    """Returns the progress after all these events."""
    progress = Progress()
    for _, event in events:
        progress = progress.hear(event)
    return progress
