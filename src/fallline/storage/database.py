"""Database: opens the URL, brings its tables up to date, and hands out reads and the one writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from fallline.core.errors import FallLineError
from fallline.storage.writer import Writer

T = TypeVar("T")

BUSY_SECONDS = 10
MIGRATIONS = Path(__file__).parent / "migrations"
WAL_IS_SAFE_FROM = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a WAL database reset at a bad moment; those keep the rollback journal."""


@dataclass(frozen=True)
class Database:
    """An open database.

    Attributes:
        engine: SQLAlchemy's.
        writer: the one thread that writes.
        home: directory of what is too large for a row (artifacts).
    """

    engine: sa.Engine
    writer: Writer
    home: Path

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Runs a read on a connection of its own."""
        with self.engine.connect() as connection:
            return query(connection)

    def write(self, change: Callable[[sa.Connection], T]) -> T:
        """Runs a write; returns once it is durable."""
        return self.writer.write(change)

    def close(self) -> None:
        """Finishes what waits and closes every connection."""
        self.writer.close()
        self.engine.dispose()


def open_database(url: str, home: Path) -> Database:
    """Opens a database and brings it up to date.

    Args:
        url: any SQLAlchemy URL; empty means SQLite at ``home/fallline.db``.
        home: FALLLINE_HOME; made when it is not there.

    Raises:
        FallLineError: it cannot be opened; says which and why.
    """
    home.mkdir(parents=True, exist_ok=True)
    try:
        address = sa.make_url(url or f"sqlite:///{home / 'fallline.db'}")
        if address.drivername in {"postgresql", "postgres"}:
            address = address.set(drivername="postgresql+psycopg")
        engine = _engine(address)
        _migrate(engine)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        shown = address.render_as_string(hide_password=True) if "address" in locals() else "FALLLINE_DATABASE"
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise FallLineError(f"The database {shown} cannot be opened: {reason}.") from error
    return Database(engine, Writer(engine), home)


def _engine(address: sa.URL) -> sa.Engine:
    if address.get_backend_name() != "sqlite":
        return sa.create_engine(address, pool_pre_ping=True)
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    sa.event.listen(engine, "connect", _settle_sqlite)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def _settle_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM else "DELETE"
    for pragma in (
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    """Takes the write lock at once when writing; a deferred one is refused later if another was first."""
    writes = connection.get_execution_options().get("fallline_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: sa.Engine) -> None:
    """Brings the tables up to date; Alembic takes a third of a second to import and is left out when they are."""
    with engine.connect() as connection:
        known = sa.inspect(connection).has_table("alembic_version")
        at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() if known else []
    if at == [_newest()]:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(fallline_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _newest() -> str:
    """The newest revision, from the names of the migrations: ``v0002_teaching.py`` is 0002."""
    return max(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))
