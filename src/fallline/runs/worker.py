"""Worker: the child process that does one run, and what the parent does with what it hears.

The child never writes: it sends events through a pipe and the parent, the only writer, keeps them. A killed child loses
nothing but the work since its last checkpoint.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as Signal
from pathlib import Path
from typing import Any

from fallline.core.ending import EndingKind
from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.event import Event
from fallline.core.person import Person
from fallline.runs.execute import Surroundings, execute
from fallline.runs.executors.processes import ProcessExecutor
from fallline.runs.identity import identity, key_of
from fallline.runs.jobs import Job
from fallline.runs.ledger import Ledger, RunRow
from fallline.runs.process import this_process
from fallline.runs.record import Record
from fallline.runs.run import keeping
from fallline.runs.shipped import read_shipped, shipped_bytes
from fallline.runs.sources import load, sha256_of
from fallline.runs.spec import load_spec, parse_json
from fallline.runs.spec.base import Spec
from fallline.runs.viewed import viewed_sha256


@dataclass(frozen=True)
class Failure:
    """What the child sends when the run could not end: a sentence for a person."""

    sentence: str


def perform(  # the child's main function
    connection: Connection, stop: Signal, row: RunRow, checkpoints: Mapping[str, Any], home: Path, workers: int
) -> None:
    """Executes one run in this process and sends its events, then its Record or a Failure."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        spec = load_spec(parse_json(row.spec))
        with ProcessExecutor(workers) as executor:
            around = surroundings(spec, home, executor, connection.send, stop.is_set)
            _check_key(spec, around, row)
            connection.send(execute(spec, around, checkpoints, id_=row.id, owner=row.owner))
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the person is told and the parent is not left waiting
        connection.send(Failure(str(error) if isinstance(error, FallLineError) else f"{type(error).__name__}: {error}"))
    finally:
        connection.close()


def _check_key(spec: Spec, around: Surroundings, row: RunRow) -> None:
    if key_of(spec, identity(spec, around.data_sha256)) != row.key:
        raise Conflict("It was asked for with other sources, versions or data than are here now. Run it anew.")


def surroundings(
    spec: Any, home: Path, executor: Any, listener: Callable[[Event], None], cancelled: Callable[[], bool]
) -> Surroundings:
    """Returns the surroundings of a run whose data is named or uploaded; files are for the command line alone.

    A view looks at Records that come with the course: this process has no ledger.
    """
    data = getattr(spec, "data", None)
    if data is None:
        return Surroundings(
            clock=time.time,
            data_sha256=viewed_sha256(spec, read_shipped),
            listener=listener,
            cancelled=cancelled,
            executor=executor,
            read_record=read_shipped,
            read_bytes=shipped_bytes,
        )
    return Surroundings(
        clock=time.time,
        data=lambda: load(data, uploads=home / "uploads", allow_files=False),
        data_sha256=sha256_of(data, uploads=home / "uploads", allow_files=False),
        listener=listener,
        cancelled=cancelled,
        executor=executor,
    )


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@dataclass
class RunTask:
    """One leased run job, seen from the parent."""

    ledger: Ledger
    row: RunRow
    checkpoints: Mapping[str, Any]
    home: Path
    workers: int
    ending: tuple[str, str] | None = field(default=None)

    @staticmethod
    def of(job: Job, ledger: Ledger, home: Path, workers: int) -> RunTask | None:
        """Prepares the run that a job names; what an earlier try left is where it goes on. None: it has ended well.

        Raises:
            NotFound: the run is gone.
        """
        row = ledger.row(job.payload, Person(job.owner, ""))
        if row is None:
            raise NotFound(f"Run {job.payload} is not there.")
        if row.state == "finished":
            return None
        ledger.update_run(row.id, state="running", process=this_process(), ended=None, sentence="")
        return RunTask(ledger, row, ledger.checkpoints(row.id), home, workers)

    def arguments(self) -> tuple[Any, ...]:
        """Returns what `perform` takes after connection and signal."""
        return (self.row, self.checkpoints, self.home, self.workers)

    def listener(self) -> Callable[[Event], None]:
        """Returns what keeps the events of the child."""
        return keeping(self.ledger, self.row.id)

    def end(self, message: Record | Failure, now: float) -> tuple[str, str]:
        """Keeps the end; returns the job's state and sentence."""
        if isinstance(message, Failure):
            self.ledger.update_run(self.row.id, state="failed", process="", ended=now, sentence=message.sentence)
            return "failed", message.sentence
        cancelled = message.ending.kind is EndingKind.CANCELLED
        self.ledger.close_run(self.row.id, message, state="cancelled" if cancelled else "finished", ended=now)
        return ("cancelled" if cancelled else "done"), message.ending.sentence

    def lost(self, now: float, sentence: str, *, cancelled: bool) -> None:
        """Says in the ledger that the child is gone."""
        state = "cancelled" if cancelled else "interrupted"
        self.ledger.update_run(self.row.id, state=state, process="", ended=now, sentence=sentence)
