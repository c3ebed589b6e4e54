"""Supervisor: a thread of the server that leases jobs, does each in a child process, and outlives every one of them."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from fallline.core.errors import FallLineError
from fallline.core.event import Event
from fallline.runs.jobs import Job, JobQueue
from fallline.runs.ledger import Ledger
from fallline.runs.record import Record
from fallline.runs.worker import Failure, RunTask, perform

log = logging.getLogger("fallline")

LEASE_SECONDS = 30.0
POLL_SECONDS = 0.25
GRACE_SECONDS = 1.5
"""A cancelled child that has not stopped by itself by then is ended: a person waits for at most two seconds."""


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
        message = self._listen(job, ours, task.listener(), watch, stop.set)
        if message is None:
            child.kill()
        child.join(timeout=10)
        self._conclude(job, task, message, watch)

    def _listen(
        self, job: Job, pipe: Connection, listener: Callable[[Event], None], watch: _Watch, stop: Callable[[], None]
    ) -> Record | Failure | None:
        """Takes events until the child ends, dies, is stopped, or breaks a limit; None means that it gave no end."""
        renewed = time.monotonic()
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
            if now - renewed > 1.0:
                renewed = now
                if not self._queue.renew(job.id, self._name, time.time() + LEASE_SECONDS):
                    watch.cancel(now)
            watch.look(now)
            if watch.asked and not watch.told:
                watch.told = True
                stop()
            if self._stopping.is_set() or watch.broken or (watch.asked and now - watch.asked > GRACE_SECONDS):
                return None

    def _conclude(self, job: Job, task: RunTask, message: Record | Failure | None, watch: _Watch) -> None:
        now = time.time()
        if message is not None:
            state, sentence = task.end(message, now)
            self._queue.finish(job.id, self._name, state=state, sentence=sentence)
        elif watch.asked:
            task.lost(now, "Cancelled.", cancelled=True)
            self._queue.finish(job.id, self._name, state="cancelled", sentence="Cancelled.")
        elif watch.broken:
            task.end(Failure(watch.broken), now)
            self._queue.finish(job.id, self._name, state="failed", sentence=watch.broken)
        else:
            task.lost(now, "Its process is gone; it goes on from the last checkpoint.", cancelled=False)
            self._queue.renew(job.id, self._name, 0.0)  # an ended lease: the next worker takes it at once


@dataclass
class _Watch:
    """What the parent keeps an eye on while a child works."""

    limits: Limits
    began: float
    pid: int
    asked: float = 0.0
    told: bool = False
    broken: str = ""

    def cancel(self, now: float) -> None:
        """Notes that someone asked the job to stop."""
        self.asked = self.asked or now

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
            fields = Path(f"/proc/{current}/statm").read_text().split()
            children = Path(f"/proc/{current}/task/{current}/children").read_text().split()
        except OSError:
            continue
        total += int(fields[1]) * 4096 / 1e6
        todo += [int(child) for child in children]
    return total
