"""The ledger: two hundred writers at once, and how soon a known answer is told."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from benchmarks.figure import Figure
from benchmarks.measure import median, percentile, spent
from fallline.core.event import Event, EventKind
from fallline.core.person import LOCAL
from fallline.runs.ledger import RunRow
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger

WRITERS, EACH = 200, 2
ROUNDS, QUICK_ROUNDS = 5, 2
SPEC = 'kind = "descent"\nsurface = "ravine"\n'


def figures(quick: bool) -> list[Figure]:
    """Measures writes at once, and whole look-ups by the command line."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    stored, seconds = zip(*(wrote() for _ in range(rounds)), strict=True)
    worst = median([percentile(times, 0.99) for times in seconds])
    crowd = f"{WRITERS} writers, {EACH} runs each, all at once, SQLite, every one durable"
    found = looked_up(rounds + 3)
    return [
        Figure("stored", min(stored), "runs", f">= {WRITERS * EACH}", crowd),
        Figure("write, p50", median([median(times) for times in seconds]), "s", "", crowd),
        Figure("write, p99", worst, "s", "<= 1", crowd),
        Figure("look-up of a known run", median(found), "s", "< 1", "fallline run SPEC again, the whole process"),
    ]


def wrote() -> tuple[int, list[float]]:
    """Lets everybody write at once; returns how many runs are there afterwards, and the seconds of each write."""
    with TemporaryDirectory() as home:
        opened = open_database("", Path(home))
        ledger = SqlLedger(opened)
        together = Barrier(WRITERS)

        def write(writer: int) -> list[float]:
            times = []
            together.wait()
            for number in range(EACH):
                began = time.perf_counter()
                row = RunRow("", f"{writer:06}{number:04}", LOCAL.id, "descent", "w", "running", "{}", time.time())
                ledger.append(ledger.open_run(row).id, Event(EventKind.STARTED))
                times.append(time.perf_counter() - began)
            return times

        with ThreadPoolExecutor(WRITERS) as pool:
            seconds = [each for times in pool.map(write, range(WRITERS)) for each in times]
        opened.close()
        again = open_database("", Path(home))
        rows = SqlLedger(again).rows(LOCAL, limit=10 * WRITERS)
        events = sum(len(SqlLedger(again).events(row.id, LOCAL)) for row in rows)
        again.close()
    return min(len(rows), events), seconds


def looked_up(rounds: int) -> list[float]:
    """Runs a Spec once, then asks again; returns the seconds of each time it was asked again."""
    with TemporaryDirectory() as home:
        spec = Path(home) / "spec.toml"
        spec.write_text(SPEC)
        command = [sys.executable, "-m", "fallline.cli.main", "run", str(spec)]
        environment = {"FALLLINE_HOME": home, "FALLLINE_DATABASE": ""}
        done = [spent(command, environment=environment) for _ in range(rounds + 1)]
    if any(each.code for each in done) or "looked up" not in done[-1].output:
        raise RuntimeError(done[-1].output)
    return [each.seconds for each in done[1:]]
