"""Optuna's TPE behind our sampler protocol (Akiba et al. 2019; Bergstra et al. 2011; Watanabe 2023).

Optuna keeps a study and a stateful sampler; here both are built anew from the past trials for each suggestion, so that
the suggestion is a function of space, trials and stream. That costs a few milliseconds at a hundred trials.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from fallline.core.errors import Unavailable
from fallline.engine.tune import Categorical, Dimension, Float, Int, Params, Sampler, Space, Trial, Value

_ONE_AT_A_TIME = threading.RLock()


@dataclass(frozen=True)
class Tpe(Sampler):
    """The tree-structured Parzen estimator, over whole groups of parameters that exist together.

    Attributes:
        startup: random trials first.
        candidates: points drawn from the density of good trials, of which the best ratio is taken.
        multivariate: whether the parameters of a group are modelled together.
    """

    startup: int = 16
    candidates: int = 24
    multivariate: bool = True

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together, each taking those before it for bad (constant liar).

        Raises:
            Unavailable: Optuna is not installed.
        """
        optuna = _optuna()
        with _quiet(optuna):
            sampler = optuna.samplers.TPESampler(
                n_startup_trials=self.startup,
                n_ei_candidates=self.candidates,
                multivariate=self.multivariate,
                group=self.multivariate,
                constant_liar=True,
                seed=int(rng.integers(2**31)),
            )
            study = optuna.create_study(sampler=sampler, directions=["minimize"] * _objectives(trials))
            study.add_trials([_frozen(optuna, space, trial) for trial in trials if trial.state != "running"])
            return [_ask(study, space) for _ in range(n)]


SAMPLERS: dict[str, Sampler] = {"optuna.tpe": Tpe()}
"""Optuna's samplers, by the name in a Spec."""


def _ask(study: Any, space: Space) -> Params:
    """Asks for one trial; it stays running, which is how the next one learns of it."""
    trial = study.ask()

    def value_of(name: str, dimension: Dimension) -> Value:
        if isinstance(dimension, Categorical):
            # By place: Optuna takes 1 and True for one choice.
            return dimension.choices[int(trial.suggest_categorical(name, list(range(len(dimension.choices)))))]
        if isinstance(dimension, Int):
            return int(trial.suggest_int(name, dimension.low, dimension.high, log=dimension.log))
        assert isinstance(dimension, Float)  # noqa: S101 - fixed ones are not asked for
        value = float(trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log))
        return min(max(value, float(dimension.low)), float(dimension.high))

    return space.build(value_of)


def _frozen(optuna: ModuleType, space: Space, trial: Trial) -> Any:
    """Returns one past trial as Optuna's.

    A failed trial becomes a pruned one without a single loss, which Optuna ranks below all others: so the search turns
    away from where trials fail, where Optuna itself would forget them.
    """
    params: dict[str, Any] = {}
    distributions: dict[str, Any] = {}
    for name, value in trial.params.items():
        found = _distribution(optuna, space.dimensions[name])
        if found is not None:
            dimension = space.dimensions[name]
            params[name] = dimension.place(value) if isinstance(dimension, Categorical) else value
            distributions[name] = found
    states = optuna.trial.TrialState
    complete = trial.state == "complete"
    losses = () if trial.state == "failed" else trial.intermediate
    return optuna.trial.create_trial(
        state=states.COMPLETE if complete else states.PRUNED,
        values=list(trial.values) if complete else None,
        params=params,
        distributions=distributions,
        # The mean so far: single folds differ more from one another than trials do.
        intermediate_values={fold: trial.mean(fold + 1) for fold in range(len(losses))},
    )


def _distribution(optuna: ModuleType, dimension: Dimension) -> Any:
    """Returns a dimension as Optuna's; None for a fixed one."""
    kinds = optuna.distributions
    if isinstance(dimension, Float):
        return kinds.FloatDistribution(dimension.low, dimension.high, log=dimension.log)
    if isinstance(dimension, Int):
        return kinds.IntDistribution(dimension.low, dimension.high, log=dimension.log)
    return (
        kinds.CategoricalDistribution(list(range(len(dimension.choices))))
        if isinstance(dimension, Categorical)
        else None
    )


def _objectives(trials: Sequence[Trial]) -> int:
    """Returns how many losses the complete trials have; one before there is any."""
    return max((len(trial.values) for trial in trials if trial.state == "complete"), default=1)


def _optuna() -> ModuleType:
    """Imports Optuna, a tenth of a second and not for every page.

    Raises:
        Unavailable: it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise Unavailable("The sampler optuna.tpe needs Optuna: pip install optuna.") from error
    return optuna  # type: ignore[no-any-return]


@contextmanager
def _quiet(optuna: ModuleType) -> Iterator[None]:
    """Silences Optuna's announcements and its warnings that options are experimental, and puts both back."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        before = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        try:
            yield
        finally:
            optuna.logging.set_verbosity(before)
