"""Finds a Record for a verb, or says how to find one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fallline.core.errors import NotFound
from fallline.core.person import LOCAL

if TYPE_CHECKING:
    from fallline.runs.record import Record
    from fallline.storage.ledger import SqlLedger


def find_record(ledger: SqlLedger, name: str) -> Record:
    """Returns the Record whose id is, or starts with, `name`, or a shipped one by ``shipped:NAME``.

    Raises:
        NotFound: there is none; says what to do.
    """
    from fallline.runs.shipped import shipped_record

    if name.startswith("shipped:"):
        return shipped_record(name.removeprefix("shipped:"))
    record = ledger.record(name, LOCAL)
    if record is None and ledger.row(name, LOCAL) is not None:
        raise NotFound(f"Run {name} has not ended, so it has no Record. `fallline resume {name}` goes on with it.")
    if record is None:
        raise NotFound(f"No Record is called {name!r}. `fallline records` lists them.")
    return record
