"""A population as a value: K members under way, who can be advanced, stopped and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.core.event import Event, EventKind, Listener, ignore
from fallline.engine.train.population.fleet import Endings, Fleet, Trainer, judged, remember, with_room
from fallline.engine.train.population.member import Member
from fallline.engine.train.population.order import epoch_order
from fallline.engine.train.population.wishes import key_of

BETWEEN_EVENTS = 1e10
"""Multiplications between two events of progress: some tenths of a second."""


@dataclass(frozen=True, eq=False)
class Population:
    """K members under way. Nothing is changed in place: each method returns the population after it.

    Attributes:
        trainer: what takes the steps.
        members: what each of them asks for.
        fleet: weights, memories and steps taken.
        losses: of each member's batch at each step, before the step; NaN where a member took none. Shape (K, steps).
        endings: why a member takes no more steps; None for those who go on.
    """

    trainer: Trainer
    members: tuple[Member, ...]
    fleet: Fleet
    losses: NDArray[np.float64]
    endings: Endings

    @property
    def sentence(self) -> str:
        """How the members are trained, and why so."""
        return self.trainer.sentence

    @property
    def moving(self) -> NDArray[np.int64]:
        """Who goes on."""
        return np.array([k for k, ending in enumerate(self.endings) if ending is None], dtype=np.int64)

    @property
    def taken(self) -> NDArray[np.int64]:
        """How many steps each member has taken, shape (K,)."""
        return self.fleet.taken[:, 0].copy()

    def _judged(self, k: int) -> NDArray[Any]:
        return judged(self.fleet, k, self.members[k], self.trainer.moving)

    def weights(self, k: int) -> Any:
        """Returns a copy of a member's weights, as the net holds them."""
        return self.trainer.parts(self._judged(k))

    def outputs(self, k: int, x: NDArray[Any]) -> NDArray[Any]:
        """Returns a member's outputs on rows, shape (n, outputs)."""
        return self.trainer.outputs(self._judged(k), np.asarray(x, dtype=self.trainer.task.precision))

    def advance(self, steps: int | None = None, listener: Listener = ignore) -> Population:
        """Takes steps with all who go on.

        Args:
            steps: how many at most, ≥ 1; None takes all that are left. Nobody goes beyond the steps of the task.
            listener: hears of the progress.
        """
        if steps is not None and steps < 1:
            raise SpecError("steps", steps, "a whole number of at least 1")
        now, left = self, _left(self, steps)
        total = left
        while left > 0:
            chunk = max(1, int(BETWEEN_EVENTS / (self.trainer.work() * max(1, len(now.moving)))))
            now = _advanced(now, min(chunk, left))
            left = min(left - min(chunk, left), _left(now, None))
            message = f"{len(now.moving)} of {len(self.members)} members go on"
            listener(Event(EventKind.PROGRESS, "population", "steps", message, total - left, total))
        return now

    def stop(self, k: int, why: str = "its place was wanted") -> Population:
        """Takes a member out; its weights and losses stay.

        Args:
            k: which.
            why: the reason, as the end of a sentence.
        """
        self._check(k)
        at = int(self.fleet.taken[k, 0])
        ending = Ending(EndingKind.CANCELLED, f"Member {k} was stopped after step {at}: {why}.", at)
        return replace(self, endings=_with(self.endings, k, self.endings[k] or ending))

    def replace(self, k: int, member: Member, like: int | None = None) -> Population:
        """Puts another member in a place, whether who was there has ended or not.

        Args:
            k: the place.
            member: who comes.
            like: None lets it start at step 0 from its own weights. The place of another member lets it start from
                that one's weights and steps, as population-based training does (Jaderberg and others, 2017): with that
                one's memories too, where the optimizer is of the same kind.

        Returns:
            the population in which place k goes on.
        """
        self._check(k)
        fleet = with_room(self.fleet.copy(), member)
        if like is None:
            fleet.weights[k] = self.trainer.first(member)
            fleet.taken[k] = 0
            remember(fleet, k, member, self.trainer.moving)
        else:
            self._check(like)
            fleet.weights[k], fleet.taken[k] = fleet.weights[like], fleet.taken[like]
            fleet.memories[k] = fleet.memories[like]
            if type(member.optimizer) is not type(self.members[like].optimizer):
                remember(fleet, k, member, self.trainer.moving)
                fleet.taken[k, 1] = 0
        self.trainer.prepare([member], ignore)
        return replace(self, members=_with(self.members, k, member), fleet=fleet, endings=_with(self.endings, k, None))

    def _check(self, k: int) -> None:
        if not 0 <= k < len(self.members):
            raise SpecError("member", k, f"a place from 0 to {len(self.members) - 1}")


