"""The roster: one row for a try however often one clicks, no answer after the end, nothing lost or another's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.person import Person, Role
from fallline.course.attempt import SPEC, Attempt, Sitting, start
from fallline.course.content import Course, load_course
from fallline.course.roster import Allowance
from fallline.storage.database import Database, open_database
from fallline.storage.roster import SqlRoster
from fallline.storage.tables import answer_log, attempts, metadata, regrades

ANA, BEN = Person("ana", "Ana"), Person("ben", "Ben")
TEACHER = Person("teacher", "Teacher", Role.INSTRUCTOR)
START, DEADLINE, GRACE = 1_000.0, 2_000.0, 60.0
GRADE = {"slots": [], "credit": "1", "late": "1"}


@pytest.fixture(scope="module")
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


def drawn(course: Course, person: str = "ana", number: int = 1, slug: str = "quiz-1") -> Attempt:
    """An attempt as it starts, with an id of its own."""
    sitting = Sitting(f"{slug}-{person}-{number}-{time.monotonic_ns()}", person, number, START, DEADLINE, GRACE)
    assessment = course.assessment(slug).model_copy(update={"minutes": None})
    return start(assessment, course.items, sitting, course=course.slug, content=course.digest, secret=b"secret")


def count(database: Database, query: sa.Select[tuple[int]]) -> int:
    """A number from the database."""
    return database.read(lambda connection: connection.scalar(query)) or 0


def log_of(database: Database, attempt: str) -> list[tuple[int, str, bool]]:
    """What the log holds of an attempt: sequence, answer, whether it was taken."""
    query = sa.select(answer_log.c.sequence, answer_log.c.answer, answer_log.c.taken)
    ordered = query.where(answer_log.c.attempt == attempt).order_by(answer_log.c.number)
    return [tuple(row) for row in database.read(lambda connection: connection.execute(ordered).all())]


def test_an_attempt_comes_back_as_it_was_stored(database: Database, course: Course) -> None:
    """Every number drawn at the start is there to the bit, for a quiz and for an activity."""
    roster = SqlRoster(database)
    for slug in ("quiz-1", "activity-1"):
        attempt = roster.start(drawn(course, slug=slug))
        assert roster.attempt(attempt.id, ANA) == attempt
        assert roster.attempt(attempt.id, ANA).shown() == attempt.shown()


def test_starting_twice_is_starting_once(database: Database, course: Course) -> None:
    """The second click gets the attempt of the first, with what was answered since."""
    roster = SqlRoster(database)
    first = roster.start(drawn(course))
    roster.save(first.id, ANA, "one-step", 1, "0.5", START + 1)
    again = roster.start(drawn(course))
    assert again.id == first.id
    assert again.answers["one-step"].answer == "0.5"
    assert count(database, sa.select(sa.func.count()).select_from(attempts)) == 1


def test_a_further_try_waits_for_the_one_before(database: Database, course: Course) -> None:
    """Nobody has two tries open at once, and no try is left out."""
    roster = SqlRoster(database)
    first = roster.start(drawn(course))
    with pytest.raises(Conflict, match="once try 1 was handed in"):
        roster.start(drawn(course, number=2))
    roster.submit(first.id, ANA, START + 1)
    assert roster.start(drawn(course, number=2)).number == 2


def test_the_highest_sequence_number_wins(database: Database, course: Course) -> None:
    """Whatever arrives in whichever order, the answer with the highest number stays, and the log keeps them all."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    for sequence, answer in ((2, "0.2"), (1, "0.1"), (4, "0.4"), (3, "0.3"), (4, "0.44")):
        roster.save(attempt, ANA, "one-step", sequence, answer, START + sequence)
    kept = roster.attempt(attempt, ANA).answers["one-step"]
    assert (kept.sequence, kept.answer, kept.at) == (4, "0.4", START + 4)
    assert [(sequence, taken) for sequence, _, taken in log_of(database, attempt)] == [
        *((2, True), (1, False), (4, True), (3, False), (4, False)),
    ]


def test_the_same_save_sent_again_is_one(database: Database, course: Course) -> None:
    """A save whose answer got lost on the way back is sent again, and nothing changes."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    for now in (START + 1, START + 2, START + 3):
        roster.save(attempt, ANA, "one-step", 1, "0.5", now)
    assert roster.attempt(attempt, ANA).answers["one-step"].at == START + 1
    assert len(log_of(database, attempt)) == 1


@pytest.mark.parametrize("answer", ["a", "−0.5", "", None, ["a", "c"], 0.1 + 0.2, "x" * 60_000])
def test_any_answer_comes_back_as_it_was_given(database: Database, course: Course, answer: object) -> None:
    """What is no answer is kept as written, too: it is the student's, and only the marking looks for sense in it."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    roster.save(attempt, ANA, "within-limits", 1, answer, START)
    assert roster.attempt(attempt, ANA).answers["within-limits"].answer == answer


