"""SqlRoster: attempts, answers, grades and allowances in a database; implements `course.roster.Roster`.

Every change of an attempt is one of the pure functions of `course.attempt`, applied to the stored attempt within the
transaction that writes. The guard on state and deadline is the condition of an ``UPDATE``: it takes the row's lock, so
that between looking and writing nobody else can end the attempt, on any database and from any number of processes.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import orjson
import sqlalchemy as sa

from fallline.core.canonical import canonical
from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.person import Person, Role
from fallline.course.attempt import Attempt, closed, graded, saved, submitted
from fallline.course.items import Answer
from fallline.course.roster import Allowance
from fallline.storage import answer_log
from fallline.storage.database import Database
from fallline.storage.tables import allowances, answers, attempts, regrades
from fallline.storage.visible import visible_to

ROW = ("id", "person", "assessment", "number", "state", "started", "deadline", "grace", "submitted")
"""What of an attempt has a column of its own; the rest is frozen at the start, or is its answers and its grade."""


_OPEN_AND_IN_TIME = sa.and_(
    attempts.c.id == sa.bindparam("name"),
    attempts.c.person == sa.bindparam("owner"),
    attempts.c.state == "open",
    attempts.c.deadline + attempts.c.grace >= sa.bindparam("now"),
)
# What runs at every save and every hand-in is written once: building a statement costs as much as running it.
SAVING = attempts.update().where(_OPEN_AND_IN_TIME).values(state="open").returning(attempts)
SUBMITTING = (
    attempts.update()
    .where(_OPEN_AND_IN_TIME)
    .values(state="submitted", submitted=sa.bindparam("now"))
    .returning(attempts)
)
KEEP = answers.insert().values(
    attempt=sa.bindparam("name"), slot=sa.bindparam("place"), content=sa.bindparam("content")
)
CHANGE = (
    answers.update()
    .where(answers.c.attempt == sa.bindparam("name"), answers.c.slot == sa.bindparam("place"))
    .values(content=sa.bindparam("content"))
)
ANSWERS = sa.select(answers).where(answers.c.attempt.in_(sa.bindparam("names", expanding=True)))


class SqlRoster:
    """A roster on a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, attempt: Attempt) -> Attempt:
        """Stores a new attempt; if (person, assessment, number) is there already, returns the one that is.

        Raises:
            Conflict: the try before it was not handed in.
        """
        mine = sa.and_(attempts.c.person == attempt.person, attempts.c.assessment == attempt.assessment)
        row = _row(attempt)

        def change(connection: sa.Connection) -> Attempt:
            before = {row.number: row for row in connection.execute(sa.select(attempts).where(mine))}
            if attempt.number in before:
                return _with_answers(connection, [before[attempt.number]])[0]
            if attempt.number > 1 and (attempt.number - 1 not in before or before[attempt.number - 1].state == "open"):
                raise Conflict(f"Try {attempt.number} begins once try {attempt.number - 1} was handed in.")
            connection.execute(attempts.insert(), row)
            return attempt

        try:
            return self._database.write(change)
        except sa.exc.IntegrityError:
            return self._database.write(change)  # another process was first: now it is found

    def save(self, attempt: str, person: Person, slot: str, sequence: int, answer: Answer, now: float) -> Attempt:
        """Applies `fallline.course.attempt.saved`; the highest sequence number wins, and all of them are logged.

        Raises:
            Conflict: not open any more, or too late. What is stored stays; the log keeps what came, as not taken.
            NotFound: no such attempt of this person.
            FallLineError: no such slot, or an answer or number that is too long; nothing is written.
        """
        if sequence >= answer_log.MAX_SEQUENCE:
            raise FallLineError("Saves are counted from 1; no honest count comes near 2^53.")

        def change(connection: sa.Connection) -> Attempt | Conflict:
            before = _guarded(connection, SAVING, attempt, person, now)
            try:
                after = saved(before, slot, sequence, answer, now)
            except Conflict as refusal:
                answer_log.note(connection, before, slot, sequence, answer, now, taken=False)
                return refusal
            answer_log.note(connection, before, slot, sequence, answer, now, taken=after is not before)
            if after is not before:
                kept = {"name": attempt, "place": slot, "content": _text(asdict(after.answers[slot]))}
                connection.execute(CHANGE if slot in before.answers else KEEP, kept)
            return after

        outcome = self._database.write(change)
        if isinstance(outcome, Conflict):
            raise outcome
        return outcome

    def submit(self, attempt: str, person: Person, now: float) -> Attempt:
        """Applies `fallline.course.attempt.submitted`; twice is once.

        Raises:
            Conflict: too late.
            NotFound: no such attempt of this person.
        """

        def change(connection: sa.Connection) -> Attempt:
            return submitted(_guarded(connection, SUBMITTING, attempt, person, now), now)

        return self._database.write(change)

    def close(self, now: float) -> list[Attempt]:
        """Applies `fallline.course.attempt.closed` to every open attempt whose time is over; returns those it ended."""
        over = sa.and_(attempts.c.state == "open", attempts.c.deadline + attempts.c.grace < now)
        if not self._database.read(lambda connection: connection.scalar(sa.select(sa.exists().where(over)))):
            return []

        def change(connection: sa.Connection) -> list[Attempt]:
            rows = connection.execute(sa.select(attempts).where(over).with_for_update()).all()
            ended = [closed(attempt, now) for attempt in _with_answers(connection, rows)]
            for attempt in ended:
                mine = sa.and_(attempts.c.id == attempt.id, attempts.c.state == "open")
                connection.execute(
                    attempts.update().where(mine).values(state=attempt.state, submitted=attempt.submitted)
                )
            return ended

        return self._database.write(change)

    def grade(self, attempt: str, grade: dict[str, Any]) -> Attempt:
        """Applies `fallline.course.attempt.graded`; a grade is written once.

        Raises:
            Conflict: it is open, or has another grade.
            NotFound: no such attempt.
        """

        def change(connection: sa.Connection) -> Attempt:
            before = _locked(connection, attempt)
            after = graded(before, grade)
            if after is not before:
                connection.execute(_update(after))
            return after

        return self._database.write(change)

    def regrade(self, attempt: str, grade: dict[str, Any], by: Person, reason: str, now: float) -> Attempt:
        """Replaces a grade: an act of its own, kept with what stood there, who did it and why.

        Raises:
            Conflict: it has no grade yet.
            NotFound: no such attempt, or not somebody who may.
            FallLineError: no reason given.
        """
        if by.role is not Role.INSTRUCTOR:
            raise NotFound("No such attempt.")
        if not reason.strip():
            raise FallLineError("A regrade needs a reason: it is kept beside the old grade.")

        def change(connection: sa.Connection) -> Attempt:
            before = _locked(connection, attempt)
            if before.grade is None:
                raise Conflict("This attempt has no grade yet.")
            after = replace(before, grade=dict(grade))
            told = {
                "before": _text(before.grade),
                "after": _text(after.grade),
                "reason": reason,
                "by": by.id,
                "at": now,
            }
            connection.execute(regrades.insert().values(attempt=attempt, **told))
            connection.execute(_update(after))
            return after

        return self._database.write(change)

    def attempt(self, attempt: str, person: Person) -> Attempt | None:
        """Returns an attempt that is visible to the person."""
        found = self._found(attempts.c.id == attempt, visible_to(person, attempts.c.person))
        return found[0] if found else None

    def attempts(self, person: Person, assessment: str = "") -> list[Attempt]:
        """Returns the person's own attempts, by assessment and number."""
        return self._found(attempts.c.person == person.id, _of(assessment))

    def all_attempts(self, person: Person, assessment: str = "") -> list[Attempt]:
        """Returns every attempt visible to the person: the cohort's to an instructor, their own to a student."""
        return self._found(visible_to(person, attempts.c.person), _of(assessment))

    def ungraded(self) -> list[Attempt]:
        """Returns what was handed in and has no grade, oldest first; a sweep grades it, whoever died before."""
        waiting = self._found(attempts.c.state == "submitted")
        return sorted(waiting, key=lambda attempt: (attempt.submitted or 0.0, attempt.id))

    def allow(self, allowance: Allowance) -> None:
        """Keeps an allowance; the newest for the same person and assessment counts, all are kept."""
        self._database.write(lambda connection: connection.execute(allowances.insert().values(**asdict(allowance))))

    def allowances(self, owner: str, person: Person) -> list[Allowance]:
        """Returns the newest allowances of `owner` that are visible to the person, without reasons for a student."""
        query = (
            sa.select(allowances)
            .where(allowances.c.person == owner, visible_to(person, allowances.c.person))
            .order_by(allowances.c.number)
        )
        rows = self._database.read(lambda connection: connection.execute(query).mappings().all())
        hidden = {} if person.role is Role.INSTRUCTOR else {"reason": "", "by": ""}
        newest = {row["assessment"]: {**row, **hidden} for row in rows}
        return [
            Allowance(**{key: value for key, value in row.items() if key != "number"})
            for _, row in sorted(newest.items())
        ]

    def _found(self, *conditions: sa.ColumnElement[bool]) -> list[Attempt]:
        order = (attempts.c.person, attempts.c.assessment, attempts.c.number)
        query = sa.select(attempts).where(*conditions).order_by(*order)

        def read(connection: sa.Connection) -> list[Attempt]:
            return _with_answers(connection, connection.execute(query).all())

        return self._database.read(read)


