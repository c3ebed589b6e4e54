"""The queue: fair, leased, idempotent; a dead worker loses its lease, not the job."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fallline.core.person import LOCAL, Person
from fallline.runs.jobs import TRIES, Job
from fallline.runs.ledger import RunRow
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger
from fallline.storage.queue import SqlQueue


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SqlQueue]:
    """A queue on a real database."""
    opened = open_database("", tmp_path)
    yield SqlQueue(opened)
    opened.close()


def job(name: str, owner: str = "ana", created: float = 0.0) -> Job:
    """A job that waits."""
    return Job(name, owner, "run", "x", f"key-{name}", created=created)


def test_a_double_click_is_one_job(queue: SqlQueue) -> None:
    """The same request twice, even at once, is stored once."""
    with ThreadPoolExecutor(20) as pool:
        names = list(pool.map(lambda n: queue.enqueue(Job(f"j{n}", "ana", "run", "x", "same")).id, range(20)))
    assert len(set(names)) == 1


def test_no_job_is_leased_twice(queue: SqlQueue) -> None:
    """Many workers never hold the same job."""
    for n in range(30):
        queue.enqueue(job(f"j{n}", created=float(n)))
    with ThreadPoolExecutor(10) as pool:
        leased = list(pool.map(lambda n: queue.lease(f"w{n}", 10.0, 30.0), range(40)))
    held = [one.id for one in leased if one is not None]
    assert len(held) == len(set(held)) == 30


def test_one_persons_hundred_jobs_do_not_hold_up_anothers_one(queue: SqlQueue) -> None:
    """The queue is fair per person, not per job."""
    for n in range(100):
        queue.enqueue(job(f"a{n}", "ana", created=float(n)))
    queue.enqueue(job("b", "ben", created=1000.0))
    first = queue.lease("w1", 2000.0, 30.0)
    second = queue.lease("w2", 2000.0, 30.0)
    assert first is not None
    assert second is not None
    assert (first.owner, second.owner) == ("ana", "ben")


def test_a_lost_lease_returns_the_job_and_the_old_worker_cannot_end_it(queue: SqlQueue) -> None:
    """The work goes on elsewhere, and what the dead worker says later counts for nothing."""
    queue.enqueue(job("j"))
    queue.lease("w1", 0.0, 30.0)
    assert queue.lease("w2", 29.0, 30.0) is None
    again = queue.lease("w2", 31.0, 30.0)
    assert again is not None
    assert again.tries == 2
    assert not queue.finish("j", "w1", state="done")
    assert queue.finish("j", "w2", state="done")


def test_a_job_that_kills_its_workers_is_failed_with_a_sentence(queue: SqlQueue) -> None:
    """Three dead workers are enough: the job is the cause."""
    queue.enqueue(job("j"))
    for n in range(TRIES):
        assert queue.lease(f"w{n}", n * 100.0, 30.0) is not None
    assert queue.lease("w9", 1000.0, 30.0) is None
    ended = queue.job("j", LOCAL)
    assert ended is not None
    assert ended.state == "failed"
    assert "died" in ended.sentence


def test_cancelling_a_waiting_job_ends_it_and_a_running_one_hears_of_it(queue: SqlQueue) -> None:
    """Cancel works before and during; another person cannot."""
    queue.enqueue(job("waiting"))
    assert not queue.cancel("waiting", Person("ben", "Ben"))
    assert queue.cancel("waiting", Person("ana", "Ana"))
    assert queue.lease("w", 1.0, 30.0) is None
    queue.enqueue(job("running"))
    queue.lease("w", 1.0, 30.0)
    assert queue.cancel("running", Person("ana", "Ana"))
    assert not queue.renew("running", "w", 100.0)
    assert queue.finish("running", "w", state="cancelled")


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_run_ends_with_the_job_that_is_given_up(tmp_path: Path, cancelled: bool) -> None:
    """Nobody is left to say that the run is over, so the queue does; its owner reads why."""
    opened = open_database("", tmp_path)
    queue, ledger, ana = SqlQueue(opened), SqlLedger(opened), Person("ana", "Ana")
    run = ledger.submit(RunRow("", "a" * 64, ana.id, "descent", "w", "queued", "{}", 0.0)).id
    for n in range(1 if cancelled else TRIES):
        leased = queue.lease(f"w{n}", n * 100.0, 30.0)
        assert leased is not None
        ledger.update_run(run, state="running", process="here:1:1", ended=None, sentence="")
    if cancelled:
        queue.cancel(run, ana)
    assert queue.lease("w9", 1000.0, 30.0) is None
    row = ledger.row(run, ana)
    assert row is not None
    assert (row.state, row.process, row.ended) == ("cancelled" if cancelled else "failed", "", 1000.0)
    assert "its worker died" in row.sentence.lower()
    opened.close()
