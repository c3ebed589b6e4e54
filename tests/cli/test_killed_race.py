"""A race at the command line that is killed outright: nobody stays behind, and what is resumed says the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fallline.core.person import LOCAL
from fallline.runs.execute import Surroundings, execute
from fallline.runs.spec import load_spec
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger

TREE: dict[str, Any] = {
    "kind": "race", "seed": 5, "seeds": 2, "tuning_seeds": 1, "rates": 2, "lanes": ["torch"],
    "optimizers": ["gd", "momentum", "nesterov", "adagrad", "adam", "adamw"], "references": ["momentum"],
    "workloads": {
        "mine": {"net": "mlp", "options": {"widths": [4]}, "data": "moons", "batch": 16, "steps": 80},
    },
}  # fmt: skip
BLOCKS = 6
WAIT = 300.0


def command(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Starts the command in a process group of its own."""
    own = {"FALLLINE_HOME": str(home), "FALLLINE_DATABASE": "", "NO_COLOR": "1"}
    whole = [sys.executable, "-m", "fallline.cli.main", *arguments]
    return subprocess.Popen(
        whole, env=os.environ | own, cwd=home, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def left(group: int) -> bool:
    """Whether a process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def blocks(ledger: SqlLedger) -> int:
    """How many blocks of the only race have ended."""
    rows = ledger.rows(LOCAL)
    return sum(name.startswith("block/") for name in ledger.checkpoints(rows[0].id)) if rows else 0


def until(holds: Callable[[], bool]) -> None:
    """Waits until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < WAIT, "it never came to hold"
        time.sleep(0.02)


def test_a_race_killed_in_its_middle_leaves_nobody_and_resumes_to_the_same_result(tmp_path: Path) -> None:
    """SIGKILL after the first block: the workers end by themselves, `fallline resume` runs what is left as it was."""
    (tmp_path / "race.json").write_text(json.dumps(TREE))
    database = open_database("", tmp_path)
    ledger = SqlLedger(database)
    race = command(tmp_path, "race", "race.json", "--workers", "2")
    until(lambda: blocks(ledger) >= 1)
    race.send_signal(signal.SIGKILL)
    race.communicate()
    until(lambda: not left(race.pid))
    kept = blocks(ledger)
    (row,) = ledger.rows(LOCAL)
    assert 1 <= kept < BLOCKS
    assert row.state != "finished"
    resumed = command(tmp_path, "resume", row.id, "--workers", "1")
    said, _ = resumed.communicate(timeout=WAIT)
    assert resumed.returncode == 0, said
    until(lambda: not left(resumed.pid))
    record = ledger.record(row.id, LOCAL)
    assert record is not None
    assert record.result_digest() == execute(load_spec(TREE), Surroundings(clock=time.time)).result_digest()
    database.close()
