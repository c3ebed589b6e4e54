"""Members going on: stretch after stretch, a look at the validation rows between them, until each has its ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.core.event import Event, EventKind, Listener
from fallline.engine.schedules import FeedbackSchedule, FeedbackState
from fallline.engine.train.population.course import course_of
from fallline.engine.train.population.fleet import Fleet, Trainer, judged
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.orders import Orders

BETWEEN_EVENTS = 1e10
"""Multiplications between two events of progress: some tenths of a second."""
AT_ONCE = 1 << 26
"""Bytes of orders, rates and noise that are laid out ahead."""


@dataclass
class Going:
    """Members under way, changed in place; the parts are those of a population.

    Attributes:
        trainer: what takes the steps.
        members: what each of them asks for.
        fleet: its own.
        losses: of each step.
        validation: its own, at each look.
        feedback: of schedules that go by the looks.
        endings: of those who take no more steps.
    """

    trainer: Trainer
    members: Sequence[Member]
    fleet: Fleet
    losses: NDArray[np.float64]
    validation: NDArray[np.float64]
    feedback: list[FeedbackState | None]
    endings: list[Ending | None]

    def go(self, steps: int | None, listener: Listener) -> None:
        """Takes so many steps at most, or all."""
        left = total = self._left(steps)
        before = self.losses.shape[1]
        room = np.full((len(self.members), before + total), np.nan)
        room[:, :before] = self.losses
        self.losses = room
        while left > 0:
            moving = self._moving()
            taking = min(left, self._stretch(moving))
            self._advance(moving, before, taking)
            before += taking
            left = min(left - taking, self._left(None))
            message = f"{len(self._moving())} of {len(self.members)} members go on"
            listener(Event(EventKind.PROGRESS, "population", "steps", message, total - left, total))
        self.losses = self.losses[:, :before]

    def _moving(self) -> NDArray[np.int64]:
        return np.array([k for k, ending in enumerate(self.endings) if ending is None], dtype=np.int64)

    def _left(self, steps: int | None) -> int:
        """The most steps that anybody may still take."""
        moving = self._moving()
        if not len(moving):
            return 0
        most = int(self.trainer.task.steps - self.fleet.taken[moving, 0].min())
        return most if steps is None else min(most, steps)

    def _stretch(self, moving: NDArray[np.int64]) -> int:
        """How many steps are taken at once: up to the next look of anybody, and as many as fit."""
        task, trainer = self.trainer.task, self.trainer
        drawn = task.batch * 8 if task.streams == "train" else 0
        noise = trainer.moving * task.x.itemsize if any(self.members[k].noise for k in moving) else 0
        most = min(BETWEEN_EVENTS / trainer.work(), AT_ONCE / (64 + drawn + noise)) / len(moving)
        taken = self.fleet.taken[moving, 0]
        looks = task.look - taken % task.look if task.look else task.steps - taken
        ahead = np.minimum(looks, task.steps - taken)
        return max(1, min(int(most), int(ahead[ahead > 0].min()) if task.look else int(ahead.max())))

    def _advance(self, moving: NDArray[np.int64], before: int, steps: int) -> None:
        """Takes steps at once; those who have fewer left take those."""
        broken = np.full(len(self.members), -1, dtype=np.int64)
        left = np.minimum(self.trainer.task.steps - self.fleet.taken[:, 0], steps)
        factors = np.array([1.0 if state is None else state.factor for state in self.feedback])
        for fewer in np.unique(left[moving]):
            group = moving[left[moving] == fewer]
            told = self.trainer.advance(self.fleet, self.members, group, int(fewer), factors)
            self.losses[group, before : before + fewer], broken[group] = told.losses[group], told.broken[group]
        for k in moving[broken[moving] >= 0].tolist():
            self.endings[k] = self._diverged(k)
        self._look(moving[broken[moving] < 0], before + steps)
        for k in self._moving().tolist():
            if self.fleet.taken[k, 0] >= self.trainer.task.steps:
                self.endings[k] = self._finished(k)

    def _look(self, moving: NDArray[np.int64], until: int) -> None:
        """Looks at the validation rows with those whose turn it is, and tells the schedules that go by that."""
        task, taken = self.trainer.task, self.fleet.taken[:, 0]
        if not task.look or not len(moving):
            return
        due = moving[(taken[moving] % task.look == 0) | (taken[moving] == task.steps)].tolist()
        if not due:
            return
        losses = self.trainer.looks(judged_rows(self.fleet, {k: self.members[k] for k in due}, self.trainer.moving))
        for k, loss in zip(due, losses.tolist(), strict=True):
            place = -(-int(taken[k]) // task.look)
            self.validation[k, place] = loss
            if task.validation is not None and not isfinite(loss):
                self.endings[k] = self._left_at_look(k)
                continue
            schedule, state = self.members[k].schedule, self.feedback[k]
            if isinstance(schedule, FeedbackSchedule) and state is not None:
                metric = loss if task.validation is not None else self._taught(k, until)
                self.feedback[k] = schedule.update(state, metric)

    def _taught(self, k: int, until: int) -> float:
        """The mean loss of a member's steps since its look before."""
        row = self.losses[k, :until]
        since = int(self.fleet.taken[k, 0] - 1) % self.trainer.task.look + 1
        return float(np.mean(row[np.isfinite(row)][-since:]))

    def _finished(self, k: int) -> Ending:
        at, row = int(self.fleet.taken[k, 0]), self.losses[k]
        sentence = f"Member {k} took all {at} steps; its last loss is {row[np.isfinite(row)][-1]:.4g}."
        return Ending(EndingKind.FINISHED, sentence, at)

    def _diverged(self, k: int) -> Ending:
        member, task, at = self.members[k], self.trainer.task, int(self.fleet.taken[k, 0])
        course = course_of(member, task)
        epoch, low, size = course.places[at].tolist()
        rows = Orders(task.rows, task.streams).of(member, epoch)[low : low + size]
        cause = self.trainer.cause(self.fleet.weights[k], task.x[rows])
        return self._too_far(k, f"Member {k} diverged at step {at + 1}: {cause}", at + 1)

    def _left_at_look(self, k: int) -> Ending:
        held, at = self.trainer.task.validation, int(self.fleet.taken[k, 0])
        assert held is not None  # noqa: S101 - who looks has rows to look at
        cause = self.trainer.cause(judged(self.fleet, k, self.members[k], self.trainer.moving), held[0])
        return self._too_far(k, f"Member {k} diverged: after step {at}, on the validation rows, {cause}", at)

    def _too_far(self, k: int, happened: str, step: int) -> Ending:
        member, task = self.members[k], self.trainer.task
        state = self.feedback[k]
        factor = float(course_of(member, task).rates[max(step - 2, 0)]) * (1.0 if state is None else state.factor)
        sentence = (
            f"{happened}. {type(member.optimizer).title} at rate {member.rate * factor:.3g} went too far; "
            "try a tenth of the rate, or clip the gradient."
        )
        return Ending(EndingKind.DIVERGED, sentence, step)


def judged_rows(fleet: Fleet, members: Mapping[int, Member], moving: int) -> NDArray[Any]:
    """Returns the rows by which some members are judged, by their places; shape (some, length)."""
    return np.stack([judged(fleet, k, member, moving) for k, member in members.items()])
