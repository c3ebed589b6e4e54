"""Runs the examples for real and ships their Records with the course: what labs and pages show at once is theirs.

For maintainers: ``python -m scripts.ship`` (some minutes), or ``python -m scripts.ship churn``; then look at the labs
of weeks 4, 6 and 8 to 12, and at the race, and commit what changed. Of the artifacts only the served model goes along;
the Record says everything else, and whoever wants the other files runs the example.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import replace
from pathlib import Path

from fallline.cli.environment import cores, one_thread
from fallline.core.ending import EndingKind
from fallline.core.event import Event, EventKind
from fallline.core.person import LOCAL
from fallline.runs.execute import Surroundings, execute
from fallline.runs.executors.processes import ProcessExecutor
from fallline.runs.record import Record
from fallline.runs.shipped import PLACE, ship
from fallline.runs.sources import load, sha256_of
from fallline.runs.spec import parse_spec
from fallline.runs.spec.base import Spec

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ("churn", "churn-random", "churn-again", "churn-net", "race")
LARGEST = 400_000
"""Bytes of a shipped Record, gzipped, with its artifacts."""


def main(names: list[str]) -> None:
    """Runs and ships the examples named, or all."""
    one_thread()
    for name in names or NAMES:
        spec = parse_spec((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
        record, files = _run(spec, name)
        folder = ship(record, name, files, PLACE)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"{name}: {record.ending.sentence} {size / 1000:.0f} kB in {folder}")
        if size > LARGEST:
            raise SystemExit(f"{name} takes {size:,} bytes, more than {LARGEST:,}: drop something before it ships.")


def _run(spec: Spec, name: str) -> tuple[Record, dict[str, bytes]]:
    """Executes the Spec; returns its Record, dated, and the served model by SHA-256."""
    kept: dict[str, bytes] = {}
    began = time.monotonic()

    def listen(event: Event) -> None:
        if event.kind is EventKind.ARTIFACT:
            kept[event.name] = event.payload
        if event.kind is EventKind.STAGE and event.name == "ended":
            print(f"  {time.monotonic() - began:6.1f} s  {event.stage}: {event.message}", flush=True)

    with ProcessExecutor(cores()) as executor:
        around = Surroundings(clock=time.time, listener=listen, executor=executor)
        data = getattr(spec, "data", None)
        if data is not None:
            around = replace(around, data=lambda: load(data), data_sha256=sha256_of(data))
        record = execute(spec, around, id_=f"shipped:{name}", owner=LOCAL.id)
    if record.ending.kind is not EndingKind.FINISHED:
        raise SystemExit(f"{name} did not end: {record.ending.sentence}")
    return _dated(record, name), _served(record, kept) if spec.kind == "capstone" else {}


def _dated(record: Record, name: str) -> Record:
    date = dt.datetime.fromtimestamp(record.observed["run"]["created"], dt.UTC).date().isoformat()
    verb = "race" if record.kind == "race" else "run"
    shipped = {"name": name, "date": date, "command": f"fallline {verb} examples/{name}.toml"}
    return replace(record, observed={**record.observed, "shipped": shipped})


def _served(record: Record, kept: dict[str, bytes]) -> dict[str, bytes]:
    part = record.part("compress")
    file = next(each["file"] for each in part["variants"] if each["name"] == part["service"]["variant"])
    sha256 = next(artifact.sha256 for artifact in record.artifacts if artifact.name == file)
    return {sha256: kept[file]}


if __name__ == "__main__":
    main(sys.argv[1:])