def _of(assessment: str) -> sa.ColumnElement[bool]:
    return attempts.c.assessment == assessment if assessment else sa.true()


def _guarded(connection: sa.Connection, guard: sa.Executable, attempt: str, person: Person, now: float) -> Attempt:
    """Returns the attempt of this person after the guarded write, which took its lock whether or not it applied."""
    rows = connection.execute(guard, {"name": attempt, "owner": person.id, "now": now}).all()
    if rows:
        return _with_answers(connection, rows)[0]
    return _locked(connection, attempt, attempts.c.person == person.id)


def _locked(connection: sa.Connection, attempt: str, *conditions: sa.ColumnElement[bool]) -> Attempt:
    query = sa.select(attempts).where(attempts.c.id == attempt, *conditions).with_for_update()
    found = _with_answers(connection, connection.execute(query).all())
    if not found:
        raise NotFound("No such attempt.")
    return found[0]


def _update(attempt: Attempt) -> sa.Update:
    grade = None if attempt.grade is None else _text(attempt.grade)
    return attempts.update().where(attempts.c.id == attempt.id).values(state=attempt.state, grade=grade)


def _row(attempt: Attempt) -> dict[str, Any]:
    plain = attempt.to_dict()
    frozen = {key: value for key, value in plain.items() if key not in {*ROW, "answers", "grade"}}
    # in the order it was written: a Spec to start from is read by a person
    return {name: plain[name] for name in ROW} | {"frozen": orjson.dumps(frozen).decode(), "grade": None}


def _with_answers(connection: sa.Connection, rows: Any) -> list[Attempt]:
    """Builds attempts from their rows, with one query for the answers of all."""
    given: dict[str, dict[str, Any]] = {row.id: {} for row in rows}
    for attempt, slot, content in connection.execute(ANSWERS, {"names": list(given)}) if given else ():
        given[attempt][slot] = orjson.loads(content)
    return [
        Attempt.from_dict(
            {name: getattr(row, name) for name in ROW}
            | orjson.loads(row.frozen)
            | {"answers": given[row.id], "grade": None if row.grade is None else orjson.loads(row.grade)}
        )
        for row in rows
    ]


def _text(plain: Any) -> str:
    return canonical(plain).decode()
