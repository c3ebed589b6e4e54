"""The notebook: a note is kept under its name, is its person's alone, and the last one counts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from fallline.core.errors import FallLineError
from fallline.core.person import Person, Role
from fallline.storage.database import Database, open_database
from fallline.storage.notebook import SqlNotebook
from fallline.storage.tables import metadata

ANA, BEN = Person("ana", "Ana"), Person("ben", "Ben", Role.INSTRUCTOR)


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


def test_the_last_note_under_a_name_counts(database: Database) -> None:
    """What is kept comes back to its person and to nobody else, not even to who teaches."""
    notebook = SqlNotebook(database)
    assert notebook.note(ANA, "week") is None
    for value in ("3", "4", "η = ½"):
        notebook.keep_note(ANA, "week", value)
    assert notebook.note(ANA, "week") == "η = ½"
    assert notebook.note(ANA, "Week") is None
    assert notebook.note(BEN, "week") is None


def test_a_note_outlives_the_process(tmp_path: Path) -> None:
    """What was kept is there after a new start."""
    first = open_database("", tmp_path)
    SqlNotebook(first).keep_note(ANA, "prediction/playground", "adam")
    first.close()
    second = open_database("", tmp_path)
    assert SqlNotebook(second).note(ANA, "prediction/playground") == "adam"
    second.close()


def test_two_processes_may_write_the_same_note(tmp_path: Path, postgres_url: str) -> None:
    """Two servers on one database that keep the same new note at once end with one of the two values, and no error."""
    opened = [open_database(postgres_url, tmp_path) for _ in range(2)]
    books = [SqlNotebook(each) for each in opened]
    with ThreadPoolExecutor(2) as pool:
        for turn in range(30):
            list(pool.map(lambda n, turn=turn: books[n].keep_note(ANA, f"note/{turn}", str(n)), range(2)))
    assert {books[0].note(ANA, f"note/{turn}") for turn in range(30)} <= {"0", "1"}
    for each in opened:
        each.close()


@pytest.mark.parametrize(("name", "value"), [("", "x"), ("n" * 121, "x"), ("n", "x" * 10_001)])
def test_a_flood_is_no_note(database: Database, name: str, value: str) -> None:
    """What is too long is refused, and what was there stays."""
    notebook = SqlNotebook(database)
    with pytest.raises(FallLineError, match="A note has"):
        notebook.keep_note(ANA, name, value)
    assert notebook.note(ANA, name) is None
