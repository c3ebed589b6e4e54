"""`fallline compare`: two Records side by side."""

from __future__ import annotations

from typing import Annotated

import typer


def compare(
    first: Annotated[str, typer.Argument(help="A Record's id.")],
    second: Annotated[str, typer.Argument(help="Another's.")],
    every: Annotated[bool, typer.Option("--all", help="Also what is the same.")] = False,
) -> None:
    """Compare two Records: what was asked differently, and what came out differently."""
    from rich.console import Console
    from rich.table import Table

    from fallline.cli.environment import database
    from fallline.cli.find import find_record
    from fallline.runs.comparison import compare as differences
    from fallline.storage.ledger import SqlLedger

    with database() as opened:
        ledger = SqlLedger(opened)
        one, other = find_record(ledger, first), find_record(ledger, second)
    found = differences(one, other, only_differences=not every)
    console = Console(highlight=False)
    console.print(found["sentence"], soft_wrap=True)
    table = Table(box=None, pad_edge=False)
    for column in ("", one.id, other.id):
        table.add_column(column)
    for row in found["rows"]:
        table.add_row(row["path"], str(row["first"]), str(row["second"]))
    console.print(table)
