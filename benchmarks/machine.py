"""What a benchmark ran on: a number without its machine says little."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Describes this machine: processor, cores, memory, system, Python, and the load when asked."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def processor() -> str:
    """Returns the processor's name as the system gives it."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def sentence(about: dict[str, Any]) -> str:
    """Says it in one line.

    >>> where = {"processor": "Z80", "cores": 1, "memory_gib": 0.1, "system": "CP/M z80"}
    >>> sentence(where | {"python": "3.11.7", "load": 0.0})
    'Z80, 1 core, 0.1 GiB, CP/M z80, Python 3.11.7, load 0.0 at the start'
    """
    cores = f"{about['cores']} core{'' if about['cores'] == 1 else 's'}"
    return (
        f"{about['processor']}, {cores}, {about['memory_gib']} GiB, {about['system']}, "
        f"Python {about['python']}, load {about['load']} at the start"
    )
