"""Stage: a pure function from its Spec and the parts before it to its own part of the Record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from fallline.core.errors import Cancelled
from fallline.core.event import Event, EventKind, Listener
from fallline.core.executor import Executor
from fallline.core.rng import generator
from fallline.runs.record import Artifact, Record
from fallline.runs.spec.base import Spec

if TYPE_CHECKING:
    from fallline.runs.sources import Loaded

Reader = Callable[[str], Record]
"""Finds a kept Record by its id or by ``shipped:NAME``; raises NotFound."""

Code = Callable[[str, str], str]
"""Reads a user's own code: ``(file.py:name, path in the Spec) → source``; raises SpecError where none is allowed."""

Bytes = Callable[[str], bytes]
"""Finds the bytes of an artifact by SHA-256; raises NotFound."""


@dataclass(frozen=True)
class Context:
    """What a stage may use besides its Spec; it has no other way to the world.

    Attributes:
        spec: the whole Spec.
        stage: its own name.
        parts: stage → part, of the stages before it.
        data: loads the table (once).
        checkpoints: what an interrupted run of this stage left: name → payload.
        listener: takes events.
        cancelled: whether someone asked the run to stop.
        executor: does batches.
        clock: seconds; for `observed` only.
        keep: stores bytes as an artifact.
        read_bytes: reads an artifact back.
        read_record: finds another Record, for views.
        read_code: reads a user's own code.
    """

    spec: Spec
    stage: str
    parts: Mapping[str, dict[str, Any]]
    data: Callable[[], Loaded]
    checkpoints: Mapping[str, Any]
    listener: Listener
    cancelled: Callable[[], bool]
    executor: Executor
    clock: Callable[[], float]
    keep: Callable[[str, str, bytes], Artifact]
    read_bytes: Bytes
    read_record: Reader
    read_code: Code

    def rng(self, *path: str | int) -> np.random.Generator:
        """Returns the random stream of this stage, or of a named part of it."""
        return generator(self.spec.seed, self.stage, *path)

    def emit(self, kind: EventKind, **fields: Any) -> None:
        """Sends an event in the name of the stage."""
        self.listener(Event(kind=kind, stage=self.stage, **fields))

    def progress(self, step: int, total: int, message: str) -> None:
        """Says how far it is and what it is doing; also the place where a cancelled run stops.

        Raises:
            Cancelled: someone asked the run to stop.
        """
        if self.cancelled():
            raise Cancelled
        self.emit(EventKind.PROGRESS, step=step, total=total, message=message)


@dataclass(frozen=True)
class Output:
    """What a stage gives back.

    Attributes:
        part: deterministic, plain data: goes into `Record.result`.
        observed: clocks and the machine: goes into `Record.observed`.
        artifacts: files.
        warnings: sentences for a person.
    """

    part: dict[str, Any]
    observed: dict[str, Any] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    warnings: Sequence[str] = ()


class Stage(Protocol):
    """One step of a Run."""

    def __call__(self, context: Context) -> Output:
        """Does the work; resumes from `context.checkpoints`; calls `context.progress` at least twice a second."""
        ...
