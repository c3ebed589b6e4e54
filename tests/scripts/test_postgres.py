"""The private PostgreSQL that tests of the shelves are given."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from scripts import postgres


@pytest.mark.xdist_group("postgres")
def test_each_test_gets_an_empty_database_of_its_own(
    postgres_url: str, postgres_server: postgres.PrivateServer
) -> None:
    """A table made in one database is not seen in another, and SQLAlchemy opens the URL as it is."""
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE kept (id integer)"))
    engine.dispose()
    other = sqlalchemy.create_engine(postgres_server.fresh())
    assert sqlalchemy.inspect(other).get_table_names() == []
    other.dispose()


@pytest.mark.xdist_group("postgres")
def test_the_server_dies_with_a_process_that_is_killed(postgres_server: postgres.PrivateServer) -> None:
    """A test run that is killed leaves no server behind."""
    script = (
        "import os\nfrom pathlib import Path\nfrom scripts import postgres\n"
        f"server = postgres.PrivateServer(Path({str(postgres_server.programs)!r})).__enter__()\n"
        "print(server.folder, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    folder = done.stdout.strip()
    deadline = time.monotonic() + 20
    while answers(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert done.returncode == -9
    assert folder
    assert not answers(folder)


def answers(folder: str) -> bool:
    """Whether a server listens in that folder."""
    try:
        psycopg.connect(host=folder, user="fallline", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_folder_without_the_programs_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong FALLLINE_TEST_POSTGRES_BIN does not hide the PostgreSQL that is installed."""
    monkeypatch.setenv(postgres.VARIABLE, str(tmp_path))
    found = postgres.find()
    assert found != tmp_path
    assert found is None or os.access(found / "initdb", os.X_OK)
