"""What a member's schedule says of each step ahead: factors of the rate, momentum and decay, and the rows it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.loop.pace import Pace, Scheduled
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.task import Task


@dataclass(frozen=True, eq=False)
class Course:
    """Every step of a run, known before the first: a pure function of its number.

    Attributes:
        rates: factors of the rate, shape (steps,); 1 where a schedule goes by the looks.
        others: ``momentum`` and ``decay`` → factors, shape (steps,); what is not scheduled is not there.
        places: of each step the epoch, the first row of its batch in the epoch's order, and how many rows it takes;
            shape (steps, 3).
    """

    rates: NDArray[np.float64]
    others: dict[str, NDArray[np.float64]]
    places: NDArray[np.int64]


def course_of(member: Member, task: Task) -> Course:
    """Returns a member's course over all steps of a population."""
    return _course(member.schedule, task.steps, min(member.batch or task.batch, task.rows), task.rows)


def largest_batch(members: Sequence[Member], task: Task) -> int:
    """Returns the most rows that a step of any of them takes."""
    return max(int(course_of(member, task).places[:, 2].max()) for member in members)


@lru_cache(maxsize=64)
def _course(schedule: Scheduled, steps: int, batch: int, rows: int) -> Course:
    """Many members share it, and every stretch asks for it."""
    pace = Pace.of(schedule, steps, batch)
    places = _even(steps, batch, rows) if pace.rows is None else _uneven(pace.rows.tolist(), rows)
    return Course(pace.rate, pace.others, places)


@lru_cache(maxsize=16)
def _even(steps: int, batch: int, rows: int) -> NDArray[np.int64]:
    """Batches of one size; the last one of an epoch holds what is left."""
    epochs, places = np.divmod(np.arange(steps), -(-rows // batch))
    lows = places * batch
    return np.stack([epochs, lows, np.minimum(batch, rows - lows)], axis=1)


def _uneven(sizes: Sequence[int], rows: int) -> NDArray[np.int64]:
    """Batches whose sizes differ: each takes so many rows, or what the epoch has left.

    >>> _uneven([2, 2, 4, 3], rows=5).tolist()
    [[0, 0, 2], [0, 2, 2], [0, 4, 1], [1, 0, 3]]
    """
    found, epoch, low = [], 0, 0
    for size in sizes:
        if low >= rows:
            epoch, low = epoch + 1, 0
        taken = min(size, rows - low)
        found.append((epoch, low, taken))
        low += taken
    return np.array(found, dtype=np.int64).reshape(-1, 3)
