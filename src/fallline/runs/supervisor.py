"""Supervisor: a thread of the server that leases jobs, does each in a child process, and outlives every one of them."""

from __future__ import annotations

import logging
import multiprocessing
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from fallline.core.errors import FallLineError
from fallline.core.event import Event
from fallline.core.person import Person
from fallline.runs.jobs import TRIES, Job, JobQueue
from fallline.runs.ledger import Ledger
from fallline.runs.record import Record
from fallline.runs.worker import Failure, RunTask, perform

log = logging.getLogger("fallline")

LEASE_SECONDS = 30.0
POLL_SECONDS = 0.25
RENEW_SECONDS = 5.0
GRACE_SECONDS = 1.0
"""A cancelled child that has not stopped by itself by then is ended: a person waits for at most two seconds."""


DIED = f"Its process died {TRIES} times. The job itself may be the cause: look at memory and at its Spec."


@dataclass(frozen=True)
class Limits:
    """What one job may take.

    Attributes:
        seconds: wall clock.
        megabytes: resident memory of the child and its workers.
    """

    seconds: float = 3_600.0
    megabytes: float = 6_000.0


class Supervisor:
    """Does queued jobs, one at a time, until it is stopped."""

    def __init__(
        self, queue: JobQueue, ledger: Ledger, home: Path, *, workers: int = 2, limits: Limits | None = None
    ) -> None:
        self._queue, self._ledger, self._home, self._workers = queue, ledger, home, workers
        self._limits = limits or Limits()
        self._name = f"worker-{uuid4().hex[:8]}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="fallline-supervisor", daemon=True)

    def start(self) -> None:
        """Begins to take jobs."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the job in hand (it goes back to the queue) and the thread."""
        self._stopping.set()
        self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                if not self.once():
                    self._stopping.wait(POLL_SECONDS)
            except Exception:
                log.exception("The supervisor goes on after an error.")
                self._stopping.wait(1.0)

    def once(self) -> bool:
        """Does one job if one waits; returns whether there was one."""
        job = self._queue.lease(self._name, time.time(), LEASE_SECONDS)
        if job is None:
            return False
        try:
            task = RunTask.of(job, self._ledger, self._home, self._workers)
        except FallLineError as error:
            self._queue.finish(job.id, self._name, state="failed", sentence=str(error))
            return True
        if task is None:  # an earlier worker kept the Record and died before it could say so
            self._queue.finish(job.id, self._name, state="done")
        else:
            self._supervise(job, task)
        return True

    def _supervise(self, job: Job, task: RunTask) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        stop = context.Event()
        child = context.Process(target=perform, args=(theirs, stop, *task.arguments()), daemon=False)
        child.start()
        theirs.close()
        watch = _Watch(self._limits, time.monotonic(), child.pid or 0)
        message = None
        try:
            message = self._listen(job, ours, task.listener(), watch, stop.set)
        finally:
            if message is None:
                child.kill()
            child.join(timeout=10)
            ours.close()
        self._conclude(job, task, message, watch)

    def _listen(
        self, job: Job, pipe: Connection, listener: Callable[[Event], None], watch: _Watch, stop: Callable[[], None]
    ) -> Record | Failure | None:
        """Takes events until the child ends, dies, is stopped, or breaks a limit; None means that it gave no end."""
        looked = 0.0
        while True:
            try:
                if pipe.poll(POLL_SECONDS):
                    message = pipe.recv()
                    if not isinstance(message, Event):
                        return message  # type: ignore[no-any-return]
                    listener(message)
            except (EOFError, OSError):
                return None
            now = time.monotonic()
            if now - looked < POLL_SECONDS:
                continue
            looked = now
            self._look(job, watch, now)
            if watch.asked:
                stop()
            if self._stopping.is_set() or watch.ends(now):
                return None

    def _look(self, job: Job, watch: _Watch, now: float) -> None:
        """Asks whether the job is still wanted and still ours, extends the lease, and checks the limits."""
        stored = self._queue.job(job.id, Person(job.owner, ""))
        if stored is None or stored.worker != self._name:
            watch.lost = True
        elif stored.cancel:
            watch.asked = watch.asked or now
        elif now - watch.renewed > RENEW_SECONDS:
            watch.renewed = now
            self._queue.renew(job.id, self._name, time.time() + LEASE_SECONDS)
        watch.look(now)

    def _conclude(self, job: Job, task: RunTask, message: Record | Failure | None, watch: _Watch) -> None:
        now = time.time()
        if watch.lost:
            return  # the machine slept, and another worker has the job: what is said here counts for nothing
        if message is not None:
            state, sentence = task.end(message, now)
            self._queue.finish(job.id, self._name, state=state, sentence=sentence)
        elif watch.asked:
            task.lost(now, "Cancelled.", cancelled=True)
            self._queue.finish(job.id, self._name, state="cancelled", sentence="Cancelled.")
        elif watch.broken or (job.tries >= TRIES and not self._stopping.is_set()):
            sentence = watch.broken or DIED
            task.end(Failure(sentence), now)
            self._queue.finish(job.id, self._name, state="failed", sentence=sentence)
        elif self._stopping.is_set():
            task.lost(now, "Fall Line was closed; it goes on from the last checkpoint.", cancelled=False)
            self._queue.finish(job.id, self._name, state="queued")
            self._ledger.requeue(task.row.id, job.created)  # closing is nobody's fault: the tries begin anew
        else:
            task.lost(now, "Its process is gone; it goes on from the last checkpoint.", cancelled=False)
            self._queue.renew(job.id, self._name, 0.0)  # an ended lease: the next worker takes it at once


@dataclass
class _Watch:
    """What the parent keeps an eye on while a child works."""

    limits: Limits
    began: float
    pid: int
    renewed: float = 0.0
    asked: float = 0.0
    lost: bool = False
    broken: str = ""

    def ends(self, now: float) -> bool:
        """Whether the child has to go now."""
        return self.lost or bool(self.broken) or (self.asked > 0 and now - self.asked > GRACE_SECONDS)

    def look(self, now: float) -> None:
        """Checks the limits."""
        if now - self.began > self.limits.seconds:
            self.broken = f"Stopped: it took longer than {self.limits.seconds:.0f} s. Ask for fewer trials or rows."
        used = resident_megabytes(self.pid)
        if used > self.limits.megabytes:
            self.broken = f"Stopped: it used {used:.0f} MB of memory; the limit is {self.limits.megabytes:.0f} MB."


def resident_megabytes(pid: int) -> float:
    """Returns the resident memory of a process and its children, in MB; 0 where there is no /proc."""
    total = 0.0
    todo = [pid]
    while todo:
        current = todo.pop()
        try:
            pages = int(Path(f"/proc/{current}/statm").read_text().split()[1])
            threads = list(Path(f"/proc/{current}/task").iterdir())
            children = [child for thread in threads for child in (thread / "children").read_text().split()]
        except OSError:
            continue
        total += pages * resource.getpagesize() / 1e6
        todo += [int(child) for child in children]
    return total
