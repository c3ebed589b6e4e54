"""Study: ask and tell over a space, a sampler, a seed and the trials so far. It holds nothing else.

Suggestions come in fixed batches: those of one batch see the trials of the batches before it and no others, whatever
order its own trials end in. So a study that is cut off anywhere and taken up again from its list of trials goes on
exactly as it would have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.space import Space
from fallline.engine.tune.trial import Trial, finished, front


@dataclass(frozen=True)
class Study:
    """A search at one moment.

    Attributes:
        space: what may be tried.
        sampler: who suggests.
        seed: of every stream.
        batch: trials that go out together, ≥ 1; part of the result, unlike the number of workers.
        trials: those that have ended, by number.

    Raises:
        SpecError: a batch below 1, or trials out of order.

    >>> from fallline.engine.tune import Float, Random
    >>> study = Study(Space({"x": Float(-1.0, 1.0)}), Random(), seed=0)
    >>> for _ in range(20):
    ...     (trial,) = study.ask()
    ...     study = study.tell(Trial(trial.number, trial.params, "complete", (trial.params["x"] ** 2,)))
    >>> study.best.value < 0.1
    True
    """

    space: Space
    sampler: Sampler
    seed: int
    batch: int = 1
    trials: tuple[Trial, ...] = ()

    def __post_init__(self) -> None:
        if self.batch < 1:
            raise SpecError("batch", self.batch, "a number of trials, 1 or more")
        numbers = [trial.number for trial in self.trials]
        if any(one >= other for one, other in pairwise(numbers)):
            raise SpecError("trials", numbers, "in the order of their numbers, each once")

    def ask(self) -> tuple[Trial, ...]:
        """Returns the trials of the current batch that are not told yet, running; none when nothing is left to try."""
        start = self._batch_start()
        past = [trial for trial in self.trials if trial.number < start]
        rng = generator(self.seed, "tune", "batch", start)
        suggested = self.sampler.suggest_batch(self.space, past, rng, self.batch)
        told = {trial.number for trial in self.trials}
        asked = (Trial(start + place, params, "running") for place, params in enumerate(suggested))
        return tuple(trial for trial in asked if trial.number not in told)

    def tell(self, *ended: Trial) -> Study:
        """Returns the study with these trials of the current batch.

        Raises:
            SpecError: a trial that runs still, was told before, is not of this batch, or is not allowed by the space.
        """
        start = self._batch_start()
        told = {trial.number for trial in self.trials}
        for trial in ended:
            path = f"trials.{trial.number}"
            if trial.state == "running":
                raise SpecError(path, trial.state, "complete, pruned or failed")
            if not start <= trial.number < start + self.batch or trial.number in told:
                raise SpecError(path, trial.number, f"a trial of the batch from {start} that is not told yet")
            told.add(trial.number)
            self.space.read(trial.params, f"{path}.params")
        return replace(self, trials=tuple(sorted([*self.trials, *ended], key=lambda trial: trial.number)))

    @property
    def best(self) -> Trial | None:
        """The feasible trial with the lowest first loss, the earlier among equals; None before there is one."""
        return next(iter(finished(self.trials)), None)

    @property
    def front(self) -> tuple[Trial, ...]:
        """The complete, feasible trials that no other dominates, by number."""
        return front(self.trials)

    def _batch_start(self) -> int:
        """Returns the first number of the first batch that is not wholly told."""
        missing = next((place for place, trial in enumerate(self.trials) if trial.number != place), len(self.trials))
        return missing // self.batch * self.batch