@pytest.mark.parametrize(
    ("offset", "taken"), [(-0.001, True), (0.0, True), (GRACE, True), (GRACE + 0.001, False), (86_400.0, False)]
)
def test_the_deadline_is_to_the_millisecond(database: Database, course: Course, offset: float, taken: bool) -> None:
    """Save and submit are taken to the end of the grace and not a millisecond longer, and both databases agree."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    now = DEADLINE + offset
    if taken:
        assert roster.save(attempt, ANA, "one-step", 1, "0.5", now).answers["one-step"].answer == "0.5"
        assert roster.submit(attempt, ANA, now).state == "submitted"
        return
    for late in (
        lambda: roster.save(attempt, ANA, "one-step", 1, "0.5", now),
        lambda: roster.submit(attempt, ANA, now),
    ):
        with pytest.raises(Conflict, match="time for this attempt is over"):
            late()
    assert roster.attempt(attempt, ANA).answers == {}
    assert log_of(database, attempt) == [(1, '"0.5"', False)]


def test_what_came_too_late_is_kept_but_not_for_ever(database: Database, course: Course) -> None:
    """An answer that arrives after the end changes nothing and is in the log; a flood of them is not."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    roster.save(attempt, ANA, "one-step", 1, "0.5", START)
    stored = roster.submit(attempt, ANA, START + 1)
    for sequence in range(2, 130):
        with pytest.raises(Conflict, match="handed in"):
            roster.save(attempt, ANA, "one-step", sequence, "0.7", START + 2)
    assert roster.attempt(attempt, ANA) == stored
    assert len(log_of(database, attempt)) == 1 + 100


def test_a_bad_save_leaves_nothing(database: Database, course: Course) -> None:
    """A slot that is not there, a number that counts nothing, an answer without end: refused, and nothing is logged."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    for slot, sequence, answer in (
        *(("nothing", 1, "a"), ("one-step", 0, "a"), ("one-step", 2**53, "a"), ("one-step", 1, "x" * 70_000)),
    ):
        with pytest.raises(FallLineError):
            roster.save(attempt, ANA, slot, sequence, answer, START)
    assert log_of(database, attempt) == []


def test_handing_in_twice_is_once(database: Database, course: Course) -> None:
    """The second click changes neither state nor time."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    first = roster.submit(attempt, ANA, START + 5)
    assert roster.submit(attempt, ANA, START + 9) == first
    assert first.submitted == START + 5
    assert roster.submit(attempt, ANA, DEADLINE + 10_000) == first


def test_what_is_anothers_does_not_exist(database: Database, course: Course) -> None:
    """Ben gets for Ana's attempt the very answer that he gets for one that is not there; her instructor may look."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    for person in (BEN, TEACHER):
        for name in (attempt, "nothing"):
            with pytest.raises(NotFound, match=r"^No such attempt\.$"):
                roster.save(name, person, "one-step", 1, "a", START)
            with pytest.raises(NotFound, match=r"^No such attempt\.$"):
                roster.submit(name, person, START)
    assert roster.attempt(attempt, BEN) is roster.attempt("nothing", BEN) is None
    assert roster.attempts(BEN) == roster.all_attempts(BEN) == roster.attempts(TEACHER) == []
    assert roster.attempt(attempt, TEACHER) == roster.all_attempts(TEACHER, "quiz-1")[0]
    assert roster.all_attempts(TEACHER, "quiz-2") == []
    assert roster.attempt(attempt, ANA).state == "open"


def test_the_sweep_closes_what_is_over(database: Database, course: Course) -> None:
    """An attempt nobody handed in ends at its deadline with what was saved by then; one in its grace stays open."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    roster.save(attempt, ANA, "one-step", 1, "0.5", DEADLINE)
    assert roster.close(DEADLINE + GRACE) == []
    ended = roster.close(DEADLINE + GRACE + 1)
    assert [(each.id, each.state, each.submitted) for each in ended] == [(attempt, "submitted", DEADLINE)]
    assert ended[0].answers["one-step"].answer == "0.5"
    assert roster.close(DEADLINE + GRACE + 2) == []
    assert [each.id for each in roster.ungraded()] == [attempt]


