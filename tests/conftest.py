"""What tests everywhere ask for: a real PostgreSQL and a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from scripts import browser, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PrivateServer]:
    """A PostgreSQL server of this worker's own; a machine without one is an error on CI and a told skip elsewhere."""
    programs = postgres.find()
    if programs is None and os.environ.get("CI"):
        pytest.fail(postgres.ADVICE)
    if programs is None:
        pytest.skip(postgres.ADVICE)
    with postgres.PrivateServer(programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.PrivateServer) -> str:
    """The SQLAlchemy URL of an empty database that no other test sees."""
    return postgres_server.fresh()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser to drive, from FALLLINE_CHROMIUM or found on this machine."""
    path = browser.find()
    if path is None:
        pytest.fail("No browser found: `make test` installs one, or set FALLLINE_CHROMIUM to the path of one.")
    return path
