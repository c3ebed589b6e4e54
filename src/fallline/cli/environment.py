"""What the command line reads from the environment, and the rooms it opens with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fallline.storage.database import Database

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread() -> None:
    """Pins the maths libraries to one thread before they are loaded: their bits depend on it (see `runs.identity`)."""
    for name in THREAD_VARIABLES:
        os.environ[name] = "1"


def home() -> Path:
    """Returns FALLLINE_HOME: where all state lives; ``~/.fallline`` when it is not set."""
    return Path(os.environ.get("FALLLINE_HOME") or Path.home() / ".fallline").expanduser().absolute()


def cores() -> int:
    """Returns how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def database() -> Iterator[Database]:
    """Opens the database of FALLLINE_DATABASE, or SQLite in FALLLINE_HOME."""
    from fallline.storage.database import open_database

    opened = open_database(os.environ.get("FALLLINE_DATABASE", ""), home())
    try:
        yield opened
    finally:
        opened.close()
