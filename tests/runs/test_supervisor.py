"""The supervisor on a real database, with real children: whatever happens to one, the run is told the truth."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from fallline.core.event import EventKind
from fallline.core.person import LOCAL
from fallline.runs.jobs import TRIES
from fallline.runs.record import Record
from fallline.runs.spec import load_spec
from fallline.runs.spec.base import Spec
from fallline.runs.supervisor import Limits, Supervisor, resident_megabytes
from tests.runs.conftest import TREE, Desk

DESCENT = load_spec({"kind": "descent", "surface": "ravine"})


@contextmanager
def working(desk: Desk, limits: Limits | None = None) -> Iterator[Supervisor]:
    """A supervisor that works while the block runs."""
    supervisor = Supervisor(desk.queue, desk.ledger, desk.home, workers=1, limits=limits)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def until(holds: Callable[[], bool], seconds: float = 120.0) -> float:
    """Waits until something holds; returns how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came to hold"
        time.sleep(0.02)
    return time.monotonic() - began


def ended_stages(desk: Desk, run: str) -> list[str]:
    """The stages that have ended, each as often as it was said."""
    return [event.stage for _, event in desk.ledger.events(run, LOCAL) if event.name == "ended"]


def child() -> BaseProcess:
    """The child that does the run."""
    (found,) = multiprocessing.active_children()
    return found


def test_a_double_click_is_one_run_and_the_answer_is_looked_up_afterwards(desk: Desk) -> None:
    """Asked twice at once there is one run; asked once it has ended, its Record is the answer."""
    first, second = desk.ask(DESCENT), desk.ask(DESCENT)
    assert first == second
    with working(desk):
        until(lambda: desk.state(first) == "finished")
    assert len(desk.ledger.rows(LOCAL)) == 1
    assert desk.job_state(first) == "done"
    assert desk.ask(DESCENT) == first
    assert len(desk.ledger.rows(LOCAL)) == 1


def test_a_killed_child_loses_nothing(desk: Desk, small: Spec, reference: Record) -> None:
    """SIGKILL in the middle: the job is leased again, goes on from its checkpoints, and the result is the same."""
    run = desk.ask(small)
    with working(desk):
        until(lambda: "train" in ended_stages(desk, run))
        child().kill()
        until(lambda: desk.state(run) == "finished")
    record = desk.ledger.record(run, LOCAL)
    assert record is not None
    assert record.result == reference.result
    assert record.key == reference.key
    events = [event for _, event in desk.ledger.events(run, LOCAL)]
    assert sum(event.kind is EventKind.STARTED for event in events) == 2
    assert sum(event.stage == "train" and event.message == "started" for event in events) == 1


def test_a_job_that_kills_its_process_every_time_fails_with_a_sentence(desk: Desk, small: Spec) -> None:
    """Three deaths are enough; the run is not left waiting for a fourth."""
    run = desk.ask(small)
    with working(desk):
        for number in range(TRIES):
            until(lambda number=number: len(_started(desk, run)) > number)  # type: ignore[misc]
            child().kill()
        until(lambda: desk.state(run) == "failed")
    assert "died 3 times" in desk.sentence(run)
    assert desk.job_state(run) == "failed"


def test_closing_the_server_puts_the_run_back_and_counts_against_nobody(desk: Desk, small: Spec) -> None:
    """A run that is under way when the server closes waits for the next one, with all its tries."""
    run = desk.ask(small)
    with working(desk):
        until(lambda: "frame" in ended_stages(desk, run))
    assert multiprocessing.active_children() == []
    assert desk.state(run) == "queued"
    job = desk.queue.job(run, LOCAL)
    assert job is not None
    assert (job.state, job.tries) == ("queued", 0)
    with working(desk):
        until(lambda: len(_started(desk, run)) == 2)


def test_a_running_run_is_cancelled_within_two_seconds_and_can_go_on(
    desk: Desk, small: Spec, reference: Record
) -> None:
    """The child is gone, row and job say so; queued again, it goes on to the same result."""
    run = desk.ask(small)
    with working(desk):
        until(lambda: "frame" in ended_stages(desk, run))
        assert desk.queue.cancel(run, LOCAL)
        until(lambda: desk.state(run) == "cancelled")
        until(lambda: desk.job_state(run) == "cancelled" and multiprocessing.active_children() == [])
        assert desk.ledger.requeue(run, time.time())
        until(lambda: desk.state(run) == "finished")
    record = desk.ledger.record(run, LOCAL)
    assert record is not None
    assert record.result == reference.result


def test_a_queued_run_is_cancelled_at_once_and_never_begins(desk: Desk) -> None:
    """What nobody has begun does not begin."""
    run = desk.ask(DESCENT)
    assert desk.queue.cancel(run, LOCAL)
    assert desk.job_state(run) == "cancelled"
    supervisor = Supervisor(desk.queue, desk.ledger, desk.home)
    assert not supervisor.once()
    assert desk.ledger.events(run, LOCAL) == []


def test_a_run_beyond_its_time_is_stopped_with_a_sentence(desk: Desk, small: Spec) -> None:
    """The limit is named, and what to do."""
    run = desk.ask(small)
    assert Supervisor(desk.queue, desk.ledger, desk.home, workers=1, limits=Limits(seconds=1.0)).once()
    assert desk.state(run) == desk.job_state(run) == "failed"
    assert desk.sentence(run) == "Stopped: it took longer than 1 s. Ask for fewer trials or rows."
    assert multiprocessing.active_children() == []


