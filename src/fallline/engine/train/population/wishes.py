"""What the members ask for, as the arrays that compiled code reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fallline.engine.schedules import Schedule
from fallline.engine.train.population.fleet import Fleet
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.order import order_key
from fallline.engine.train.population.steps import step_kernel
from fallline.engine.train.population.task import Task


class Wishes(NamedTuple):
    """One row a member.

    Attributes:
        keys: of the data orders, shape (K,).
        steppers: addresses of the optimizers, shape (K,).
        hyperparameters: shape (K, most).
        rates: of the steps to come, shape (K, steps); 0 for those who take none.
        limits: what slopes and gradients are clipped to, shape (K, 2).
    """

    keys: NDArray[np.uint64]
    steppers: NDArray[np.int64]
    hyperparameters: NDArray[np.float64]
    rates: NDArray[np.float64]
    limits: NDArray[np.float64]


@lru_cache(maxsize=64)
def _factors(schedule: Schedule, steps: int) -> NDArray[np.float64]:
    """A schedule's factors, which many members share and every stretch asks for."""
    return schedule.factors(steps)


def key_of(member: Member) -> np.uint64:
    """Returns the key of a member's data order."""
    return order_key(member.seed if member.order is None else member.order)


def wishes_of(members: Sequence[Member], fleet: Fleet, moving: NDArray[Any], task: Task, steps: int) -> Wishes:
    """Returns what the members ask for in their next steps."""
    most = max(1, *(len(member.optimizer.hyperparameters) for member in members))
    hyperparameters, rates = np.zeros((len(members), most)), np.zeros((len(members), steps))
    for k, member in enumerate(members):
        hyperparameters[k, : len(member.optimizer.hyperparameters)] = member.optimizer.hyperparameters
    for k in moving:
        began = fleet.taken[k, 0]
        rates[k] = members[k].rate * _factors(members[k].schedule, task.steps)[began : began + steps]
    return Wishes(
        np.array([key_of(member) for member in members], dtype=np.uint64),
        np.array([step_kernel(type(member.optimizer), task.precision).address for member in members]),
        hyperparameters,
        rates,
        np.array([(member.clip_value, member.clip_norm) for member in members]),
    )