def _left(population: Population, steps: int | None) -> int:
    """The most steps that anybody may still take."""
    if not len(population.moving):
        return 0
    most = int(population.trainer.task.steps - population.taken[population.moving].min())
    return most if steps is None else min(most, steps)


def _advanced(population: Population, steps: int) -> Population:
    """Takes steps at once; those who have fewer left take those."""
    fleet, moving, members = population.fleet.copy(), population.moving, population.members
    losses = np.full((len(members), steps), np.nan)
    broken = np.full(len(members), -1, dtype=np.int64)
    left = np.minimum(population.trainer.task.steps - fleet.taken[:, 0], steps)
    for fewer in np.unique(left[moving]):
        group = moving[left[moving] == fewer]
        told = population.trainer.advance(fleet, members, group, int(fewer))
        losses[group, :fewer], broken[group] = told.losses[group], told.broken[group]
    after = replace(population, fleet=fleet, losses=np.concatenate([population.losses, losses], axis=1))
    return replace(after, endings=_endings(after, broken))


def _endings(population: Population, broken: NDArray[np.int64]) -> Endings:
    endings = list(population.endings)
    for k in population.moving:
        at = int(population.fleet.taken[k, 0])
        if broken[k] >= 0:
            endings[k] = _diverged(population, int(k), at)
        elif at >= population.trainer.task.steps:
            row = population.losses[k]
            sentence = f"Member {k} took all {at} steps; its last loss is {row[np.isfinite(row)][-1]:.4g}."
            endings[k] = Ending(EndingKind.FINISHED, sentence, at)
    return tuple(endings)


def _diverged(population: Population, k: int, at: int) -> Ending:
    member, task = population.members[k], population.trainer.task
    low = at % task.epoch * task.batch
    rows = epoch_order(key_of(member), at // task.epoch, task.rows)[low : low + task.batch]
    cause = population.trainer.cause(population.fleet.weights[k], rows)
    rate = member.rate * member.schedule.factor(max(at - 1, 0), task.steps)
    sentence = (
        f"Member {k} diverged at step {at + 1}: {cause}. {type(member.optimizer).title} at rate {rate:.3g} "
        "went too far; try a tenth of the rate, or clip the gradient."
    )
    return Ending(EndingKind.DIVERGED, sentence, at + 1)


def _with(values: tuple[Any, ...], k: int, value: Any) -> tuple[Any, ...]:
    return (*values[:k], value, *values[k + 1 :])


def start(trainer: Trainer, members: Sequence[Member], listener: Listener = ignore) -> Population:
    """Returns the population before its first step.

    Args:
        trainer: what takes the steps.
        members: at least one.
        listener: hears that kernels are compiled.

    Raises:
        SpecError: no member.
    """
    if not members:
        raise SpecError("members", members, "a list of at least one member")
    trainer.prepare(members, listener)
    weights = np.stack([trainer.first(member) for member in members])
    most = max(1, *(member.optimizer.memories for member in members))
    fleet = Fleet(
        weights,
        np.zeros((len(members), most, trainer.length), dtype=weights.dtype),
        np.zeros((len(members), 2), dtype=np.int64),
    )
    for k, member in enumerate(members):
        remember(fleet, k, member, trainer.moving)
    nothing = np.empty((len(members), 0))
    return Population(trainer, tuple(members), fleet, nothing, (None,) * len(members))
