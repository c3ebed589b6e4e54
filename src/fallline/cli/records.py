"""`fallline records`: what has been run."""

from __future__ import annotations

from typing import Annotated

import typer


def records(
    text: Annotated[str, typer.Argument(help="Only those whose title, id or Spec contains this.")] = "",
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1, max=1000)] = 20,
) -> None:
    """List runs and their Records, newest first."""
    from datetime import UTC, datetime

    from rich.console import Console
    from rich.table import Table

    from fallline.cli.environment import database
    from fallline.core.person import LOCAL
    from fallline.runs.process import is_alive
    from fallline.storage.ledger import SqlLedger

    console = Console(highlight=False)
    with database() as opened:
        rows = SqlLedger(opened).rows(LOCAL, text=text, limit=limit)
    if not rows:
        console.print("No runs yet. `fallline run examples/churn.toml` makes the first." if not text else "None match.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", "state", "kind", "started (UTC)", "title"):
        table.add_column(column, no_wrap=column != "title")
    for row in rows:
        state = "interrupted" if row.state == "running" and not is_alive(row.process) else row.state
        when = datetime.fromtimestamp(row.created, UTC).strftime("%Y-%m-%d %H:%M")
        table.add_row(row.id, state, row.kind, when, row.title)
    console.print(table)
