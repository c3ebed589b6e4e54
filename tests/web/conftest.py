"""A whole site on loopback with real storage of its own, and a real browser that reports what it should not see."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from fallline.core.person import LOCAL
from fallline.course.content import load_course
from fallline.course.course import Course
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger
from fallline.storage.notebook import SqlNotebook
from fallline.storage.queue import SqlQueue
from fallline.storage.roster import SqlRoster
from fallline.web.app import create_app
from fallline.web.services import Notebook, Services

MONDAY_OF_WEEK_3 = 1_789_981_200.0
"""21 September 2026, 09:00 in UTC; only its distance to the term's start matters."""


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: float = MONDAY_OF_WEEK_3

    def __call__(self) -> float:
        """Returns the moment."""
        return self.now


@dataclass
class Site:
    """A site that runs.

    Attributes:
        url: where.
        services: what it was handed.
        clock: its clock.
        notebook: its notes.
    """

    url: str
    services: Services
    clock: Clock
    notebook: Notebook


@pytest.fixture(scope="session")
def course() -> Course:
    """The course that comes with Fall Line."""
    return load_course()


@contextmanager
def shelved(course: Course, folder: Path) -> Iterator[Services]:
    """Services on storage in a folder of its own."""
    database = open_database(f"sqlite:///{folder / 'fallline.db'}", folder)
    yield Services(
        course=course,
        ledger=SqlLedger(database),
        queue=SqlQueue(database),
        roster=SqlRoster(database),
        notebook=SqlNotebook(database),
        home=folder,
        clock=Clock(),
        person=lambda _: LOCAL,
        version="0.1.0",
    )
    database.close()


@contextmanager
def serving(services: Services) -> Iterator[Site]:
    """A site on a free port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        config = uvicorn.Config(create_app(services), log_level="error", ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        assert isinstance(services.clock, Clock)
        yield Site(f"http://127.0.0.1:{port}", services, services.clock, services.notebook)
        server.should_exit = True
        thread.join()


@pytest.fixture
def services(course: Course, tmp_path: Path) -> Iterator[Services]:
    """Services on storage of this test's own."""
    with shelved(course, tmp_path) as made:
        yield made


@pytest.fixture
def site(services: Services) -> Iterator[Site]:
    """A site of this test's own."""
    with serving(services) as running:
        yield running


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    """A plain HTTP client of the site."""
    with httpx.Client(base_url=site.url, timeout=60) as client:
        yield client


@pytest.fixture
def apart() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Runs a coroutine on a loop in a thread of its own: the browser's driver has one in this thread."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda coroutine: thread.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the session."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield started
        started.close()


@dataclass
class Visit:
    """A page that is watched: whatever it should not do is noted.

    Attributes:
        page: the page.
        faults: console errors, script errors, requests to elsewhere, failed requests.
    """

    page: Page
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens pages of the site; fails at the end on a console error or a request that leaves it."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def opened(path: str, **options: object) -> Page:
        context = browser.new_context(base_url=site.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        watched = Visit(context.new_page())
        visits.append(watched)
        watch(watched, site.url)
        watched.page.goto(path)
        return watched.page

    yield opened
    for context in contexts:
        context.close()
    assert [fault for watched in visits for fault in watched.faults] == []


def watch(visit: Visit, url: str) -> None:
    """Notes everything that a page should not do."""
    page = visit.page
    loud = ("error", "warning")

    def heard(message: ConsoleMessage) -> None:
        if message.type in loud:
            visit.faults.append(f"{message.text} {message.location['url']}")

    page.on("console", heard)
    page.on("pageerror", lambda error: visit.faults.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((url, "data:")) else visit.faults.append(sent.url))
    page.on(
        "requestfailed", lambda sent: visit.faults.append(f"{sent.url} {sent.failure}") if not ended(sent) else None
    )


def ended(sent: Request) -> bool:
    """Whether it is the stream of a run's events, which ends when the page is left."""
    return sent.url.endswith("/events") and sent.failure == "net::ERR_ABORTED"
