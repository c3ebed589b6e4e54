"""Job: work that someone asked for and a worker does; a row committed with what asked for it.

States: queued → leased → done | failed | cancelled. A lease that runs out returns the job to the queue: the worker is
gone, not the work. `JobQueue` is implemented by `storage`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fallline.core.person import Person


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Attributes:
        id: opaque.
        owner: id of the person it is done for.
        kind: ``run`` (payload: run id) or ``grade`` (payload: attempt id).
        payload: what the kind needs.
        idempotency: the same one twice is the same job.
        state: ``queued``, ``leased``, ``done``, ``failed`` or ``cancelled``.
        tries: how often it was leased.
        lease_until: seconds since 1970; 0 when not leased.
        worker: who holds the lease.
        created: seconds since 1970.
        cancel: someone asked it to stop.
        sentence: why it failed, for a person.
    """

    id: str
    owner: str
    kind: str
    payload: str
    idempotency: str
    state: str = "queued"
    tries: int = 0
    lease_until: float = 0.0
    worker: str = ""
    created: float = 0.0
    cancel: bool = False
    sentence: str = ""


class JobQueue(Protocol):
    """Hands out jobs, one at a time per person in turn, so that nobody's hundred jobs hold up another's one."""

    def enqueue(self, job: Job) -> Job:
        """Stores a job; the same idempotency key returns the job that is already there."""
        ...

    def lease(self, worker: str, now: float, seconds: float) -> Job | None:
        """Takes the next job: of the person with the fewest leased jobs, the oldest; expired leases count as queued.

        A job leased `TRIES` times without an end is failed instead, with a sentence.
        """
        ...

    def renew(self, job: str, worker: str, until: float) -> bool:
        """Extends a lease; False when it was lost or the job should stop."""
        ...

    def finish(self, job: str, worker: str, *, state: str, sentence: str = "") -> bool:
        """Ends a job; False, and nothing written, when the lease was lost."""
        ...

    def cancel(self, job: str, person: Person) -> bool:
        """Asks a job to stop; a queued one ends at once."""
        ...

    def job(self, job: str, person: Person) -> Job | None:
        """Returns a job that is visible to the person."""
        ...


TRIES = 3
"""A job whose worker dies three times is the cause, not the victim."""
