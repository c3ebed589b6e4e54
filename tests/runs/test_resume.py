"""A run that is killed at any moment goes on and says the same; nothing is lost, nobody is left behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fallline.core.person import LOCAL
from fallline.runs.ledger import RunRow
from fallline.runs.record import Record
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger

SPEC = """
kind = "capstone"
title = "small"
[data]
source = "named"
name = "telco_churn"
rows = 400
[train]
folds = 2
[[train.families]]
family = "logistic"
[[train.families]]
family = "boosting"
[tune]
trials = 6
startup = 3
[tune.space.mlp]
[check]
resamples = 100
[decide]
resamples = 100
[explain]
repeats = 2
rows = 3
background = 5
[compress]
repeats = 5
"""
KILLS = 20


def start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Starts the command line in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "fallline.cli.main", *arguments],
        env={**os.environ, "FALLLINE_HOME": str(home), "FALLLINE_DATABASE": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def kept(home: Path) -> tuple[list[RunRow], list[Record]]:
    """What a home holds."""
    opened = open_database("", home)
    ledger = SqlLedger(opened)
    rows = ledger.rows(LOCAL)
    records = [record for row in rows if (record := ledger.record(row.id, LOCAL)) is not None]
    opened.close()
    return rows, records


def group_is_empty(group: int) -> bool:
    """Whether no process of a group is left."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The result of an uninterrupted run."""
    home = tmp_path_factory.mktemp("reference")
    spec = home / "spec.toml"
    spec.write_text(SPEC)
    done = start(home, "run", str(spec), "--workers", "2")
    output = done.communicate()[0].decode()
    assert done.returncode == 0, output
    rows, records = kept(home)
    assert [row.state for row in rows] == ["finished"]
    return records[0]


def test_twenty_kills_change_nothing(reference: Record, tmp_path: Path) -> None:
    """Killed at twenty random moments and resumed each time, runs give the result of an uninterrupted one."""
    draw = random.Random(0)
    spec = tmp_path / "spec.toml"
    spec.write_text(SPEC)
    kills, home_number = 0, 0
    while kills < KILLS:
        home_number, tries = home_number + 1, 0
        home = tmp_path / f"home-{home_number}"
        command = ["run", str(spec), "--workers", "2"]
        while True:
            process = start(home, *command)
            patience = None if kills >= KILLS else draw.uniform(1.0, 6.0 + tries)
            try:
                output = process.communicate(timeout=patience)[0].decode()
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.communicate()
                kills, tries = kills + 1, tries + 1
                assert group_is_empty(process.pid), "a worker outlived the killed run"
                rows = kept(home)[0] if (home / "fallline.db").exists() else []
                command = ["resume", rows[0].id, "--workers", "2"] if rows else command
                continue
            assert process.returncode == 0, output
            break
        rows, records = kept(home)
        assert len(rows) == 1, "a resumed run is the same run"
        assert rows[0].state == "finished"
        assert records[0].result == reference.result
        assert records[0].key == reference.key
        assert [a.sha256 for a in records[0].artifacts] == [a.sha256 for a in reference.artifacts]


def test_the_number_of_processes_does_not_change_the_result(reference: Record, tmp_path: Path) -> None:
    """One process or two: the same result, to the bit."""
    spec = tmp_path / "spec.toml"
    spec.write_text(SPEC)
    process = start(tmp_path, "run", str(spec), "--workers", "1")
    output = process.communicate()[0].decode()
    assert process.returncode == 0, output
    assert kept(tmp_path)[1][0].result_digest() == reference.result_digest()


def test_the_same_spec_again_is_a_look_up_and_fresh_executes(tmp_path: Path) -> None:
    """A known answer is not computed again; asked to, it comes out the same."""
    spec = tmp_path / "spec.toml"
    spec.write_text('kind = "descent"\nsurface = "ravine"\n')
    outputs = []
    for arguments in (["run", str(spec)], ["run", str(spec)], ["run", str(spec), "--fresh"]):
        process = start(tmp_path, *arguments)
        outputs.append(process.communicate()[0].decode())
        assert process.returncode == 0, outputs[-1]
    assert "Executed" in outputs[0]
    assert "looked up" in outputs[1]
    assert "Executed" in outputs[2]
    rows, records = kept(tmp_path)
    assert len(rows) == 2
    assert records[0].result == records[1].result
