"""The surroundings of a run at the command line: the person's own files are allowed here, and only here."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fallline.core.errors import NotFound

if TYPE_CHECKING:
    from fallline.core.event import Listener
    from fallline.core.executor import Executor
    from fallline.runs.execute import Surroundings
    from fallline.runs.record import Record
    from fallline.runs.spec.base import Spec
    from fallline.runs.stage import Reader
    from fallline.storage.ledger import SqlLedger


def surroundings(spec: Spec, home: Path, ledger: SqlLedger, executor: Executor, listener: Listener) -> Surroundings:
    """Returns what `execute` is given for a Spec.

    Args:
        spec: its data may be named, a file, or an upload; a view names Records.
        home: FALLLINE_HOME.
        ledger: where other Records are found.
        executor: does batches.
        listener: takes events.
    """
    from fallline.runs.execute import Surroundings
    from fallline.runs.race.code import read_code, with_code
    from fallline.runs.sources import load, sha256_of
    from fallline.runs.viewed import viewed_sha256

    data = getattr(spec, "data", None)
    shared = {
        "clock": time.time,
        "listener": listener,
        "executor": executor,
        "read_record": reader(ledger),
        "read_code": read_code,
    }
    if data is None:
        known = with_code(viewed_sha256(spec, reader(ledger)), spec)
        return Surroundings(**shared, read_bytes=ledger.artifact, data_sha256=known)  # type: ignore[arg-type]
    uploads = home / "uploads"
    return Surroundings(
        **shared,  # type: ignore[arg-type]
        read_bytes=ledger.artifact,
        data=lambda: load(data, uploads=uploads, allow_files=True),
        data_sha256=with_code(sha256_of(data, uploads=uploads, allow_files=True), spec),
    )


def reader(ledger: SqlLedger) -> Reader:
    """Returns what finds a Record by id, or one that comes with the course by ``shipped:NAME``."""
    from fallline.core.person import LOCAL
    from fallline.runs.shipped import shipped_record

    def read(name: str) -> Record:
        if name.startswith("shipped:"):
            return shipped_record(name.removeprefix("shipped:"))
        record = ledger.record(name, LOCAL)
        if record is None:
            raise NotFound(f"No Record is called {name!r}. `fallline records` lists them.")
        return record

    return read
