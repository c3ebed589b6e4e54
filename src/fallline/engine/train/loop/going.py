"""Going on: step after step and a look now and then, until steps, patience or finiteness run out; in any backend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from fallline.core.ending import Ending
from fallline.engine.train.loop.autopsy import Finding
from fallline.engine.train.loop.notes import Notes
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.snapshot import Snapshot
from fallline.engine.train.loop.trace import Trace, Weights

Report = Callable[[int, int, float], None]
"""``(step, of how many, loss)``."""


@dataclass(frozen=True)
class Hooks:
    """What a training is given besides what decides its numbers.

    Attributes:
        checkpoint: takes a snapshot after each look.
        resume: where to go on from.
        report: hears of every step.
        clock: seconds; without it the trace has none.
        device: ``auto``, ``cpu``, ``cuda``.
        threads: of the processor.
    """

    checkpoint: Callable[[Snapshot], None] | None = None
    resume: Snapshot | None = None
    report: Report | None = None
    clock: Callable[[], float] | None = None
    device: str = "auto"
    threads: int = 1


NO_HOOKS = Hooks()


class Underway(Protocol):
    """A training under way, whoever computes it.

    Attributes:
        recipe: how it is trained.
        notes: what has been seen.
        total: steps that are planned.
        look_every: steps between two looks.
        broken: what was found where a number stopped being finite.
    """

    recipe: Recipe
    notes: Notes
    total: int
    look_every: int
    broken: Finding | None

    def step(self) -> float:
        """Takes one step and notes it; returns its loss."""
        ...

    def look(self, seconds: float | None) -> None:
        """Looks at the validation rows, and notes what it sees."""
        ...

    def snapshot(self) -> Snapshot:
        """Returns all that decides what comes next."""
        ...


def go(training: Underway, hooks: Hooks) -> None:
    """Takes the steps that are left."""
    notes, patience = training.notes, training.recipe.patience
    spent = notes.seconds[-1] if notes.seconds else 0.0
    while len(notes.losses) < training.total:
        if patience is not None and notes.looks and notes.waited >= patience:
            return
        before = hooks.clock() if hooks.clock else 0.0
        loss = training.step()
        spent += hooks.clock() - before if hooks.clock else 0.0
        if training.broken:
            return
        done = len(notes.losses)
        if hooks.report:
            hooks.report(done, training.total, loss)
        if done % training.look_every == 0 or done == training.total:
            training.look(spent if hooks.clock else None)
            if training.broken:
                return
            if hooks.checkpoint:
                hooks.checkpoint(training.snapshot())


def trace_of(notes: Notes, per_epoch: int, best: Weights, last: Weights, ending: Ending, state: Any) -> Trace:
    """Puts together what a training left behind."""
    return Trace(
        losses=np.array(notes.losses),
        grad_norms=np.array(notes.norms),
        rates=np.array(notes.rates),
        looks=np.array(notes.looks, dtype=np.int64),
        epochs=np.array(notes.looks) / per_epoch,
        train=np.array(notes.train),
        validation=np.array(notes.validation),
        scores=np.array(notes.scores),
        best=notes.best,
        best_weights=best,
        last_weights=last,
        seconds=np.array(notes.seconds),
        ending=ending,
        state=state,
    )