def test_a_run_beyond_its_memory_is_stopped_with_a_sentence(desk: Desk, small: Spec) -> None:
    """Used and allowed are both told."""
    run = desk.ask(small)
    assert Supervisor(desk.queue, desk.ledger, desk.home, workers=1, limits=Limits(megabytes=60.0)).once()
    assert desk.state(run) == desk.job_state(run) == "failed"
    assert "MB of memory; the limit is 60 MB." in desk.sentence(run)
    assert multiprocessing.active_children() == []


def test_memory_counts_the_children_of_every_thread() -> None:
    """A child started by another thread than the first is on the account."""
    alone = resident_megabytes(os.getpid())
    started: list[subprocess.Popen[bytes]] = []
    go_on = threading.Event()

    def begin() -> None:
        code = "kept = b'x' * 150_000_000; print(flush=True); input()"
        started.append(subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        assert started[0].stdout is not None
        started[0].stdout.readline()
        go_on.wait()

    thread = threading.Thread(target=begin)
    thread.start()
    until(lambda: resident_megabytes(os.getpid()) > alone + 140)
    go_on.set()
    thread.join()
    started[0].communicate(b"\n")


def test_a_spec_whose_upload_is_gone_fails_with_its_sentence(desk: Desk) -> None:
    """What went wrong is told in the words of whoever can mend it."""
    (desk.home / "uploads").mkdir()
    table = b"a,b,churn\n" + b"".join(f"{n},{n % 7},{'yes' if n % 3 else 'no'}\n".encode() for n in range(60))
    name = hashlib.sha256(table).hexdigest()
    (desk.home / "uploads" / name).write_bytes(table)
    run = desk.ask(load_spec({**TREE, "data": {"source": "upload", "id": name, "target": "churn"}}))
    (desk.home / "uploads" / name).unlink()
    assert Supervisor(desk.queue, desk.ledger, desk.home, workers=1).once()
    assert desk.state(run) == desk.job_state(run) == "failed"
    assert "upload the file again" in desk.sentence(run)


def test_a_run_whose_record_was_kept_is_not_done_again(desk: Desk) -> None:
    """A worker that died between keeping the Record and saying so leaves a job that is done."""
    run = desk.ask(DESCENT)
    job = desk.queue.lease("w", time.time(), 60.0)
    assert job is not None
    supervisor = Supervisor(desk.queue, desk.ledger, desk.home, workers=1)
    desk.queue.renew(run, "w", 0.0)
    assert supervisor.once()
    assert desk.job_state(run) == "done"
    with desk.database.engine.execution_options(fallline_writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET state = 'leased', lease_until = 0, worker = 'gone'")
    before = desk.ledger.events(run, LOCAL)
    assert supervisor.once()
    assert desk.job_state(run) == "done"
    assert desk.ledger.events(run, LOCAL) == before


def test_events_are_replayed_from_a_number(desk: Desk) -> None:
    """Who lost the connection asks for what came after the last number and misses nothing."""
    run = desk.ask(DESCENT)
    assert Supervisor(desk.queue, desk.ledger, desk.home, workers=1).once()
    whole = desk.ledger.events(run, LOCAL)
    assert whole[0][1].kind is EventKind.STARTED
    assert whole[-1][1].kind is EventKind.ENDING
    numbers = [number for number, _ in whole]
    assert numbers == sorted(set(numbers))
    for number in numbers:
        assert desk.ledger.events(run, LOCAL, after=number) == [pair for pair in whole if pair[0] > number]


SERVER = """
import json, sys, time
from pathlib import Path
from fallline.core.person import LOCAL
from fallline.runs.spec import load_spec
from fallline.runs.submit import submit
from fallline.runs.supervisor import Supervisor
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger
from fallline.storage.queue import SqlQueue

if __name__ == "__main__":
    home = Path(sys.argv[1])
    opened = open_database("", home)
    ledger = SqlLedger(opened)
    submit(load_spec(json.loads(sys.argv[2])), ledger, LOCAL, home, time.time())
    Supervisor(SqlQueue(opened), ledger, home, workers=2).start()
    time.sleep(600)
"""


def test_a_killed_server_leaves_no_process_behind(desk: Desk) -> None:
    """SIGKILL on the server: the child and its workers end by themselves."""
    script = desk.home / "server.py"
    script.write_text(SERVER)
    command = [sys.executable, str(script), str(desk.home), json.dumps(TREE)]
    server = subprocess.Popen(command, start_new_session=True)
    until(lambda: bool(desk.ledger.rows(LOCAL)))
    run = desk.ledger.rows(LOCAL)[0].id
    until(lambda: "frame" in ended_stages(desk, run))
    server.send_signal(signal.SIGKILL)
    server.wait()
    until(lambda: not _group(server.pid), 20.0)


def _group(number: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


def _started(desk: Desk, run: str) -> list[int]:
    """The numbers of the events that say that a try began."""
    return [number for number, event in desk.ledger.events(run, LOCAL) if event.kind is EventKind.STARTED]
