"""The site with everything it needs: course, shelves, the worker that does what is asked for, warm kernels."""

from __future__ import annotations

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
    try:
        yield create_app(services)
    finally:
        supervisor.stop()


def _warm() -> None:
    """Loads the compiled kernels before the first visitor moves a slider."""
    from fallline.engine.descent import warm

    warm()
