"""SqlLedger: runs, events, checkpoints, Records and artifacts in a database; implements `runs.ledger.Ledger`."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa

from fallline.core.canonical import canonical
from fallline.core.errors import Conflict, NotFound
from fallline.core.event import Event, EventKind
from fallline.core.person import Person
from fallline.runs.jobs import Job
from fallline.runs.ledger import RunRow
from fallline.runs.record import Record
from fallline.storage import artifacts
from fallline.storage.database import Database
from fallline.storage.queue import enqueue
from fallline.storage.tables import events, jobs, records, runs
from fallline.storage.visible import visible_to


class SqlLedger:
    """A ledger on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_run(self, row: RunRow) -> RunRow:
        """Stores a new run; gives its id the next free attempt number of its key."""
        return self._database.write(lambda connection: _open(connection, row))

    def submit(self, row: RunRow) -> RunRow:
        """Stores a new run in state ``queued`` and, in the same transaction, the job that will do it."""

        def change(connection: sa.Connection) -> RunRow:
            waiting = connection.execute(
                sa.select(runs)
                .where(runs.c.key == row.key, runs.c.owner == row.owner, runs.c.state.in_(("queued", "running")))
                .join(jobs, jobs.c.id == runs.c.id)
                .where(jobs.c.state.in_(("queued", "leased")))
            ).first()
            if waiting is not None:
                return RunRow(**waiting._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
            opened = _open(connection, replace(row, state="queued"))
            enqueue(connection, Job(opened.id, row.owner, "run", opened.id, f"run/{opened.id}", created=row.created))
            return opened

        return self._database.write(change)

    def requeue(self, run: str, now: float) -> bool:
        """Queues the job of an interrupted or cancelled run again, to go on from its checkpoints; else False."""

        def change(connection: sa.Connection) -> bool:
            row = connection.execute(sa.select(runs).where(runs.c.id == run)).first()
            if row is None or row.state not in {"interrupted", "cancelled", "running"}:
                return False
            values = {"state": "queued", "tries": 0, "cancel": False, "lease_until": 0.0, "worker": "", "created": now}
            ended = sa.and_(jobs.c.id == run, jobs.c.state != "leased")
            if connection.execute(jobs.update().where(ended).values(**values)).rowcount == 0:
                return False
            waiting = {"state": "queued", "process": "", "ended": None, "sentence": ""}
            connection.execute(runs.update().where(runs.c.id == run).values(**waiting))
            return True

        return self._database.write(change)

    def update_run(self, run: str, *, state: str, process: str, ended: float | None, sentence: str) -> None:
        """Changes what can change; a run that ended well stays as it is."""

        def change(connection: sa.Connection) -> None:
            done = connection.execute(
                runs.update()
                .where(runs.c.id == run, runs.c.state != "finished")
                .values(state=state, process=process, ended=ended, sentence=sentence)
            )
            if done.rowcount == 0:
                raise Conflict(f"Run {run} has already finished, or is not there.")

        self._database.write(change)

    def append(self, run: str, event: Event) -> int:
        """Stores an event, with its checkpoint if it is one; returns its number."""
        content = orjson.dumps(event.to_dict(), option=orjson.OPT_SERIALIZE_NUMPY).decode()

        def change(connection: sa.Connection) -> int:
            last = connection.scalar(sa.select(sa.func.max(events.c.number)).where(events.c.run == run))
            number = (last or 0) + 1
            connection.execute(
                events.insert().values(run=run, number=number, kind=str(event.kind), name=event.name, content=content)
            )
            return number

        return self._database.write(change)

    def events(self, run: str, person: Person, after: int = 0) -> list[tuple[int, Event]]:
        """Returns the events numbered above `after`, in order, without the weight of checkpoints."""
        query = (
            sa.select(events.c.number, events.c.content)
            .join(runs, runs.c.id == events.c.run)
            .where(events.c.run == run, events.c.number > after, visible_to(person, runs.c.owner))
            .where(events.c.kind != str(EventKind.CHECKPOINT))
            .order_by(events.c.number)
        )
        found = self._database.read(lambda connection: connection.execute(query).all())
        return [(number, _event(content)) for number, content in found]

    def checkpoints(self, run: str) -> dict[str, object]:
        """Returns checkpoint name → payload, the last of each name."""
        query = (
            sa.select(events.c.name, events.c.content)
            .where(events.c.run == run, events.c.kind == str(EventKind.CHECKPOINT))
            .order_by(events.c.number)
        )
        found = self._database.read(lambda connection: connection.execute(query).all())
        return {name: orjson.loads(content)["payload"] for name, content in found}

    def keep_artifact(self, content: bytes) -> str:
        """Keeps bytes under their SHA-256 and returns it."""
        return artifacts.keep(self._database.home, content)

    def artifact(self, sha256: str) -> bytes:
        """Returns the bytes; raises NotFound."""
        return artifacts.read(self._database.home, sha256)

    def close_run(self, run: str, record: Record, *, state: str, ended: float) -> None:
        """Stores the Record and the ending of the run in one transaction."""
        content = gzip.compress(canonical(record.to_dict()), mtime=0)

        def change(connection: sa.Connection) -> None:
            connection.execute(records.delete().where(records.c.run == run))
            connection.execute(records.insert().values(run=run, content=content, result_digest=record.result_digest()))
            connection.execute(
                runs.update()
                .where(runs.c.id == run)
                .values(state=state, ended=ended, process="", sentence=record.ending.sentence)
            )

        self._database.write(change)

    def row(self, run: str, person: Person) -> RunRow | None:
        """Returns the run whose id is, or uniquely starts with, `run`."""
        query = sa.select(runs).where(visible_to(person, runs.c.owner))
        exact = query.where(runs.c.id == run)
        like = query.where(runs.c.id.startswith(run, autoescape=True)).limit(2)
        found = self._database.read(
            lambda connection: connection.execute(exact).all() or (connection.execute(like).all() if run else [])
        )
        if len(found) > 1:
            raise NotFound(f"More than one run starts with {run!r}. Give more of its id.")
        return RunRow(**found[0]._mapping) if found else None  # noqa: SLF001 - SQLAlchemy's documented name

    def record(self, run: str, person: Person) -> Record | None:
        """Returns the Record of the run whose id is, or uniquely starts with, `run`."""
        row = self.row(run, person)
        if row is None:
            return None
        query = sa.select(records.c.content).where(records.c.run == row.id)
        content = self._database.read(lambda connection: connection.scalar(query))
        return None if content is None else _record(content)

    def finished(self, key: str, person: Person) -> Record | None:
        """Returns the newest Record with this key that ended `finished`, if one is visible to the person."""
        query = (
            sa.select(records.c.content)
            .join(runs, runs.c.id == records.c.run)
            .where(runs.c.key == key, runs.c.state == "finished", visible_to(person, runs.c.owner))
            .order_by(runs.c.created.desc(), runs.c.id.desc())
            .limit(1)
        )
        content = self._database.read(lambda connection: connection.scalar(query))
        return None if content is None else _record(content)

    def rows(self, person: Person, *, text: str = "", kind: str = "", limit: int = 50, offset: int = 0) -> list[RunRow]:
        """Returns runs, newest first, whose title, id or Spec contains `text`."""
        query = sa.select(runs).where(visible_to(person, runs.c.owner))
        if text:
            parts = (runs.c.title, runs.c.id, runs.c.spec)
            query = query.where(sa.or_(*(part.icontains(text, autoescape=True) for part in parts)))
        if kind:
            query = query.where(runs.c.kind == kind)
        query = query.order_by(runs.c.created.desc(), runs.c.id.desc()).limit(limit).offset(offset)
        found = self._database.read(lambda connection: connection.execute(query).all())
        return [RunRow(**row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's documented name


def _open(connection: sa.Connection, row: RunRow) -> RunRow:
    stem = row.key[:10]
    known = connection.scalars(sa.select(runs.c.id).where(runs.c.id.startswith(stem + "-"))).all()
    number = 1 + max((int(name.rpartition("-")[2]) for name in known), default=0)
    numbered = replace(row, id=f"{stem}-{number}")
    connection.execute(runs.insert().values(**vars(numbered)))
    return numbered


def _event(content: str) -> Event:
    plain: dict[str, Any] = orjson.loads(content)
    return Event(**{**plain, "kind": EventKind(plain["kind"])})


def _record(content: bytes) -> Record:
    return Record.from_dict(orjson.loads(gzip.decompress(content)))
