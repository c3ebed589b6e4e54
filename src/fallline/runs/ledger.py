"""Ledger: the protocol of a place that keeps Runs and Records; `storage` implements it.

Reads for a page take the person who looks and return only what is visible to them: what is another's and what does not
exist give the same answer, None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fallline.core.event import Event
from fallline.core.person import Person
from fallline.runs.record import Record


@dataclass(frozen=True)
class RunRow:
    """One line of the list of runs.

    Attributes:
        id: ``<first ten of the key>-<attempt>``.
        key: SHA-256 of the computation.
        owner: id of the person.
        kind: the Spec's kind.
        title: for lists.
        state: ``queued``, ``running``, ``finished``, ``failed``, ``cancelled``, ``interrupted`` (its process is gone).
        spec: canonical JSON of the Spec with defaults.
        created: seconds since 1970, UTC.
        ended: likewise, or None.
        sentence: how it ended, for a person.
        process: which process executes it (``host:pid:start``), to tell a running run from an orphaned one.
    """

    id: str
    key: str
    owner: str
    kind: str
    title: str
    state: str
    spec: str
    created: float
    ended: float | None = None
    sentence: str = ""
    process: str = ""


class Ledger(Protocol):
    """Keeps runs, their checkpoints and events, their Records and artifacts. Every write is durable on return."""

    def open_run(self, row: RunRow) -> RunRow:
        """Stores a new run; gives its id the next free attempt number of its key."""
        ...

    def submit(self, row: RunRow) -> RunRow:
        """Stores a new run in state ``queued`` and, in the same transaction, the job that will do it.

        The job's id is the run's. While an unfinished run of the same key and owner waits or works, that one is
        returned instead: a double click is one run.
        """
        ...

    def requeue(self, run: str, now: float) -> bool:
        """Queues the job of an interrupted or cancelled run again, to go on from its checkpoints; else False."""
        ...

    def update_run(self, run: str, *, state: str, process: str, ended: float | None, sentence: str) -> None:
        """Changes what can change."""
        ...

    def append(self, run: str, event: Event) -> int:
        """Stores an event, with its checkpoint if it is one; returns its number, from 1 up without gaps."""
        ...

    def events(self, run: str, person: Person, after: int = 0) -> list[tuple[int, Event]]:
        """Returns the events numbered above `after`, in order."""
        ...

    def checkpoints(self, run: str) -> dict[str, object]:
        """Returns checkpoint name → payload, the last of each name."""
        ...

    def keep_artifact(self, content: bytes) -> str:
        """Keeps bytes under their SHA-256 and returns it; the same bytes twice are kept once."""
        ...

    def artifact(self, sha256: str) -> bytes:
        """Returns the bytes; raises NotFound."""
        ...

    def close_run(self, run: str, record: Record, *, state: str, ended: float) -> None:
        """Stores the Record and the ending of the run in one transaction."""
        ...

    def row(self, run: str, person: Person) -> RunRow | None:
        """Returns the run whose id is, or uniquely starts with, `run`."""
        ...

    def record(self, run: str, person: Person) -> Record | None:
        """Returns the Record of the run whose id is, or uniquely starts with, `run`."""
        ...

    def finished(self, key: str, person: Person) -> Record | None:
        """Returns the newest Record with this key that ended `finished`, if one is visible to the person."""
        ...

    def rows(self, person: Person, *, text: str = "", kind: str = "", limit: int = 50, offset: int = 0) -> list[RunRow]:
        """Returns runs, newest first, whose title, id or Spec contains `text`."""
        ...
