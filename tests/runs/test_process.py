"""Who does a run: told apart from a dead process, a zombie, and a later process with the same number."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

from fallline.runs.process import is_alive, this_process

TELL = "from fallline.runs.process import this_process; print(this_process(), flush=True); input()"


def test_another_process_is_alive_until_it_ends_even_before_it_is_waited_for() -> None:
    """A zombie does no run."""
    other = subprocess.Popen([sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    name = other.stdout.readline().strip()
    assert name != this_process()
    assert is_alive(name)
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(name)
    other.communicate()
    assert not is_alive(name)


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    """The kernel reuses numbers; the start time tells."""
    host, pid, start = this_process().rsplit(":", 2)
    assert is_alive(f"{host}:{pid}:{start}")
    assert not is_alive(f"{host}:{pid}:{int(start) - 1}")


def test_a_process_of_another_machine_is_taken_to_be_alive() -> None:
    """From here one cannot know, and a run must not be done twice."""
    assert is_alive(f"not-{socket.gethostname()}:1:1")


def test_nobody_is_not_alive() -> None:
    """A row that no process holds names none."""
    assert not is_alive("")


def test_another_users_process_counts() -> None:
    """Process 1 belongs to someone else, or to us when we are root; its start tells either way."""
    assert not is_alive(f"{socket.gethostname()}:1:-1") or os.getuid() != 0
