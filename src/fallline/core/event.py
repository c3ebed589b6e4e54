"""What a run says while it works; the only way out of a running stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What an event tells."""

    STARTED = "started"
    PROGRESS = "progress"  # step of total, and what it is doing
    POINT = "point"  # one point of a live series: payload {"series", "x", "y"}
    WARNING = "warning"
    CHECKPOINT = "checkpoint"  # name + payload, enough to go on from here
    ARTIFACT = "artifact"  # payload {"name", "media", "sha256", "bytes"}
    STAGE = "stage"  # a stage ended; payload is its part
    ENDING = "ending"


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: what it tells.
        stage: the stage that speaks; empty for the run itself.
        name: which checkpoint, series or artifact.
        message: one sentence for a person; may be empty.
        step: how far, in units of `total`.
        total: of how many; None where unknown.
        payload: plain data.
    """

    kind: EventKind
    stage: str = ""
    name: str = ""
    message: str = ""
    step: int | None = None
    total: int | None = None
    payload: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return asdict(self) | {"kind": str(self.kind)}


Listener = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The listener that listens to nothing."""
