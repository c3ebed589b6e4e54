"""Worker processes: order kept, errors passed on, nobody left behind."""

from __future__ import annotations

import importlib
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fallline.core.errors import DataError
from fallline.core.executor import SerialExecutor
from fallline.runs.executors.processes import THREAD_VARIABLES, ProcessExecutor

BATCH = """
import os, time
from fallline.core.errors import DataError

def slow_first(item):
    time.sleep(0.3 if item == 0 else 0.0)
    return item, os.getpid()

def refuse(item):
    if item == 2:
        raise DataError("Row 2 is wrong.")
    return item
"""


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module that worker processes can import, too."""
    (tmp_path / "some_batch.py").write_text(BATCH)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "some_batch", raising=False)
    return importlib.import_module("some_batch")


def test_results_come_in_the_order_of_the_items_from_several_processes(batch: Any) -> None:
    """Whoever finishes first; and the answer is that of one process."""
    with ProcessExecutor(2) as executor:
        found = executor.map(batch.slow_first, range(6))
        assert executor.map(math.factorial, range(8)) == SerialExecutor().map(math.factorial, range(8))
        assert executor.map(os.getenv, THREAD_VARIABLES) == ["1"] * len(THREAD_VARIABLES)
    assert [item for item, _ in found] == list(range(6))
    workers = {pid for _, pid in found}
    assert os.getpid() not in workers
    assert len(workers) == 2
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_what_a_worker_raises_arrives_and_the_pool_goes_on(batch: Any) -> None:
    """The same exception with the same sentence; the next batch is done."""
    with ProcessExecutor(2) as executor:
        with pytest.raises(DataError, match="Row 2 is wrong"):
            executor.map(batch.refuse, range(4))
        assert executor.map(batch.refuse, [0, 1]) == [0, 1]


def test_no_work_starts_no_process() -> None:
    """A block that maps nothing ends at once."""
    with ProcessExecutor(2) as executor:
        assert executor.workers == 2


PARENT = """
import time
from fallline.runs.executors.processes import ProcessExecutor

if __name__ == "__main__":
    with ProcessExecutor(2) as executor:
        executor.map(abs, [-1, -2, -3])
        print("ready", flush=True)
        executor.map(time.sleep, [600, 600])
"""


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """SIGKILL gives the parent no time to say goodbye; busy workers notice."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "ready\n"
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    for _ in range(400):
        try:
            os.killpg(parent.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("a worker outlived its parent")
