"""Which process does a run, and whether it is still there; tells a running run from one whose process is gone."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def this_process() -> str:
    """Returns ``host:pid:start`` of this process; the start tells it from a later one with the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_start(os.getpid())}"


def is_alive(process: str) -> bool:
    """Whether a process named by `this_process` still runs; one on another host is taken to be alive.

    >>> is_alive(this_process())
    True
    >>> is_alive(f"{socket.gethostname()}:{2**22 + 1}:0")
    False
    """
    host, pid_text, start = [*process.rsplit(":", 2), "", ""][:3]
    if not pid_text or host != socket.gethostname():
        return bool(process)
    pid = int(pid_text)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _start(pid) == start


def _start(pid: int) -> str:
    """Returns the kernel's start time of a process, in clock ticks; empty where there is no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