def test_a_grade_is_written_once(database: Database, course: Course) -> None:
    """The same grade again changes nothing; another one is refused, and an open attempt has none."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    with pytest.raises(Conflict, match="after it was handed in"):
        roster.grade(attempt, GRADE)
    roster.submit(attempt, ANA, START)
    kept = roster.grade(attempt, GRADE)
    assert roster.grade(attempt, GRADE) == kept == roster.attempt(attempt, ANA)
    assert roster.ungraded() == []
    with pytest.raises(Conflict, match="separate act"):
        roster.grade(attempt, GRADE | {"credit": "1/2"})
    with pytest.raises(NotFound):
        roster.grade("nothing", GRADE)


def test_a_regrade_is_an_act_with_a_name_and_a_reason(database: Database, course: Course) -> None:
    """Only an instructor regrades, only what has a grade, only with a reason; what stood there is kept."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course)).id
    other = GRADE | {"credit": "1/2"}
    roster.submit(attempt, ANA, START)
    with pytest.raises(Conflict):
        roster.regrade(attempt, other, TEACHER, "The key was wrong.", START)
    roster.grade(attempt, GRADE)
    with pytest.raises(NotFound):
        roster.regrade(attempt, other, ANA, "I want more.", START)
    with pytest.raises(FallLineError, match="needs a reason"):
        roster.regrade(attempt, other, TEACHER, " ", START)
    assert roster.regrade(attempt, other, TEACHER, "The key was wrong.", START).grade == other
    rows = database.read(lambda connection: connection.execute(sa.select(regrades)).mappings().all())
    assert [(row["by"], row["reason"]) for row in rows] == [("teacher", "The key was wrong.")]
    assert '"credit":"1"' in rows[0]["before"]
    assert '"credit":"1/2"' in rows[0]["after"]


def test_the_newest_allowance_counts_and_all_are_kept(database: Database) -> None:
    """A student sees what they were granted, not why; another student sees nothing."""
    roster = SqlRoster(database)
    roster.allow(Allowance("ana", "quiz-1", due=5.0, reason="ill", by="teacher", at=1.0))
    roster.allow(Allowance("ana", "quiz-1", due=9.0, reason="still ill", by="teacher", at=2.0))
    roster.allow(Allowance("ana", "", multiplier=1.5, reason="extra time", by="teacher", at=3.0))
    whole, quiz = roster.allowances("ana", TEACHER)
    assert (quiz.due, quiz.reason) == (9.0, "still ill")
    assert whole.multiplier == 1.5
    assert roster.allowances("ana", ANA) == [replace(whole, reason="", by=""), replace(quiz, reason="", by="")]
    assert roster.allowances("ana", BEN) == []


def test_two_hundred_start_answer_and_hand_in_at_once_each_twice(database: Database, course: Course) -> None:
    """400 clicks in the same moment: 200 attempts, every one with its answer, every one handed in once, no error."""
    roster = SqlRoster(database)
    clicks = [(Person(f"p{n}", "A student"), drawn(course, f"p{n}")) for n in range(200) for _ in range(2)]
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


def test_saving_and_handing_in_may_race(database: Database, course: Course) -> None:
    """200 races of a save and a submit: it is handed in, and holds the answer exactly if the save was told so."""
    roster = SqlRoster(database)
    names = [roster.start(drawn(course, f"p{n}")) for n in range(200)]

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


def test_two_servers_agree_on_one_attempt(tmp_path: Path, postgres_url: str, course: Course) -> None:
    """Two processes' writers on one PostgreSQL: one attempt per person and number, and no save after the submit."""
    opened = [open_database(postgres_url, tmp_path) for _ in range(2)]
    rosters = [SqlRoster(each) for each in opened]

    def both(n: int) -> None:
        person = Person(f"p{n}", "A student")
        made = [drawn(course, person.id) for _ in rosters]
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


def test_what_was_told_saved_survives_a_kill(tmp_path: Path, course: Course) -> None:
    """The server is killed in the middle of saving, five times: every save that it had confirmed is there."""
    database = open_database("", tmp_path)
    attempt = SqlRoster(database).start(drawn(course)).id
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


def test_an_activity_has_one_slot(database: Database, course: Course) -> None:
    """A Spec is handed in under its own name; the text stays as it was written."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(course, slug="activity-1")).id
    text = 'kind = "descent"\n# η\n'
    assert roster.save(attempt, ANA, SPEC, 1, text, START).answers[SPEC].answer == text
    with pytest.raises(FallLineError, match="one thing to hand in"):
        roster.save(attempt, ANA, "one-step", 1, text, START)
