"""`fallline run`: a Spec file in, a Record out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Argument(help="A Spec file (TOML).", metavar="SPEC")],
    fresh: Annotated[bool, typer.Option("--fresh", help="Execute even if the answer is known.")] = False,
    workers: Annotated[int, typer.Option(help="Processes; 0 takes one per core. Never changes the result.", min=0)] = 0,
) -> None:
    """Run a Spec. The same Spec again is a look-up; an interrupted run goes on from its last checkpoint."""
    from rich.console import Console

    from fallline.cli.environment import cores, database, home
    from fallline.cli.surroundings import surroundings
    from fallline.cli.terminal import Watcher
    from fallline.cli.verdict import print_verdict, read_spec
    from fallline.core.person import LOCAL
    from fallline.runs.executors.processes import ProcessExecutor
    from fallline.runs.run import run as start
    from fallline.storage.ledger import SqlLedger

    parsed = read_spec(spec)
    console = Console(highlight=False)
    with database() as opened, ProcessExecutor(workers or cores()) as executor, Watcher(console) as watcher:
        ledger = SqlLedger(opened)
        around = surroundings(parsed, home(), ledger, executor, watcher)
        outcome = start(parsed, ledger, LOCAL, around, fresh=fresh)
    print_verdict(console, outcome)
