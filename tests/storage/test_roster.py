"""The roster: one row for a try however often one clicks, no answer after the end, nothing of another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from fallline.core.errors import Conflict, FallLineError, NotFound
from fallline.core.person import Person, Role
from fallline.course.attempt import SPEC, Attempt
from fallline.storage.database import Database
from fallline.storage.roster import SqlRoster
from fallline.storage.tables import attempts

ANA, BEN = Person("ana", "Ana"), Person("ben", "Ben")
TEACHER = Person("teacher", "Teacher", Role.INSTRUCTOR)
START, DEADLINE, GRACE = 1_000.0, 2_000.0, 60.0
Drawn = Callable[..., Attempt]
Log = Callable[[Database, str], list[tuple[int, str, bool]]]


def count(database: Database, query: sa.Select[tuple[int]]) -> int:
    """A number from the database."""
    return database.read(lambda connection: connection.scalar(query)) or 0


def test_an_attempt_comes_back_as_it_was_stored(database: Database, drawn: Drawn) -> None:
    """Every number drawn at the start is there to the bit, for a quiz and for an activity."""
    roster = SqlRoster(database)
    for slug in ("quiz-1", "activity-1"):
        attempt = roster.start(drawn(slug=slug))
        assert roster.attempt(attempt.id, ANA) == attempt
        assert roster.attempt(attempt.id, ANA).shown() == attempt.shown()


def test_starting_twice_is_starting_once(database: Database, drawn: Drawn) -> None:
    """The second click gets the attempt of the first, with what was answered since."""
    roster = SqlRoster(database)
    first = roster.start(drawn())
    roster.save(first.id, ANA, "one-step", 1, "0.5", START + 1)
    again = roster.start(drawn())
    assert again.id == first.id
    assert again.answers["one-step"].answer == "0.5"
    assert count(database, sa.select(sa.func.count()).select_from(attempts)) == 1


def test_a_further_try_waits_for_the_one_before(database: Database, drawn: Drawn) -> None:
    """Nobody has two tries open at once, and no try is left out."""
    roster = SqlRoster(database)
    first = roster.start(drawn())
    with pytest.raises(Conflict, match="once try 1 was handed in"):
        roster.start(drawn(number=2))
    roster.submit(first.id, ANA, START + 1)
    assert roster.start(drawn(number=2)).number == 2


def test_the_highest_sequence_number_wins(database: Database, drawn: Drawn, log_of: Log) -> None:
    """Whatever arrives in whichever order, the answer with the highest number stays, and the log keeps them all."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    for sequence, answer in ((2, "0.2"), (1, "0.1"), (4, "0.4"), (3, "0.3"), (4, "0.44")):
        roster.save(attempt, ANA, "one-step", sequence, answer, START + sequence)
    kept = roster.attempt(attempt, ANA).answers["one-step"]
    assert (kept.sequence, kept.answer, kept.at) == (4, "0.4", START + 4)
    assert [(sequence, taken) for sequence, _, taken in log_of(database, attempt)] == [
        *((2, True), (1, False), (4, True), (3, False), (4, False)),
    ]


def test_the_same_save_sent_again_is_one(database: Database, drawn: Drawn, log_of: Log) -> None:
    """A save whose answer got lost on the way back is sent again, and nothing changes."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    for now in (START + 1, START + 2, START + 3):
        roster.save(attempt, ANA, "one-step", 1, "0.5", now)
    assert roster.attempt(attempt, ANA).answers["one-step"].at == START + 1
    assert len(log_of(database, attempt)) == 1


@pytest.mark.parametrize("answer", ["a", "−0.5", "", None, ["a", "c"], 0.1 + 0.2, "x" * 60_000])
def test_any_answer_comes_back_as_it_was_given(database: Database, drawn: Drawn, answer: object) -> None:
    """What is no answer is kept as written, too: it is the student's, and only the marking looks for sense in it."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    roster.save(attempt, ANA, "within-limits", 1, answer, START)
    assert roster.attempt(attempt, ANA).answers["within-limits"].answer == answer


@pytest.mark.parametrize(
    ("offset", "taken"), [(-0.001, True), (0.0, True), (GRACE, True), (GRACE + 0.001, False), (86_400.0, False)]
)
def test_the_deadline_is_to_the_millisecond(
    database: Database, drawn: Drawn, offset: float, taken: bool, log_of: Log
) -> None:
    """Save and submit are taken to the end of the grace and not a millisecond longer, and both databases agree."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
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


def test_what_came_too_late_is_kept_but_not_for_ever(database: Database, drawn: Drawn, log_of: Log) -> None:
    """An answer that arrives after the end changes nothing and is in the log; a flood of them is not."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    roster.save(attempt, ANA, "one-step", 1, "0.5", START)
    stored = roster.submit(attempt, ANA, START + 1)
    for sequence in range(2, 130):
        with pytest.raises(Conflict, match="handed in"):
            roster.save(attempt, ANA, "one-step", sequence, "0.7", START + 2)
    assert roster.attempt(attempt, ANA) == stored
    assert len(log_of(database, attempt)) == 1 + 100


def test_a_bad_save_leaves_nothing(database: Database, drawn: Drawn, log_of: Log) -> None:
    """A slot that is not there, a number that counts nothing, an answer without end: refused, and nothing is logged."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    for slot, sequence, answer in (
        *(("nothing", 1, "a"), ("one-step", 0, "a"), ("one-step", 2**53, "a"), ("one-step", 1, "x" * 70_000)),
    ):
        with pytest.raises(FallLineError):
            roster.save(attempt, ANA, slot, sequence, answer, START)
    assert log_of(database, attempt) == []


def test_handing_in_twice_is_once(database: Database, drawn: Drawn) -> None:
    """The second click changes neither state nor time."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    first = roster.submit(attempt, ANA, START + 5)
    assert roster.submit(attempt, ANA, START + 9) == first
    assert first.submitted == START + 5
    assert roster.submit(attempt, ANA, DEADLINE + 10_000) == first


def test_what_is_anothers_does_not_exist(database: Database, drawn: Drawn) -> None:
    """Ben gets for Ana's attempt the very answer that he gets for one that is not there; her instructor may look."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
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


def test_the_sweep_closes_what_is_over(database: Database, drawn: Drawn) -> None:
    """An attempt nobody handed in ends at its deadline with what was saved by then; one in its grace stays open."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn()).id
    roster.save(attempt, ANA, "one-step", 1, "0.5", DEADLINE)
    assert roster.close(DEADLINE + GRACE) == []
    ended = roster.close(DEADLINE + GRACE + 1)
    assert [(each.id, each.state, each.submitted) for each in ended] == [(attempt, "submitted", DEADLINE)]
    assert ended[0].answers["one-step"].answer == "0.5"
    assert roster.close(DEADLINE + GRACE + 2) == []
    assert [each.id for each in roster.ungraded()] == [attempt]


def test_an_activity_has_one_slot(database: Database, drawn: Drawn) -> None:
    """A Spec is handed in under its own name; the text stays as it was written."""
    roster = SqlRoster(database)
    attempt = roster.start(drawn(slug="activity-1")).id
    text = 'kind = "descent"\n# η\n'
    assert roster.save(attempt, ANA, SPEC, 1, text, START).answers[SPEC].answer == text
    with pytest.raises(FallLineError, match="one thing to hand in"):
        roster.save(attempt, ANA, "one-step", 1, text, START)
