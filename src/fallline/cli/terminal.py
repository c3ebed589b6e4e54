"""How a run looks in the terminal: one line per stage, the live one with a bar, warnings where they arise."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from fallline.core.event import Event, EventKind


class Watcher:
    """A listener that draws the events of a run on a console; plain lines when it is not a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Progress(
            TextColumn("  {task.fields[stage]:<10}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[message]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def __call__(self, event: Event) -> None:
        """Takes one event."""
        if event.kind is EventKind.STAGE and event.name == "ended":
            self._end_stage(event)
        elif event.kind is EventKind.STAGE:
            self._began = time.monotonic()
            self._start_bar(event.stage)
        elif event.kind is EventKind.PROGRESS and self._task is not None:
            self._live.update(self._task, completed=event.step, total=event.total, message=event.message)
        elif event.kind is EventKind.WARNING:
            self._console.print(Text(f"  ! {event.message}", style="yellow"))

    def _start_bar(self, stage: str) -> None:
        if self._console.is_terminal:
            self._clear()
            self._task = self._live.add_task("", total=None, stage=stage, message="")

    def _end_stage(self, event: Event) -> None:
        self._clear()
        seconds = time.monotonic() - self._began
        table = Table.grid(padding=(0, 1))
        table.add_column(width=12, no_wrap=True)
        table.add_column(width=8, no_wrap=True, justify="right")
        table.add_column()
        stage, took = Text(f"  {event.stage}", style="bold"), Text(f"{seconds:.1f} s", style="dim")
        table.add_row(stage, took, Text(event.message))
        self._console.print(table)

    def _clear(self) -> None:
        if self._task is not None:
            self._live.remove_task(self._task)
            self._task = None
