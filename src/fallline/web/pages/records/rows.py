"""Rows of the list of runs, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fallline.runs.ledger import RunRow
from fallline.runs.process import is_alive

WORDS = {
    "queued": ("waits", "muted"),
    "running": ("running", "link"),
    "finished": ("finished", "good"),
    "failed": ("failed", "bad"),
    "cancelled": ("cancelled", "warning"),
    "interrupted": ("interrupted", "warning"),
}
"""State → word and colour role."""


@dataclass(frozen=True)
class RowView:
    """One run in a list."""

    id: str
    title: str
    kind: str
    state: str
    word: str
    role: str
    when: datetime
    seconds: float | None
    sentence: str
    href: str


def row_views(rows: Sequence[RunRow]) -> list[RowView]:
    """Returns rows for a page; a running one whose process is gone is called interrupted."""
    return [_view(row) for row in rows]


def state_of(row: RunRow) -> str:
    """Returns the state of a run as it is, which the row may not know yet."""
    gone = row.state == "running" and row.process and not is_alive(row.process)
    return "interrupted" if gone else row.state


def _view(row: RunRow) -> RowView:
    state = state_of(row)
    word, role = WORDS[state]
    seconds = None if row.ended is None else row.ended - row.created
    place = "records" if state == "finished" else "runs"
    when = datetime.fromtimestamp(row.created, UTC)
    return RowView(row.id, row.title, row.kind, state, word, role, when, seconds, row.sentence, f"/{place}/{row.id}")
