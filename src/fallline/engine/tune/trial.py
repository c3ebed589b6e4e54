"""Trial: one set of hyperparameters and what became of it. Every value is a loss: lower is better."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from fallline.core.errors import SpecError
from fallline.engine.fronts import non_dominated
from fallline.engine.tune.value import Value

TrialState = Literal["running", "complete", "pruned", "failed"]
STATES: tuple[str, ...] = get_args(TrialState)


@dataclass(frozen=True)
class Trial:
    """A point of the space and its losses.

    Attributes:
        number: its place in the study, from 0.
        params: the active hyperparameters.
        state: ``running``, ``complete``, ``pruned`` (stopped for falling behind) or ``failed``.
        values: final losses, one per objective, all lower is better; a complete trial has at least one. What is to be
            maximised is turned round before it gets here.
        intermediate: the loss of each fold, in order, as far as it got.
        constraints: measured ones, each met where it is at most 0; empty where nothing is asked for.
        seconds: how long it took, where someone watched: an observation, never compared and not in `to_dict`.

    Raises:
        SpecError: a negative number, an unknown state, a loss that is not finite, or a complete trial without one.
    """

    number: int
    params: Mapping[str, Value]
    state: TrialState
    values: tuple[float, ...] = ()
    intermediate: tuple[float, ...] = ()
    constraints: tuple[float, ...] = ()
    seconds: float | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.number < 0 or self.state not in STATES:
            expected = f"a number from 0 and one of {', '.join(STATES)}"
            raise SpecError("trial", (self.number, self.state), expected)
        for name in ("values", "intermediate", "constraints"):
            losses = tuple(float(loss) for loss in getattr(self, name))
            object.__setattr__(self, name, losses)
            if not all(map(math.isfinite, losses)):
                hint = "A trial whose loss is not finite has failed."
                raise SpecError(f"trial.{self.number}.{name}", losses, "finite", hint)
        if self.state == "complete" and not self.values:
            raise SpecError(f"trial.{self.number}.values", self.values, "at least one loss, as a complete trial has")

    @property
    def feasible(self) -> bool:
        """Whether it meets every constraint that was measured."""
        return all(excess <= 0 for excess in self.constraints)

    @property
    def value(self) -> float:
        """The first loss.

        Raises:
            SpecError: it has none.
        """
        if not self.values:
            raise SpecError(f"trial.{self.number}.value", self.state, "the state of a trial with a loss")
        return self.values[0]

    def mean(self, folds: int) -> float:
        """Returns the mean loss of the first folds."""
        return sum(self.intermediate[:folds]) / folds

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: number, params, state, values, intermediate; constraints where some were measured."""
        constraints = {"constraints": list(self.constraints)} if self.constraints else {}
        return {
            "number": self.number,
            "params": dict(self.params),
            "state": self.state,
            "values": list(self.values),
            "intermediate": list(self.intermediate),
            **constraints,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Trial:
        """Reads what `to_dict` wrote.

        >>> trial = Trial(0, {"rate": 0.1}, "complete", (0.42,), (0.41, 0.43))
        >>> Trial.from_dict(trial.to_dict()) == trial
        True
        """
        values, folds = tuple(data["values"]), tuple(data["intermediate"])
        constraints = tuple(data.get("constraints", ()))
        return Trial(data["number"], data["params"], data["state"], values, folds, constraints)


def finished(trials: Sequence[Trial]) -> list[Trial]:
    """Returns the complete trials that meet their constraints, best first; among equals the earlier one."""
    counted = (trial for trial in trials if trial.state == "complete" and trial.feasible)
    return sorted(counted, key=lambda trial: (trial.value, trial.number))


def front(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Returns the complete trials that meet their constraints and that no other dominates, by number."""
    complete = sorted(finished(trials), key=lambda trial: trial.number)
    if not complete:
        return ()
    kept = non_dominated([trial.values for trial in complete], ["minimize"] * len(complete[0].values))
    return tuple(trial for trial, on_front in zip(complete, kept, strict=True) if on_front)
