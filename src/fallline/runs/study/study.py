"""Study: a search over one's own objective, one trial after another or many at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fallline.core.choice import lookup
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.fronts.directions import SIGNS
from fallline.engine.tune import PRUNERS, SAMPLERS, Pruner, Sampler, Space, Trial, Value, finished, front
from fallline.runs.study.asked import AskedTrial

Number = float | int


class Study:
    """A search: `ask` for a trial, evaluate it anywhere, `tell` what came out.

    Trials may be asked for while others run: those are taken for evaluated, with the loss expected there. The n-th
    suggestion is a function of the space, the sampler, the seed and the trials before it.

    Args:
        space: what may be tried.
        directions: ``minimize`` or ``maximize`` for each objective.
        sampler: a name in `fallline.engine.tune.SAMPLERS`, or a sampler.
        seed: of every draw.
        n_constraints: how many measured constraints `tell` is given, each met where it is at most 0.
        pruner: a name in `fallline.engine.tune.PRUNERS`, or a pruner.

    Raises:
        SpecError: an unknown name or direction, or no objective.

    >>> from fallline.engine.tune import Float
    >>> study = Study(Space(x=Float(-1.0, 1.0)), seed=0)
    >>> for _ in range(12):
    ...     trial = study.ask()
    ...     _ = study.tell(trial, (trial.params["x"] - 0.3) ** 2)
    >>> abs(study.best_trial.params["x"] - 0.3) < 0.05
    True
    """

    def __init__(
        self,
        space: Space,
        directions: Sequence[str] = ("minimize",),
        sampler: str | Sampler = "fallline",
        seed: int = 0,
        n_constraints: int = 0,
        pruner: str | Pruner = "none",
    ) -> None:
        if isinstance(directions, str) or not directions:
            raise SpecError("directions", directions, 'a list with a word for each objective, as in ["minimize"]')
        if isinstance(n_constraints, bool) or not isinstance(n_constraints, int) or n_constraints < 0:
            raise SpecError("n_constraints", n_constraints, "a whole number, 0 or more")
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise SpecError("seed", seed, "a whole number, 0 or more")
        self.space, self.seed, self.n_constraints = space, seed, n_constraints
        self.directions = tuple(directions)
        self._signs = [lookup(word, SIGNS, f"directions.{place}") for place, word in enumerate(directions)]
        self._sampler = lookup(sampler, SAMPLERS, "sampler") if isinstance(sampler, str) else sampler
        self._pruner = lookup(pruner, PRUNERS, "pruner") if isinstance(pruner, str) else pruner
        self._trials: dict[int, Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every trial by number, running ones too; their `values` are losses: lower is better in each."""
        return tuple(self._trials[number] for number in sorted(self._trials))

    @property
    def best_trial(self) -> Trial | None:
        """The feasible, complete trial that is best in the first objective; None before there is one."""
        return next(iter(finished(self.trials)), None)

    @property
    def best_params(self) -> dict[str, Value] | None:
        """Its parameters."""
        return None if self.best_trial is None else dict(self.best_trial.params)

    @property
    def best_value(self) -> float | None:
        """Its first objective, as it was told."""
        return None if self.best_trial is None else self.objectives(self.best_trial)[0]

    @property
    def front(self) -> tuple[Trial, ...]:
        """The feasible, complete trials that no other dominates, by number."""
        return front(self.trials)

    def objectives(self, trial: Trial) -> tuple[float, ...]:
        """Returns a trial's objectives as they were told, in their own directions."""
        return tuple(sign * loss + 0.0 for sign, loss in zip(self._signs, trial.values, strict=False))

    def ask(self, *, seen: int | None = None) -> AskedTrial:
        """Returns the next trial to evaluate.

        Args:
            seen: only trials with a lower number count as ended, so that the answer does not depend on which of many
                workers was faster; None for all that were told.

        Raises:
            FallLineError: nothing is left to try.
        """
        number = max(self._trials, default=-1) + 1
        known = [self._as_seen(trial, number if seen is None else seen) for trial in self.trials]
        params = self._sampler.suggest(self.space, known, generator(self.seed, "tune", "trial", number))
        self._trials[number] = Trial(number, params, "running")
        # What a pruner compares with travels to the workers; without one, nothing has to.
        pruned = self._pruner is not PRUNERS["none"]
        past = tuple(trial for trial in known if pruned and trial.state != "running")
        return AskedTrial(number, params, past, self._pruner, self._signs[0])

    def tell(
        self,
        trial: AskedTrial | int,
        values: Number | Sequence[Number] | None = None,
        *,
        constraints: Sequence[Number] = (),
        state: str | None = None,
        seconds: float | None = None,
    ) -> Trial:
        """Notes how a trial ended, and returns it.

        Args:
            trial: what `ask` returned, or its number.
            values: the objective, or one for each; None or what is not finite: the trial failed.
            constraints: `n_constraints` numbers, each met where it is at most 0.
            state: ``complete``, ``pruned`` or ``failed``; None to go by the values.
            seconds: how long it took.

        Raises:
            SpecError: a trial that was not asked for or was told before, another number of values or constraints.
        """
        number = trial if isinstance(trial, int) else trial.number
        asked = self._trials.get(number)
        if asked is None or asked.state != "running":
            words = "a trial that was asked for" if asked is None else "a trial that runs: it was told before"
            raise SpecError("trial", number, words)
        losses = trial.losses() if isinstance(trial, AskedTrial) else ()
        told = self._ended(asked, values, tuple(map(float, constraints)), state, losses, seconds)
        self._trials[number] = told
        return told

    def add(
        self,
        params: Mapping[str, Value],
        values: Number | Sequence[Number],
        *,
        constraints: Sequence[Number] = (),
    ) -> Trial:
        """Adds a trial that was evaluated elsewhere: the search starts from what is known.

        Raises:
            SpecError: parameters that the space does not allow, another number of values or constraints.
        """
        number = max(self._trials, default=-1) + 1
        asked = Trial(number, self.space.read(params), "running")
        self._trials[number] = self._ended(asked, values, tuple(map(float, constraints)), None, (), None)
        return self._trials[number]

    def _ended(
        self,
        asked: Trial,
        values: Number | Sequence[Number] | None,
        constraints: tuple[float, ...],
        state: str | None,
        losses: tuple[float, ...],
        seconds: float | None,
    ) -> Trial:
        told = self._losses(values)
        ending = state or ("complete" if told else "failed")
        if ending not in {"complete", "pruned", "failed"}:
            raise SpecError("state", ending, "complete, pruned or failed")
        if ending == "complete" and not told:
            raise SpecError("values", values, "finite, as a complete trial's are")
        met = all(map(math.isfinite, constraints))
        if ending == "complete" and len(constraints) != self.n_constraints:
            hint = "Say n_constraints when you make the study." if not self.n_constraints else ""
            raise SpecError("constraints", constraints, f"a list of {self.n_constraints}", hint)
        if ending == "complete" and not met:
            ending, told = "failed", ()
        kept = told if ending == "complete" else ()
        return Trial(asked.number, asked.params, ending, kept, losses, constraints if met else (), seconds)  # type: ignore[arg-type]

    def _losses(self, values: Number | Sequence[Number] | None) -> tuple[float, ...]:
        """Reads objectives as losses; empty where one is missing or not finite."""
        if values is None:
            return ()
        many = [values] if isinstance(values, int | float) else list(values)
        if len(many) != len(self._signs):
            raise SpecError("values", values, f"{len(self._signs)} number(s), one for each direction")
        losses = tuple(sign * float(value) for sign, value in zip(self._signs, many, strict=True))
        return losses if all(map(math.isfinite, losses)) else ()

    def _as_seen(self, trial: Trial, upto: int) -> Trial:
        """Returns the trial as a suggestion sees it that knows only those below a number."""
        return trial if trial.number < upto else Trial(trial.number, trial.params, "running")

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: directions, seed and trials; the space and the sampler are the caller's."""
        trials = [trial.to_dict() for trial in self.trials if trial.state != "running"]
        return {"directions": list(self.directions), "seed": self.seed, "trials": trials}

    def resume(self, data: Mapping[str, Any]) -> Study:
        """Takes up the trials of `to_dict`, and returns the study; what ran then is asked for again.

        Raises:
            SpecError: parameters that the space does not allow.
        """
        for entry in data["trials"]:
            trial = Trial.from_dict(entry)
            self.space.read(trial.params, f"trials.{trial.number}.params")
            self._trials[trial.number] = trial
        return self
