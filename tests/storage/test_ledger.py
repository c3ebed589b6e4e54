"""The ledger: what was committed is there, what is another's is not, and two hundred writers all get through."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.event import Event, EventKind
from fallline.core.person import LOCAL, Person, Role
from fallline.runs.ledger import RunRow
from fallline.runs.record import Record
from fallline.storage.database import Database, open_database
from fallline.storage.ledger import SqlLedger
from fallline.storage.tables import metadata

ANA, BEN = Person("ana", "Ana"), Person("ben", "Ben")
TEACHER = Person("teacher", "Teacher", Role.INSTRUCTOR)


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


def row(owner: str = "ana", key: str = "a" * 64, title: str = "A run") -> RunRow:
    """A run that is about to start."""
    return RunRow(key[:10], key, owner, "descent", title, "running", '{"kind":"descent"}', 1.0)


def record(run: RunRow) -> Record:
    """What such a run gave."""
    return Record(
        run.id,
        run.key,
        run.kind,
        run.title,
        run.owner,
        {},
        0,
        {},
        {"descent": {"loss": 0.1}},
        {},
        (),
        Ending(EndingKind.FINISHED, "Finished."),
    )


def test_migrations_lead_to_todays_tables(database: Database) -> None:
    """A database made by the migrations has exactly the tables that the code reads."""
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    """A second start finds what the first one kept."""
    first = open_database("", tmp_path)
    run = SqlLedger(first).open_run(row())
    first.close()
    second = open_database("", tmp_path)
    found = SqlLedger(second).row(run.id, LOCAL)
    second.close()
    assert found == run


def test_attempts_of_one_key_are_numbered(database: Database) -> None:
    """The same computation run twice has two ids that show they belong together."""
    ledger = SqlLedger(database)
    assert [ledger.open_run(row()).id for _ in range(3)] == [f"{'a' * 10}-{n}" for n in (1, 2, 3)]


def test_events_are_numbered_without_gaps_and_replayed(database: Database) -> None:
    """A page that lost its connection gets exactly what it missed."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())
    numbers = [ledger.append(run.id, Event(EventKind.POINT, "tune", payload={"x": n})) for n in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    assert [event.payload["x"] for _, event in ledger.events(run.id, ANA, after=2)] == [2, 3, 4]


def test_the_last_checkpoint_of_a_name_counts(database: Database) -> None:
    """Going on from a checkpoint goes on from the newest."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())
    for value in (1, 2):
        ledger.append(run.id, Event(EventKind.CHECKPOINT, "tune", "trial/0", payload={"value": value}))
    assert ledger.checkpoints(run.id) == {"trial/0": {"value": 2}}


def test_what_is_anothers_does_not_exist(database: Database) -> None:
    """Ben gets for Ana's run the very answer that he gets for one that is not there; her instructor sees it."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row("ana"))
    ledger.append(run.id, Event(EventKind.POINT))
    ledger.close_run(run.id, record(run), state="finished", ended=2.0)
    for ask in (ledger.row, ledger.record):
        assert ask(run.id, BEN) == ask("b" * 10, BEN) is None
        assert ask(run.id, ANA) is not None
        assert ask(run.id, TEACHER) is not None
    assert ledger.finished(run.key, BEN) is None
    assert ledger.events(run.id, BEN) == []
    assert ledger.rows(BEN) == []


def test_a_record_comes_back_as_it_was_kept(database: Database) -> None:
    """What is read is what was written, to the bit."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())
    kept = record(run)
    ledger.close_run(run.id, kept, state="finished", ended=2.0)
    assert ledger.record(run.id, ANA) == kept == ledger.finished(run.key, ANA)


def test_a_finished_run_stays_finished(database: Database) -> None:
    """A late failure cannot overwrite a kept Record."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())
    ledger.close_run(run.id, record(run), state="finished", ended=2.0)
    with pytest.raises(Conflict):
        ledger.update_run(run.id, state="failed", process="", ended=3.0, sentence="late")


def test_an_id_may_be_shortened_unless_it_is_ambiguous(database: Database) -> None:
    """A few characters are enough when they are enough; the wildcards of SQL are plain characters."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row(key="abc" + "0" * 61))
    other = ledger.open_run(row(key="abd" + "0" * 61))
    assert ledger.row("abc", ANA) == run
    assert ledger.row("%", ANA) is None
    with pytest.raises(NotFound, match="More than one"):
        ledger.row("ab", ANA)
    assert other.id != run.id


def test_search_finds_titles_and_specs(database: Database) -> None:
    """The list is searched by what a person remembers."""
    ledger = SqlLedger(database)
    ledger.open_run(row(title="Telco churn"))
    ledger.open_run(row(title="Ravine", key="b" * 64))
    assert [found.title for found in ledger.rows(ANA, text="CHURN")] == ["Telco churn"]
    assert ledger.rows(ANA, text="100%") == []


def test_artifacts_are_kept_once_and_checked(database: Database) -> None:
    """The same bytes are one file, and a file that was tampered with is refused."""
    ledger = SqlLedger(database)
    sha256 = ledger.keep_artifact(b"model")
    assert ledger.keep_artifact(b"model") == sha256
    assert ledger.artifact(sha256) == b"model"
    (database.home / "artifacts" / sha256[:2] / sha256).write_bytes(b"other")
    with pytest.raises(NotFound, match="changed"):
        ledger.artifact(sha256)
    with pytest.raises(NotFound):
        ledger.artifact("../../../etc/passwd")


def test_two_hundred_writers_at_once_are_all_stored(database: Database) -> None:
    """Everyone who hands in at the same second is stored, with no error and no gap."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())
    with ThreadPoolExecutor(200) as pool:
        numbers = list(pool.map(lambda n: ledger.append(run.id, Event(EventKind.POINT, payload=n)), range(400)))
    assert sorted(numbers) == list(range(1, 401))


def test_one_failing_write_does_not_take_its_neighbours(database: Database) -> None:
    """Writes share a commit, not their fate."""
    ledger = SqlLedger(database)
    run = ledger.open_run(row())

    def attempt(n: int) -> bool:
        try:
            ledger.append(run.id if n % 2 else "missing-1", Event(EventKind.POINT))
        except sa.exc.IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        stored = list(pool.map(attempt, range(40)))
    assert stored == [bool(n % 2) for n in range(40)]
    assert len(ledger.events(run.id, ANA)) == 20


def test_a_database_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    """A wrong URL gets a sentence without the password."""
    with pytest.raises(FallLineError, match="cannot be opened") as refusal:
        open_database("postgresql://me:secret@127.0.0.1:9/none", tmp_path)
    assert "secret" not in str(refusal.value)
