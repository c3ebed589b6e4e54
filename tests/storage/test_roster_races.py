"""The roster under load: everybody at once, save against submit, two servers, a server killed; nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import sqlalchemy as sa

from fallline.core.errors import Conflict
from fallline.core.person import Person
from fallline.course.attempt import Attempt
from fallline.storage.database import Database, open_database
from fallline.storage.roster import SqlRoster
from fallline.storage.tables import attempts

ANA = Person("ana", "Ana")
START = 1_000.0
Drawn = Callable[..., Attempt]
Log = Callable[[Database, str], list[tuple[int, str, bool]]]


def count(database: Database, query: sa.Select[tuple[int]]) -> int:
    """A number from the database."""
    return database.read(lambda connection: connection.scalar(query)) or 0


def test_two_hundred_start_answer_and_hand_in_at_once_each_twice(database: Database, drawn: Drawn) -> None:
    """400 clicks in the same moment: 200 attempts, every one with its answer, every one handed in once, no error."""
    roster = SqlRoster(database)
    clicks = [(Person(f"p{n}", "A student"), drawn(f"p{n}")) for n in range(200) for _ in range(2)]
    gate = Barrier(len(clicks))

    def begin(click: tuple[Person, Attempt]) -> str:
        person, attempt = click
        gate.wait()
        stored = roster.start(attempt).id
        roster.save(stored, person, "one-step", 1, f"0.{person.id[1:]}", START + 1)
        return stored

    def hand_in(click: tuple[tuple[Person, Attempt], str]) -> float | None:
        (person, _), name = click
        gate.wait()
        return roster.submit(name, person, START + 2 + gate.n_waiting / 1_000).submitted

    with ThreadPoolExecutor(len(clicks)) as pool:
        names = list(pool.map(begin, clicks))
        moments = list(pool.map(hand_in, zip(clicks, names, strict=True)))
    assert names[::2] == names[1::2]
    assert moments[::2] == moments[1::2]
    assert count(database, sa.select(sa.func.count()).select_from(attempts)) == len(set(names)) == 200
    for (person, _), name in zip(clicks, names, strict=True):
        kept = roster.attempt(name, person)
        assert (kept.state, kept.answers["one-step"].answer) == ("submitted", f"0.{person.id[1:]}")


def test_saving_and_handing_in_may_race(database: Database, drawn: Drawn) -> None:
    """200 races of a save and a submit: it is handed in, and holds the answer exactly if the save was told so."""
    roster = SqlRoster(database)
    names = [roster.start(drawn(f"p{n}")) for n in range(200)]

    def race(attempt: Attempt) -> bool:
        person = Person(attempt.person, "A student")
        gate = Barrier(2)

        def save() -> bool:
            gate.wait()
            try:
                roster.save(attempt.id, person, "one-step", 1, "0.5", START + 1)
            except Conflict:
                return False
            return True

        def submit() -> None:
            gate.wait()
            roster.submit(attempt.id, person, START + 2)

        with ThreadPoolExecutor(2) as two:
            told, done = two.submit(save), two.submit(submit)
            done.result()
            return told.result()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(race, names))
    for attempt, saved in zip(names, told, strict=True):
        kept = roster.attempt(attempt.id, Person(attempt.person, ""))
        assert kept.state == "submitted"
        assert ("one-step" in kept.answers) == saved


def test_two_servers_agree_on_one_attempt(tmp_path: Path, postgres_url: str, drawn: Drawn) -> None:
    """Two processes' writers on one PostgreSQL: one attempt per person and number, and no save after the submit."""
    opened = [open_database(postgres_url, tmp_path) for _ in range(2)]
    rosters = [SqlRoster(each) for each in opened]

    def both(n: int) -> None:
        person = Person(f"p{n}", "A student")
        made = [drawn(person.id) for _ in rosters]
        with ThreadPoolExecutor(2) as two:
            stored = list(two.map(lambda pair: pair[0].start(pair[1]).id, zip(rosters, made, strict=True)))
            assert len(set(stored)) == 1
            save = two.submit(saves, rosters[0], stored[0], person)
            rosters[1].submit(stored[0], person, START + 2)
            told = save.result()
        assert len(rosters[1].attempt(stored[0], person).answers) == told

    def saves(roster: SqlRoster, name: str, person: Person) -> int:
        try:
            roster.save(name, person, "one-step", 1, "0.5", START + 1)
        except Conflict:
            return 0
        return 1

    for n in range(40):
        both(n)
    for each in opened:
        each.close()


CHILD = """
import sys, time
from pathlib import Path
from fallline.core.person import Person
from fallline.storage.database import open_database
from fallline.storage.roster import SqlRoster

home, name = Path(sys.argv[1]), sys.argv[2]
roster = SqlRoster(open_database("", home))
for sequence in range(int(sys.argv[3]), 10**6):
    roster.save(name, Person("ana", "Ana"), "one-step", sequence, f"0.{sequence}", 1_000.0)
    print(sequence, flush=True)
"""


def test_what_was_told_saved_survives_a_kill(tmp_path: Path, drawn: Drawn, log_of: Log) -> None:
    """The server is killed in the middle of saving, five times: every save that it had confirmed is there."""
    database = open_database("", tmp_path)
    attempt = SqlRoster(database).start(drawn()).id
    database.close()
    first, told = 1, []
    for _ in range(5):
        command = [sys.executable, "-c", CHILD, str(tmp_path), attempt, str(first)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        told.append(int(child.stdout.readline()))
        while told[-1] < first + 20:
            told.append(int(child.stdout.readline()))
        os.kill(child.pid, signal.SIGKILL)
        rest, _ = child.communicate()
        told += [int(line) for line in rest.splitlines()]
        opened = open_database("", tmp_path)
        kept = SqlRoster(opened).attempt(attempt, ANA).answers["one-step"]
        logged = [sequence for sequence, _, _ in log_of(opened, attempt)]
        opened.close()
        assert kept.sequence >= told[-1]
        assert kept.answer == f"0.{kept.sequence}"
        assert set(told) <= set(logged)
        assert all(after - before == 1 for before, after in pairwise(logged))
        first = kept.sequence + 1
