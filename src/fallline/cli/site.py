"""The site with all it needs: course, shelves, the worker for runs, the marker for tries, warm kernels."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from fallline.cli.environment import cores

if TYPE_CHECKING:
    from fastapi import FastAPI

    from fallline.storage.database import Database
    from fallline.web.services import Services

log = logging.getLogger("fallline")
SWEEP_SECONDS = 5.0


@contextmanager
def open_site(database: Database, home: Path, content: Path | None, *, dates: bool = False) -> Iterator[FastAPI]:
    """Wires the rooms together, starts the worker, and closes what it opened.

    Args:
        database: open.
        home: FALLLINE_HOME.
        content: another course's directory; the course's own when None.
        dates: hold the person to the calendar; alone, one learns at one's own pace.
    """
    from fallline.core.person import LOCAL
    from fallline.course.content import load_course
    from fallline.runs.supervisor import Supervisor
    from fallline.storage.ledger import SqlLedger
    from fallline.storage.notebook import SqlNotebook
    from fallline.storage.queue import SqlQueue
    from fallline.storage.roster import SqlRoster
    from fallline.web.app import create_app
    from fallline.web.services import Services

    ledger, queue = SqlLedger(database), SqlQueue(database)
    course = load_course(content)
    services = Services(
        course=course if dates else course.at_own_pace(),
        ledger=ledger,
        queue=queue,
        roster=SqlRoster(database),
        notebook=SqlNotebook(database),
        home=home,
        clock=time.time,
        person=lambda _: LOCAL,
        version=version("fallline"),
    )
    supervisor = Supervisor(queue, ledger, home, workers=cores())
    supervisor.start()
    threading.Thread(target=_warm, daemon=True).start()
    stopping = threading.Event()
    marker = threading.Thread(target=_mark, args=(services, stopping), name="fallline-marker", daemon=True)
    marker.start()
    try:
        yield create_app(services)
    finally:
        stopping.set()
        marker.join(timeout=10)
        supervisor.stop()


def _mark(services: Services, stopping: threading.Event) -> None:
    """Ends tries whose time is over and grades what was handed in, also what a process that died left behind."""
    from fallline.web.pages.assessments.marking import sweep

    failed: set[str] = set()
    while not stopping.wait(SWEEP_SECONDS):
        try:
            sweep(services, failed)
        except Exception:
            log.exception("The marker goes on after an error.")


def _warm() -> None:
    """Loads the compiled kernels before the first visitor moves a slider."""
    from fallline.engine.descent import warm

    warm()
