"""`fallline resume`: go on with a run that was killed or cancelled."""

from __future__ import annotations

from typing import Annotated

import typer


def resume(
    run: Annotated[str, typer.Argument(help="The run's id, or the start of it.", metavar="ID")],
    workers: Annotated[int, typer.Option(help="Processes; 0 takes one per core.", min=0)] = 0,
) -> None:
    """Go on with an interrupted run from its last checkpoint; the result is that of an uninterrupted one."""
    from rich.console import Console

    from fallline.cli.environment import cores, database, home
    from fallline.cli.surroundings import surroundings
    from fallline.cli.terminal import Watcher
    from fallline.cli.verdict import print_verdict
    from fallline.core.person import LOCAL
    from fallline.runs.executors.processes import ProcessExecutor
    from fallline.runs.run import resume as go_on
    from fallline.storage.ledger import SqlLedger

    console = Console(highlight=False)
    with database() as opened, ProcessExecutor(workers or cores()) as executor, Watcher(console) as watcher:
        ledger = SqlLedger(opened)
        outcome = go_on(run, ledger, LOCAL, lambda spec: surroundings(spec, home(), ledger, executor, watcher))
    print_verdict(console, outcome)
