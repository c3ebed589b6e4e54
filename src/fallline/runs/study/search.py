"""Search: from the first trial to the last on this machine, over one process or several."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from fallline.core.errors import FallLineError, SpecError
from fallline.engine.tune import Pruner, Sampler, Space, Trial, Value
from fallline.runs.study.asked import AskedTrial, Pruned
from fallline.runs.study.study import Number, Study

Objective = Callable[[AskedTrial], Any]
THREADED = ("torch", "tensorflow", "keras", "jax")
"""Libraries whose threads a forked process cannot use."""


@dataclass(frozen=True)
class Best:
    """What a search found.

    Attributes:
        params: the best parameters.
        value: their first objective.
        values: all objectives.
        trial: the trial.
        study: the whole search.
    """

    params: dict[str, Value]
    value: float
    values: tuple[float, ...]
    trial: Trial
    study: Study


def optimize(
    objective: Objective,
    space: Space,
    trials: int = 50,
    workers: int = 1,
    *,
    directions: Sequence[str] = ("minimize",),
    sampler: str | Sampler = "fallline",
    seed: int = 0,
    n_constraints: int = 0,
    pruner: str | Pruner = "none",
) -> Best:
    """Searches a space for the parameters with the best objective.

    With several workers the k-th trial is suggested from the trials up to the (k − workers)-th, whichever is faster:
    the same seed and number of workers give the same trials.

    Args:
        objective: called with a trial, which is a mapping of its parameters; returns a number, one for each direction,
            or with constraints a pair (values, constraints). An exception, NaN or infinity is a failed trial; `Pruned`
            is a pruned one.
        space: what may be tried.
        trials: how many.
        workers: processes.
        directions: ``minimize`` or ``maximize`` for each objective.
        sampler: a name or a sampler.
        seed: of every draw.
        n_constraints: how many constraints the objective measures.
        pruner: a name or a pruner.

    Raises:
        SpecError: a number of trials or workers below 1.
        FallLineError: no trial was complete and feasible; the message tells how the last one failed.

    >>> from fallline.engine.tune import Float
    >>> best = optimize(lambda trial: (trial["x"] - 0.3) ** 2, Space(x=Float(-1.0, 1.0)), trials=15)
    >>> abs(best.params["x"] - 0.3) < 0.05
    True
    """
    for name, number in (("trials", trials), ("workers", workers)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise SpecError(name, number, "a whole number, 1 or more")
    study = Study(space, directions, sampler, seed, n_constraints, pruner)
    job = Job(objective, n_constraints > 0)
    last = _serial(study, job, trials) if workers == 1 else _parallel(study, job, trials, workers)
    best = study.best_trial
    if best is None:
        why = f" The last failure: {last}" if last else ""
        raise FallLineError(f"None of {trials} trials is complete and feasible.{why}")
    values = study.objectives(best)
    return Best(dict(best.params), values[0], values, best, study)


@dataclass(frozen=True)
class Outcome:
    """How the evaluation of one trial ended.

    Attributes:
        values: what the objective returned; None where it failed or was pruned.
        constraints: measured ones.
        state: None to go by the values.
        reports: step → value.
        seconds: how long it took.
        problem: the exception, in words; empty without one.
    """

    values: Number | Sequence[Number] | None
    constraints: tuple[float, ...]
    state: str | None
    reports: dict[int, float]
    seconds: float
    problem: str = ""


@dataclass(frozen=True)
class Job:
    """An objective, and whether it measures constraints; called in the worker."""

    objective: Objective
    constrained: bool

    def __call__(self, trial: AskedTrial) -> Outcome:
        """Evaluates one trial; what the objective raises is an outcome, not the end of the search."""
        began = time.perf_counter()
        try:
            found = self.objective(trial)
            values, constraints = found if self.constrained else (found, ())
            seconds = time.perf_counter() - began
            return Outcome(values, tuple(map(float, constraints)), None, trial.reports, seconds)
        except Pruned:
            return Outcome(None, (), "pruned", trial.reports, time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 - a trial that fails is a result: the search goes on without it
            problem = f"{type(error).__name__}: {error}"
            return Outcome(None, (), "failed", trial.reports, time.perf_counter() - began, problem)


def _serial(study: Study, job: Job, trials: int) -> str:
    """Evaluates one after the other; returns the last problem."""
    last = ""
    for _ in range(trials):
        trial = study.ask()
        last = _tell(study, trial, job(trial)) or last
    return last


def _parallel(study: Study, job: Job, trials: int, workers: int) -> str:
    """Keeps so many trials running; returns the last problem."""
    last, running = "", dict[int, tuple[AskedTrial, Future[Outcome]]]()
    with _pool(workers, job) as pool:
        for number in range(trials):
            due = number - workers
            if due >= 0:
                trial, future = running.pop(due)
                last = _tell(study, trial, future.result()) or last
            trial = study.ask(seen=due + 1)
            # A process has its own copy of the trial, and reports go into that one.
            running[number] = trial, pool.submit(_evaluate, trial)
        for trial, future in running.values():
            last = _tell(study, trial, future.result()) or last
    return last


def _tell(study: Study, trial: AskedTrial, outcome: Outcome) -> str:
    for step, value in outcome.reports.items():
        trial.report(step, value)
    study.tell(trial, outcome.values, constraints=outcome.constraints, state=outcome.state, seconds=outcome.seconds)
    return outcome.problem


_JOB: list[Job] = []
"""The objective of this worker process."""


def _begin(job: Job) -> None:
    _JOB[:] = [job]


def _evaluate(trial: AskedTrial) -> Outcome:
    return _JOB[0](trial)


def _pool(workers: int, job: Job) -> Executor:
    """Returns processes that know the objective.

    Forked ones are there in milliseconds and take any function, a lambda too. Where threads run already, or a library
    with threads of its own is loaded, a fork may hang: then fresh processes are started, by loky, which sends functions
    by value.
    """
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    if forks and threading.active_count() == 1 and not any(name in sys.modules for name in THREADED):
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(job,))
    # A tenth of a second, and only for several workers.
    from joblib.externals.loky import ProcessPoolExecutor as Fresh

    return Fresh(workers, initializer=_begin_by_value, initargs=(_by_value(job),))  # type: ignore[no-any-return]


def _by_value(job: Job) -> bytes:
    """Writes down a job with its objective's code: a fresh process may not find the module that it comes from."""
    import cloudpickle  # by the time it is needed it is loaded: loky uses it

    module = sys.modules.get(getattr(job.objective, "__module__", None) or "")
    if module is None or module.__name__ == "__main__":
        return cloudpickle.dumps(job)  # type: ignore[no-any-return]
    cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(job)  # type: ignore[no-any-return]
    finally:
        cloudpickle.unregister_pickle_by_value(module)


def _begin_by_value(job: bytes) -> None:
    import cloudpickle  # by the time it is needed it is loaded: loky uses it

    _begin(cloudpickle.loads(job))  # written by the process that started this one
