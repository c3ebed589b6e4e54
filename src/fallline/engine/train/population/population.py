"""A population as a value: K members under way, who can be advanced, stopped and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import SpecError
from fallline.core.event import Listener, ignore
from fallline.engine.schedules import FeedbackSchedule, FeedbackState
from fallline.engine.train.population.fleet import Endings, Fleet, Trainer, judged, remember, with_room
from fallline.engine.train.population.going import Going, judged_rows
from fallline.engine.train.population.member import Member


@dataclass(frozen=True, eq=False)
class Population:
    """K members under way. Nothing is changed in place: each method returns the population after it.

    Attributes:
        trainer: what takes the steps.
        members: what each of them asks for.
        fleet: weights, memories and steps taken.
        losses: of each member's batch at each step, before the step; NaN where a member took none. Shape (K, steps).
        validation: loss of the validation rows at each of `looks`; NaN where a member did not get. Shape (K, looks).
        feedback: what schedules that go by the looks remember; None for members without one.
        endings: why a member takes no more steps; None for those who go on.
    """

    trainer: Trainer
    members: tuple[Member, ...]
    fleet: Fleet
    losses: NDArray[np.float64]
    validation: NDArray[np.float64]
    feedback: tuple[FeedbackState | None, ...]
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

    @property
    def looks(self) -> NDArray[np.int64]:
        """After how many steps the validation rows are looked at, the start among them; empty where nobody looks."""
        return self.trainer.task.looks

    def _judged(self, k: int) -> NDArray[Any]:
        return judged(self.fleet, k, self.members[k], self.trainer.moving)

    def weights(self, k: int) -> Any:
        """Returns a copy of a member's weights, as the net holds them."""
        return self.trainer.parts(self._judged(k))

    def outputs(self, k: int, x: NDArray[Any]) -> NDArray[Any]:
        """Returns a member's outputs on rows, shape (n, outputs)."""
        return self.trainer.outputs(self._judged(k), np.asarray(x, dtype=self.trainer.task.x.dtype))

    def advance(self, steps: int | None = None, listener: Listener = ignore) -> Population:
        """Takes steps with all who go on.

        Args:
            steps: how many at most, ≥ 1; None takes all that are left. Nobody goes beyond the steps of the task.
            listener: hears of the progress.
        """
        if steps is not None and steps < 1:
            raise SpecError("steps", steps, "a whole number of at least 1")
        going = Going(
            trainer=self.trainer,
            members=self.members,
            fleet=self.fleet.copy(),
            losses=self.losses,
            validation=self.validation.copy(),
            feedback=[*self.feedback],
            endings=[*self.endings],
        )
        going.go(steps, listener)
        return replace(
            self,
            fleet=going.fleet,
            losses=going.losses,
            validation=going.validation,
            feedback=tuple(going.feedback),
            endings=tuple(going.endings),
        )

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
        fleet, validation = with_room(self.fleet.copy(), member), self.validation.copy()
        if like is None:
            fleet.weights[k] = self.trainer.first(member)
            fleet.taken[k], fleet.streams[k] = 0, self.trainer.stream(member)
            remember(fleet, k, member, self.trainer.moving)
            validation[k] = np.nan
            validation[k, :1] = self.trainer.looks(judged_rows(fleet, {k: member}, self.trainer.moving))
        else:
            self._check(like)
            fleet.weights[k], fleet.taken[k] = fleet.weights[like], fleet.taken[like]
            fleet.memories[k], validation[k] = fleet.memories[like], validation[like]
            fleet.streams[k] = fleet.streams[like]
            if type(member.optimizer) is not type(self.members[like].optimizer):
                remember(fleet, k, member, self.trainer.moving)
                fleet.taken[k, 1] = 0
        self.trainer.prepare([member], ignore)
        return replace(
            self,
            members=_with(self.members, k, member),
            fleet=fleet,
            validation=validation,
            feedback=_with(self.feedback, k, feedback_of(member)),
            endings=_with(self.endings, k, None),
        )

    def _check(self, k: int) -> None:
        if not 0 <= k < len(self.members):
            raise SpecError("member", k, f"a place from 0 to {len(self.members) - 1}")


def feedback_of(member: Member) -> FeedbackState | None:
    """Returns what a member's schedule remembers before the first look; None where it does not go by the looks."""
    return member.schedule.init() if isinstance(member.schedule, FeedbackSchedule) else None


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
        [trainer.stream(member) for member in members],
    )
    for k, member in enumerate(members):
        remember(fleet, k, member, trainer.moving)
    validation = np.full((len(members), len(trainer.task.looks)), np.nan)
    if validation.shape[1]:
        validation[:, 0] = trainer.looks(judged_rows(fleet, dict(enumerate(members)), trainer.moving))
    return Population(
        trainer=trainer,
        members=tuple(members),
        fleet=fleet,
        losses=np.empty((len(members), 0)),
        validation=validation,
        feedback=tuple(feedback_of(member) for member in members),
        endings=(None,) * len(members),
    )
