"""Real databases of each kind, attempts as they start, and what the log of answers holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from fallline.course.attempt import Attempt, Sitting, start
from fallline.course.content import load_course
from fallline.course.course import Course
from fallline.storage.database import Database, open_database
from fallline.storage.tables import answer_log, metadata

START, DEADLINE, GRACE = 1_000.0, 2_000.0, 60.0


@pytest.fixture(scope="session")
def course() -> Course:
    """The course that comes with Fall Line."""
    return load_course()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A real database of each kind."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_database(url, tmp_path)
    yield opened
    with opened.engine.execution_options(fallline_writes=True).begin() as connection:
        metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE alembic_version"))
    opened.close()


@pytest.fixture
def drawn(course: Course) -> Callable[..., Attempt]:
    """Draws an attempt as it starts, with an id of its own: ``drawn(person, number, slug)``."""

    def make(person: str = "ana", number: int = 1, slug: str = "quiz-1") -> Attempt:
        sitting = Sitting(f"{slug}-{person}-{number}-{time.monotonic_ns()}", person, number, START, DEADLINE, GRACE)
        assessment = course.assessment(slug).model_copy(update={"minutes": None})
        return start(assessment, course.items, sitting, course=course.slug, content=course.digest, secret=b"secret")

    return make


@pytest.fixture
def log_of() -> Callable[[Database, str], list[tuple[int, str, bool]]]:
    """Reads what the log holds of an attempt: sequence, answer, whether it was taken."""

    def read(database: Database, attempt: str) -> list[tuple[int, str, bool]]:
        query = sa.select(answer_log.c.sequence, answer_log.c.answer, answer_log.c.taken)
        ordered = query.where(answer_log.c.attempt == attempt).order_by(answer_log.c.number)
        return [tuple(row) for row in database.read(lambda connection: connection.execute(ordered).all())]

    return read
