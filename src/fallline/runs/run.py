"""Run: executes a Spec and keeps what happens in a ledger, so that nothing is lost and nothing is done twice.

The same Spec again is a look-up. A run whose process was killed goes on from its last checkpoint. ``fresh`` executes
again, and the new Record must say the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from fallline.core.canonical import canonical
from fallline.core.ending import EndingKind
from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.event import Event, EventKind, Listener, ignore
from fallline.core.person import Person
from fallline.runs.execute import Surroundings, execute
from fallline.runs.identity import identity, key_of
from fallline.runs.ledger import Ledger, RunRow
from fallline.runs.process import is_alive, this_process
from fallline.runs.record import Record
from fallline.runs.spec import load_spec, parse_json
from fallline.runs.spec.base import Spec

PROGRESS_SECONDS = 0.5
"""Progress is kept at most this often; checkpoints, points and endings always."""


@dataclass(frozen=True)
class Outcome:
    """What `run` did.

    Attributes:
        record: the Record.
        how: ``executed``, ``resumed`` or ``looked up``.
    """

    record: Record
    how: str


def run(spec: Spec, ledger: Ledger, person: Person, around: Surroundings, *, fresh: bool = False) -> Outcome:
    """Runs a Spec for a person: looks it up, goes on with an interrupted one, or executes it.

    Args:
        spec: what to do.
        ledger: where it is kept.
        person: whose it is.
        around: data, executor, listener; the listener hears what the ledger keeps.
        fresh: execute even if the answer is known.

    Raises:
        Conflict: the same run is being executed by a living process.
    """
    key = key_of(spec, identity(spec, around.data_sha256))
    if not fresh:
        known = ledger.finished(key, person)
        if known is not None:
            return Outcome(known, "looked up")
        open_row = interrupted(key, ledger, person)
        if open_row is not None:
            return Outcome(_execute(open_row, spec, ledger, around), "resumed")
    row = ledger.open_run(new_row(spec, key, person, around.clock(), this_process()))
    return Outcome(_execute(row, spec, ledger, around), "executed")


def new_row(spec: Spec, key: str, person: Person, now: float, process: str, state: str = "running") -> RunRow:
    """Returns the row of a run that is about to start."""
    text = canonical(spec.to_tree()).decode()
    return RunRow(key[:10], key, person.id, spec.kind, spec.title or spec.kind, state, text, now, process=process)


def interrupted(key: str, ledger: Ledger, person: Person) -> RunRow | None:
    """Returns an unfinished run with this key that can go on.

    Raises:
        Conflict: it is being executed by a living process.
    """
    for row in ledger.rows(person, text=key[:10], limit=20):
        if row.key != key or row.owner != person.id or row.state not in {"running", "interrupted", "cancelled"}:
            continue
        if row.state == "running" and is_alive(row.process) and row.process != this_process():
            raise Conflict(f"Run {row.id} is being executed by process {row.process.split(':')[-2]}. Wait for it.")
        return row
    return None


def resume(name: str, ledger: Ledger, person: Person, surroundings: Callable[[Spec], Surroundings]) -> Outcome:
    """Goes on with an interrupted or cancelled run from its last checkpoint.

    Args:
        name: its id or the start of it.
        ledger: where it is kept.
        person: whose it is.
        surroundings: gives data and executor for its Spec.

    Raises:
        NotFound: no such run is visible to the person.
        Conflict: it is being executed by a living process.
    """
    row = ledger.row(name, person)
    if row is None:
        raise NotFound(f"No run is called {name!r}. `fallline records` lists them.")
    if row.state == "finished":
        record = ledger.record(row.id, person)
        if record is None:
            raise NotFound(f"The Record of run {row.id} is gone.")
        return Outcome(record, "looked up")
    if row.state == "running" and is_alive(row.process) and row.process != this_process():
        raise Conflict(f"Run {row.id} is being executed by process {row.process.split(':')[-2]}. Wait for it.")
    spec = load_spec(parse_json(row.spec))
    around = surroundings(spec)
    if key_of(spec, identity(spec, around.data_sha256)) != row.key:
        raise Conflict(
            f"Run {row.id} was started with other data, sources or versions than are here now, so its checkpoints do "
            "not fit. Start it anew with `fallline run`."
        )
    return Outcome(_execute(row, spec, ledger, around), "resumed")


def _execute(row: RunRow, spec: Spec, ledger: Ledger, around: Surroundings) -> Record:
    ledger.update_run(row.id, state="running", process=this_process(), ended=None, sentence="")
    heard = replace(
        around, listener=keeping(ledger, row.id, around.listener, time.monotonic), read_bytes=ledger.artifact
    )
    try:
        record = execute(spec, heard, ledger.checkpoints(row.id), id_=row.id, owner=row.owner)
    except KeyboardInterrupt:
        ledger.update_run(row.id, state="interrupted", process="", ended=around.clock(), sentence="Interrupted.")
        raise
    except Exception as error:
        sentence = str(error) if isinstance(error, FallLineError) else f"{type(error).__name__}: {error}"
        ledger.update_run(row.id, state="failed", process="", ended=around.clock(), sentence=sentence)
        raise
    state = "cancelled" if record.ending.kind is EndingKind.CANCELLED else "finished"
    ledger.close_run(row.id, record, state=state, ended=around.clock())
    return record


def keeping(
    ledger: Ledger, run_id: str, then: Listener = ignore, clock: Callable[[], float] = time.monotonic
) -> Listener:
    """Returns a listener that keeps in the ledger what must be kept, and passes every event on."""
    last = [float("-inf")]

    def listen(event: Event) -> None:
        if event.kind is EventKind.ARTIFACT:
            sha256 = ledger.keep_artifact(event.payload)
            ledger.append(run_id, replace(event, payload={"sha256": sha256, "size": len(event.payload)}))
        elif event.kind is not EventKind.PROGRESS:
            ledger.append(run_id, event)
        elif clock() - last[0] >= PROGRESS_SECONDS:
            last[0] = clock()
            ledger.append(run_id, event)
        then(event)

    return listen
