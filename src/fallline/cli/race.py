"""`fallline race`: optimizers on workloads; a Spec file in, a table and advice out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fallline.core.errors import SpecError

if TYPE_CHECKING:
    from rich.console import Console


def race(
    spec: Annotated[Path, typer.Argument(help='A Spec file (TOML) with kind = "race".', metavar="SPEC")],
    fresh: Annotated[bool, typer.Option("--fresh", help="Execute even if the answer is known.")] = False,
    workers: Annotated[int, typer.Option(help="Processes; 0 takes one per core. Never changes the result.", min=0)] = 0,
) -> None:
    """Race optimizers on workloads, your own included, in PyTorch, Keras and Fall Line, each tuned with one budget."""
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
    if parsed.kind != "race":
        raise SpecError("kind", parsed.kind, "a race", f"fallline run {spec} runs it.")
    console = Console(highlight=False)
    with database() as opened, ProcessExecutor(workers or cores()) as executor, Watcher(console) as watcher:
        ledger = SqlLedger(opened)
        around = surroundings(parsed, home(), ledger, executor, watcher)
        outcome = start(parsed, ledger, LOCAL, around, fresh=fresh)
    if "race" in outcome.record.result:
        print_race(console, outcome.record.part("race"))
    print_verdict(console, outcome)
    console.print(f"  fallline serve, then /race?record={outcome.record.id}   the pictures", soft_wrap=True)


def print_race(console: Console, part: dict[str, Any]) -> None:
    """Prints, for each lane, the steps to the target of every optimizer on every workload, and the advice."""
    from rich.table import Table
    from rich.text import Text

    for lane in part["order"]["lanes"]:
        if not part["profiles"][lane]:
            continue
        names = [name for name in part["order"]["optimizers"] if name in part["profiles"][lane]]
        table = Table(title=f"{part['lanes'][lane]}: steps to the target, median", title_justify="left", box=None)
        table.add_column("", no_wrap=True)
        for name in names:
            table.add_column(part["optimizers"][name], justify="right")
        for key in part["order"]["workloads"]:
            workload = part["workloads"][key]
            if lane in workload["entries"]:
                table.add_row(key, *(_steps(workload, lane, name) for name in names))
        scores = (f"{part['profiles'][lane][name]['score']:.2f}" for name in names)
        table.add_row(Text("area under the profile", style="dim"), *(Text(score, style="dim") for score in scores))
        console.print(table)
        for sentence in part["advice"][lane]:
            console.print(f"  {sentence}", soft_wrap=True)
        console.print()


def _steps(workload: dict[str, Any], lane: str, name: str) -> str:
    """The median steps; in bold where none is sooner."""
    entry = workload["entries"][lane].get(name)
    steps = None if entry is None else entry["steps_quartiles"]["median"]
    if steps is None:
        return "–"
    return f"[bold]{steps:.0f}[/bold]" if workload["winners"][lane]["soonest"] == name else f"{steps:.0f}"
