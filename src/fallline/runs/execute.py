"""Execute: runs the stages of a Spec in order and gives back the Record; everything else hears of it by events.

It writes nothing. Who calls it keeps what the events bring: a checkpoint is everything needed to go on from there, so a
run that is killed at any moment and executed again with its checkpoints gives the same `result`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from threadpoolctl import threadpool_limits

from fallline.core.canonical import canonical
from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import Cancelled, NotFound, SpecError
from fallline.core.event import Event, EventKind, Listener, ignore
from fallline.core.executor import Executor, SerialExecutor
from fallline.runs.identity import THREADS, identity, key_of
from fallline.runs.plan import stages_of
from fallline.runs.record import Artifact, Record
from fallline.runs.sources import Loaded
from fallline.runs.spec.base import Spec
from fallline.runs.stage import Bytes, Code, Context, Output, Reader, Stage


def _no_record(name: str) -> Record:
    raise NotFound(f"No Record is called {name!r} here.")


def _no_bytes(sha256: str) -> bytes:
    raise NotFound(f"No artifact has the SHA-256 {sha256[:12]}….")


def _no_code(name: str, path: str) -> str:
    raise SpecError(path, name, "allowed here", "Code runs at the command line alone: fallline run SPEC.")


def _no_data() -> Loaded:
    raise NotFound("This kind of Spec names no data.")


@dataclass(frozen=True)
class Surroundings:
    """What a run is given by whoever starts it.

    Attributes:
        data: loads the table that the Spec names.
        data_sha256: its digest; of a view, that of the Records it looks at; empty when the Spec names neither.
        listener: takes events.
        cancelled: whether to stop.
        executor: does batches.
        clock: seconds since 1970, for `observed`.
        read_bytes: reads kept artifacts.
        read_record: finds kept Records.
        read_code: reads a user's own code; by default none is allowed.
        kept: whether someone keeps the run: then its parts are made to survive a checkpoint, and the maths libraries
            are held to one thread. A lab's answer is looked at and thrown away, and has 3 ms.
    """

    clock: Callable[[], float]
    data: Callable[[], Loaded] = _no_data
    data_sha256: str = ""
    listener: Listener = ignore
    cancelled: Callable[[], bool] = bool
    executor: Executor = field(default_factory=SerialExecutor)
    read_bytes: Bytes = _no_bytes
    read_record: Reader = _no_record
    read_code: Code = _no_code
    kept: bool = True


def execute(
    spec: Spec, around: Surroundings, checkpoints: Mapping[str, Any] | None = None, *, id_: str = "", owner: str = ""
) -> Record:
    """Runs every stage of a Spec.

    Args:
        spec: what to do.
        around: data, listener, executor and the rest.
        checkpoints: what an interrupted run left: name → payload.
        id_: of the run; empty when nobody keeps it.
        owner: id of the person.

    Returns:
        The Record. A cancelled run gives the stages that ended before it stopped.
    """
    started = around.clock()
    known = identity(spec, around.data_sha256)
    run = _Running(spec, around, dict(checkpoints or {}))
    names = list(stages_of(spec))
    around.listener(Event(EventKind.STARTED, total=len(names), message=spec.title, payload={"stages": names}))
    ending = Ending(EndingKind.FINISHED, "Finished: every stage ended.")
    with threadpool_limits(limits=THREADS) if around.kept else nullcontext():
        for number, (name, stage) in enumerate(stages_of(spec).items(), start=1):
            try:
                run.stage(name, stage, number, len(names))
            except Cancelled:
                ending = Ending(EndingKind.CANCELLED, f"Cancelled in stage {name}. Resume goes on from here.", number)
                break
    around.listener(Event(EventKind.ENDING, message=ending.sentence, payload=ending.to_dict()))
    run.observed["run"] = {"created": started, "seconds": around.clock() - started, "workers": around.executor.workers}
    return Record(
        id=id_,
        key=key_of(spec, known),
        kind=spec.kind,
        title=spec.title or spec.kind,
        owner=owner,
        spec=spec.to_tree(),
        seed=spec.seed,
        identity=known,
        result=run.result,
        observed=run.observed,
        artifacts=tuple(run.artifacts),
        ending=ending,
        warnings=tuple(run.warnings),
    )


@dataclass
class _Running:
    """What has been gathered so far; lives only as long as `execute`."""

    spec: Spec
    around: Surroundings
    checkpoints: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    artifacts: list[Artifact] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.data = cache(self.around.data)

    def stage(self, name: str, stage: Stage, number: int, total: int) -> None:
        """Runs one stage, or takes its ended part from a checkpoint."""
        done = self.checkpoints.get(f"stage/{name}")
        if done is None:
            self.around.listener(Event(EventKind.STAGE, stage=name, step=number, total=total, message="started"))
            began = self.around.clock()
            output = stage(self._context(name))
            done = _plain(output, self.around.clock() - began) if self.around.kept else _as_it_is(output)
            self.around.listener(Event(EventKind.CHECKPOINT, stage=name, name=f"stage/{name}", payload=done))
        self.result[name] = done["part"]
        self.observed[name] = done["observed"]
        self.artifacts += [Artifact(**artifact) for artifact in done["artifacts"]]
        self.warnings += done["warnings"]
        sentence = done["part"].get("sentence", "")
        self.around.listener(
            Event(EventKind.STAGE, stage=name, step=number, total=total, name="ended", message=sentence)
        )

    def _context(self, name: str) -> Context:
        return Context(
            spec=self.spec,
            stage=name,
            parts=self.result,
            data=self.data,
            checkpoints=self.checkpoints,
            listener=self.around.listener,
            cancelled=self.around.cancelled,
            executor=self.around.executor,
            clock=self.around.clock,
            keep=partial(self._keep, name),
            read_bytes=lambda sha256: self.kept.get(sha256) or self.around.read_bytes(sha256),
            read_record=self.around.read_record,
            read_code=self.around.read_code,
        )

    def _keep(self, stage: str, name: str, media: str, content: bytes) -> Artifact:
        artifact = Artifact(name, media, hashlib.sha256(content).hexdigest(), len(content), stage)
        self.kept[artifact.sha256] = content
        self.around.listener(Event(EventKind.ARTIFACT, stage=stage, name=name, payload=content))
        return artifact


def _as_it_is(output: Output) -> dict[str, Any]:
    """A stage's end for someone who only looks."""
    return {"part": output.part, "observed": output.observed, "artifacts": (), "warnings": list(output.warnings)}


def _plain(output: Output, seconds: float) -> dict[str, Any]:
    """A stage's end as plain data, as a checkpoint would give it back; refuses what JSON cannot hold, such as a NaN."""
    return {
        "part": json.loads(canonical(output.part)),
        "observed": json.loads(canonical({**output.observed, "seconds": seconds})),
        "artifacts": [vars(artifact) for artifact in output.artifacts],
        "warnings": list(output.warnings),
    }
