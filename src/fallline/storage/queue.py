"""SqlQueue: jobs as rows, handed out one at a time and fairly; implements `runs.jobs.JobQueue`."""

from __future__ import annotations

import sqlalchemy as sa

from fallline.core.person import Person
from fallline.runs.jobs import TRIES, Job
from fallline.storage.database import Database
from fallline.storage.tables import jobs, runs
from fallline.storage.visible import visible_to

UNDER_WAY = ("queued", "running", "interrupted")
"""States of a run that a job may still end."""


class SqlQueue:
    """A queue on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, job: Job) -> Job:
        """Stores a job; the same idempotency key returns the job that is already there."""
        return self._database.write(lambda connection: enqueue(connection, job))

    def lease(self, worker: str, now: float, seconds: float) -> Job | None:
        """Takes the next job: of the person with the fewest leased jobs, the oldest; expired leases count as queued."""

        def change(connection: sa.Connection) -> Job | None:
            _give_up(connection, now)
            taken = _next(connection, now)
            if taken is None:
                return None
            values = {"state": "leased", "tries": taken.tries + 1, "lease_until": now + seconds, "worker": worker}
            connection.execute(jobs.update().where(jobs.c.id == taken.id).values(**values))
            return Job(**{**vars(taken), **values})

        return self._database.write(change)

    def renew(self, job: str, worker: str, until: float) -> bool:
        """Extends a lease; False when it was lost or the job should stop."""

        def change(connection: sa.Connection) -> bool:
            held = sa.and_(_held(job, worker), jobs.c.cancel == sa.false())
            return connection.execute(jobs.update().where(held).values(lease_until=until)).rowcount == 1

        return self._database.write(change)

    def finish(self, job: str, worker: str, *, state: str, sentence: str = "") -> bool:
        """Ends a job; False, and nothing written, when the lease was lost."""

        def change(connection: sa.Connection) -> bool:
            values = {"state": state, "sentence": sentence, "lease_until": 0.0, "worker": ""}
            return connection.execute(jobs.update().where(_held(job, worker)).values(**values)).rowcount == 1

        return self._database.write(change)

    def cancel(self, job: str, person: Person) -> bool:
        """Asks a job to stop; a queued one ends at once."""

        def change(connection: sa.Connection) -> bool:
            mine = sa.and_(jobs.c.id == job, visible_to(person, jobs.c.owner))
            queued = jobs.update().where(mine, jobs.c.state == "queued")
            if connection.execute(queued.values(state="cancelled", cancel=True)).rowcount:
                return True
            leased = jobs.update().where(mine, jobs.c.state == "leased")
            return connection.execute(leased.values(cancel=True)).rowcount == 1

        return self._database.write(change)

    def job(self, job: str, person: Person) -> Job | None:
        """Returns a job that is visible to the person."""
        query = sa.select(jobs).where(jobs.c.id == job, visible_to(person, jobs.c.owner))
        found = self._database.read(lambda connection: connection.execute(query).first())
        return None if found is None else _job(found)


def enqueue(connection: sa.Connection, job: Job) -> Job:
    """Stores a job within someone else's transaction, so that the asking and the job are one."""
    found = connection.execute(sa.select(jobs).where(jobs.c.idempotency == job.idempotency)).first()
    if found is not None:
        return _job(found)
    connection.execute(jobs.insert().values(**vars(job)))
    return job


def _next(connection: sa.Connection, now: float) -> Job | None:
    busy = sa.select(jobs.c.owner, sa.func.count().label("running")).where(
        jobs.c.state == "leased", jobs.c.lease_until > now
    )
    load = busy.group_by(jobs.c.owner).subquery()
    query = (
        sa.select(jobs)
        .outerjoin(load, load.c.owner == jobs.c.owner)
        .where(_waiting(now))
        .order_by(sa.func.coalesce(load.c.running, 0), jobs.c.created, jobs.c.id)
        .limit(1)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=jobs)
    found = connection.execute(query).first()
    return None if found is None else _job(found)


def _give_up(connection: sa.Connection, now: float) -> None:
    """Fails what was tried often enough, and ends what was to be cancelled when its worker died; its run ends, too."""
    stale = sa.and_(jobs.c.state == "leased", jobs.c.lease_until <= now)
    died = f"Its worker died {TRIES} times. The job itself may be the cause: look at memory and at its Spec."
    stopped = "It was cancelled when its worker died."
    for state, which, sentence in (
        ("cancelled", jobs.c.cancel == sa.true(), stopped),
        ("failed", jobs.c.tries >= TRIES, died),
    ):
        ended = sa.select(jobs.c.payload).where(stale, which, jobs.c.kind == "run").scalar_subquery()
        values = {"state": state, "process": "", "ended": now, "sentence": sentence}
        connection.execute(runs.update().where(runs.c.id.in_(ended), runs.c.state.in_(UNDER_WAY)).values(**values))
        words = {"sentence": sentence} if state == "failed" else {}
        connection.execute(jobs.update().where(stale, which).values(state=state, worker="", **words))


def _waiting(now: float) -> sa.ColumnElement[bool]:
    return sa.or_(jobs.c.state == "queued", sa.and_(jobs.c.state == "leased", jobs.c.lease_until <= now))


def _held(job: str, worker: str) -> sa.ColumnElement[bool]:
    return sa.and_(jobs.c.id == job, jobs.c.worker == worker, jobs.c.state == "leased")


def _job(row: sa.Row[tuple[object, ...]]) -> Job:
    return Job(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
