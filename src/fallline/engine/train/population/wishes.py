"""What the members ask for in their next steps, as the arrays that compiled code reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.loop.pace import driven
from fallline.engine.train.population.course import Course, course_of
from fallline.engine.train.population.disturbance import Labels, Noise
from fallline.engine.train.population.fleet import Fleet
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.orders import Orders, key_of
from fallline.engine.train.population.steps import step_kernel
from fallline.engine.train.population.task import Task

Array = NDArray[Any]


class Wishes(NamedTuple):
    """How the members move, one row a member.

    Attributes:
        steppers: addresses of the optimizers, shape (K,).
        hyperparameters: of each step, shape (K, steps, most); (K, 1, most) where they are the same at all.
        rates: of the steps to come, shape (K, steps); 0 for those who take none.
        limits: what slopes and gradients are clipped to, and the weights of the penalties l1 and l2; shape (K, 4).
    """

    steppers: NDArray[np.int64]
    hyperparameters: NDArray[np.float64]
    rates: NDArray[np.float64]
    limits: NDArray[np.float64]


class Batches(NamedTuple):
    """Which rows the members take, one row a member.

    Attributes:
        keys: of the data orders that compiled code finds by itself, shape (K,).
        places: epoch, first row in its order and number of rows of each step, shape (K, steps, 3).
        orders: those that are written down, shape (some, n).
        firsts: where the order of a member's first epoch stands among them, −1 where it is not there; shape (K,).
        labels: which targets are the member's, shape (K,).
    """

    keys: NDArray[np.uint64]
    places: NDArray[np.int64]
    orders: NDArray[np.int64]
    firsts: NDArray[np.int64]
    labels: NDArray[np.int64]


class Noises(NamedTuple):
    """What is added to slopes.

    Attributes:
        drawn: standard normal, shape (some, steps, moving).
        which: of them is a member's, −1 for none; shape (K,).
        deviations: shape (K,).
    """

    drawn: Array
    which: NDArray[np.int64]
    deviations: NDArray[np.float64]


class Asked(NamedTuple):
    """All that is asked for.

    Attributes:
        moves: how members move.
        batches: which rows they take.
        noise: what is added to slopes.
        targets: of all rows, shape (some, n, …).
    """

    moves: Wishes
    batches: Batches
    noise: Noises
    targets: Array

    @property
    def plain(self) -> tuple[Any, ...]:
        """As tuples, which compiled code takes in faster than named ones."""
        return tuple(self.moves), tuple(self.batches), tuple(self.noise), self.targets


class Desk:
    """Where a trainer's members are asked; what is drawn once for all who share it is kept here.

    Args:
        task: what the members share.
        noise: of gradients.
        labels: of the rows.
        outside: whether orders are written down that compiled code finds by itself.
    """

    def __init__(self, task: Task, noise: Noise, labels: Labels, *, outside: bool = False) -> None:
        self._task, self._noise, self._labels, self._outside = task, noise, labels, outside
        self._orders = Orders(task.rows, task.streams)

    def ask(
        self, members: Sequence[Member], fleet: Fleet, moving: NDArray[np.int64], steps: int, factors: Array
    ) -> Asked:
        """Returns what the members ask for.

        Args:
            members: all.
            fleet: where they are.
            moving: who moves.
            steps: how many.
            factors: of the rates, from those schedules that go by the looks; shape (K,).
        """
        began = fleet.taken[:, 0]
        courses = {k: course_of(members[k], self._task) for k in moving.tolist()}
        rates = np.zeros((len(members), steps))
        places = np.zeros((len(members), steps, 3), dtype=np.int64)
        for k, course in courses.items():
            ahead = slice(began[k], began[k] + steps)
            rates[k] = members[k].rate * course.rates[ahead] * factors[k]
            places[k] = course.places[ahead]
        spans = {k: (int(places[k, 0, 0]), int(places[k, -1, 0])) for k in courses}
        orders, firsts = self._orders.tables(members, spans, outside=self._outside)
        targets, labels = self._labels.of(members)
        return Asked(
            Wishes(
                np.array([step_kernel(type(each.optimizer), self._task.precision).address for each in members]),
                _hyperparameters(members, courses, began, steps),
                rates,
                np.array([(each.clip_value, each.clip_norm, each.l1, each.l2) for each in members]),
            ),
            Batches(np.array([key_of(each) for each in members]), places, orders, firsts, labels),
            Noises(*self._noise.tables(members, began, moving, steps)),
            targets,
        )


def _hyperparameters(
    members: Sequence[Member], courses: dict[int, Course], began: NDArray[np.int64], steps: int
) -> NDArray[np.float64]:
    """Each member's hyperparameters, step by step where a plan drives some of them."""
    planned = any(course.others for course in courses.values())
    most = max(1, *(len(member.optimizer.hyperparameters) for member in members))
    found = np.zeros((len(members), steps if planned else 1, most))
    for k, member in enumerate(members):
        found[k, :, : len(member.optimizer.hyperparameters)] = member.optimizer.hyperparameters
    for k, course in courses.items():
        names = [parameter.name for parameter in members[k].optimizer.parameters]
        for what, factors in course.others.items():
            place = names.index(str(driven(members[k].optimizer, what)))
            found[k, :, place] *= factors[began[k] : began[k] + steps]
    return found
