"""Tuning: regret of our samplers against Optuna's on the same objectives, what a suggestion costs, and two processes.

Regret is 0 at the lowest loss that any engine found and 1 at the median of random search with as many trials.
Where losses are noisy, the truth at the trial that an engine would recommend counts. Ratios are of means over
objectives, their intervals from 2,000 draws of objectives with replacement.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

import fallline as fl
from benchmarks.figure import Figure
from benchmarks.measure import median
from benchmarks.objectives import CONFIRMATION, DEVELOPMENT, Objective
from fallline.engine.tune import SAMPLERS, Categorical, Float, Int, Ordinal, Params, Random, Space, Study, Trial

Floats = NDArray[np.float64]
COUNTS = (25, 50, 100)
Engine = Callable[[Objective, int, int], list[tuple[Params, float]]]


def figures(quick: bool) -> list[Figure]:
    """Times two processes, runs every engine on every objective, then times suggestions."""
    seeds, trials = (2, 50) if quick else (10, 100)
    found = [_two_processes(quick)]  # first: a process that has loaded torch cannot fork
    for title, objectives in (("development", DEVELOPMENT), ("confirmation", CONFIRMATION)):
        if quick and title == "development":
            continue
        found += _regrets(title, objectives[::3] if quick else objectives, seeds, trials)
    return [*found, *_costs(quick)]


def _regrets(title: str, objectives: Sequence[Objective], seeds: int, trials: int) -> list[Figure]:
    counts = [count for count in COUNTS if count <= trials]
    curves = {
        name: np.array([[_curve(o, run(o, seed, trials), counts) for seed in range(seeds)] for o in objectives])
        for name, run in ENGINES.items()
    }
    chance = np.array([[_curve(o, _ours("random")(o, seed, trials), counts) for seed in range(20)] for o in objectives])
    lowest = np.min([c.min(axis=(1, 2)) for c in (*curves.values(), chance)], axis=0)[:, None, None]
    unit = np.maximum(np.median(chance, axis=1)[:, None, :] - lowest, 1e-12)
    regret = {name: np.clip((curve - lowest) / unit, 0.0, 2.0).mean(axis=1) for name, curve in curves.items()}
    about = f"{len(objectives)} objectives, {seeds} seeds"
    out = []
    for place, count in enumerate(counts):
        best = min((name for name in regret if name.startswith("Optuna")), key=lambda n: regret[n][:, place].mean())
        mine, other = regret["fallline"][:, place], regret[best][:, place]
        low, high = _interval(mine, other)
        target = {50: "<= 0.8", 100: "<= 0.65"}.get(count, "")
        note = f"{about}; against {best}, 90 % from {low:.2f} to {high:.2f}"
        out.append(Figure(f"{title}: regret ratio at {count}", float(mine.mean() / other.mean()), "", target, note))
        for name in regret:
            by = {f: regret[name][[o.family == f for o in objectives], place] for f in FAMILIES}
            words = ", ".join(f"{family} {values.mean():.2f}" for family, values in by.items() if values.size)
            out.append(Figure(f"{title}: {name} at {count}", float(regret[name][:, place].mean()), "", "", words))
    return out


FAMILIES = ("smooth", "numeric", "mixed", "noisy")


def _curve(objective: Objective, tried: list[tuple[Params, float]], counts: Sequence[int]) -> list[float]:
    """Returns what an engine has found after so many trials."""
    found = []
    for count in counts:
        best = min(tried[:count], key=lambda pair: pair[1])
        found.append(best[1] if objective.truth is None else objective.truth(best[0]))
    return found


def _interval(mine: Floats, other: Floats) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(mine), (2000, len(mine)))
    low, high = np.quantile(mine[drawn].mean(axis=1) / other[drawn].mean(axis=1), [0.05, 0.95])
    return float(low), float(high)


def _ours(name: str) -> Engine:
    def run(objective: Objective, seed: int, trials: int) -> list[tuple[Params, float]]:
        study, noise, tried = Study(objective.space, SAMPLERS[name], seed), np.random.default_rng(seed + 999), []
        for _ in range(trials):
            (trial,) = study.ask()
            value = objective.loss(dict(trial.params), noise)
            tried.append((dict(trial.params), value))
            study = study.tell(Trial(trial.number, trial.params, "complete", (value,)))
        return tried

    return run


def _optuna(sampler: Callable[[int], object]) -> Engine:
    def run(objective: Objective, seed: int, trials: int) -> list[tuple[Params, float]]:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study, noise, tried = optuna.create_study(sampler=sampler(seed)), np.random.default_rng(seed + 999), []
        for _ in range(trials):
            trial = study.ask()
            params = asked(trial, objective.space)
            value = objective.loss(params, noise)
            tried.append((params, value))
            study.tell(trial, value)
        return tried

    return run


def asked(trial: object, space: Space) -> Params:
    """Asks a trial of Optuna's for a point of a space."""

    def value_of(name: str, dimension: object) -> object:
        if isinstance(dimension, Float):
            value = trial.suggest_float(name, dimension.low, dimension.high, log=dimension.log)  # type: ignore[attr-defined]
            return min(max(value, dimension.low), dimension.high)
        if isinstance(dimension, Int):
            return trial.suggest_int(name, dimension.low, dimension.high, log=dimension.log)  # type: ignore[attr-defined]
        if isinstance(dimension, Ordinal):
            return dimension.levels[trial.suggest_int(name, 0, len(dimension.levels) - 1)]  # type: ignore[attr-defined]
        choices = dimension.choices if isinstance(dimension, Categorical) else (False, True)
        return choices[trial.suggest_categorical(name, list(range(len(choices))))]  # type: ignore[attr-defined]

    return space.build(value_of)  # type: ignore[arg-type]


def _tpe(seed: int) -> object:
    import warnings

    import optuna

    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    return optuna.samplers.TPESampler(multivariate=True, group=True, seed=seed)


def _plain_tpe(seed: int) -> object:
    import optuna

    return optuna.samplers.TPESampler(seed=seed)


def _gp(seed: int) -> object:
    import optuna

    return optuna.samplers.GPSampler(seed=seed)


ENGINES: dict[str, Engine] = {
    "fallline": _ours("fallline"),
    "gp": _ours("gp"),
    "tpe": _ours("tpe"),
    "Optuna TPE, multivariate": _optuna(_tpe),
    "Optuna TPE": _optuna(_plain_tpe),
}


def _costs(quick: bool) -> list[Figure]:
    """Times ask and tell at 100 trials and at 1,000, and Optuna's Gaussian process at 100, interleaved."""
    space = fl.Space({f"x{k}": fl.Float(-5.0, 5.0) for k in range(8)})
    rng = np.random.default_rng(0)
    past = [Trial(k, p, "complete", (_bowl(p),)) for k, p in enumerate(Random().suggest_batch(space, [], rng, 1000))]
    ours, theirs = [], []
    study = Study(space, SAMPLERS["fallline"], 0, trials=tuple(past[:95]))
    peer = _optuna_study(space, past[:95])
    for _ in range(4 if quick else 12):
        began = time.perf_counter()
        (trial,) = study.ask()
        study = study.tell(Trial(trial.number, trial.params, "complete", (_bowl(trial.params),)))
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        asked_trial = peer.ask()  # type: ignore[attr-defined]
        peer.tell(asked_trial, _bowl(asked(asked_trial, space)))  # type: ignore[attr-defined]
        theirs.append(time.perf_counter() - began)
    large, many = Study(space, SAMPLERS["fallline"], 0, trials=tuple(past)), []
    for _ in range(3 if quick else 9):
        began = time.perf_counter()
        (trial,) = large.ask()
        large = large.tell(Trial(trial.number, trial.params, "complete", (_bowl(trial.params),)))
        many.append(time.perf_counter() - began)
    about = "8 dimensions, medians"
    return [
        Figure("ask and tell at 100 trials", 1000 * median(ours), "ms", "<= 25", about),
        Figure("share of Optuna's GP at 100", median(ours) / median(theirs), "", "<= 0.15", "interleaved"),
        Figure("ask and tell at 1,000 trials", 1000 * median(many), "ms", "<= 60", about),
    ]


def _optuna_study(space: Space, past: Sequence[Trial]) -> object:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=_gp(0))
    kinds = {name: optuna.distributions.FloatDistribution(-5.0, 5.0) for name in space.order}
    for trial in past:
        study.add_trial(
            optuna.trial.create_trial(params=dict(trial.params), distributions=dict(kinds), value=trial.value)
        )
    return study


def _bowl(params: object) -> float:
    x = np.array(list(params.values()))  # type: ignore[attr-defined]
    return float((x**2 * np.arange(1, len(x) + 1)).sum())


def _two_processes(quick: bool) -> Figure:
    """Times an objective of 50 ms over one process and over two."""
    space = fl.Space(x=fl.Float(0.0, 1.0), y=fl.Float(0.0, 1.0))

    def objective(trial: Params) -> float:
        time.sleep(0.05)
        return float(trial["x"]) ** 2 + float(trial["y"]) ** 2  # type: ignore[arg-type]

    trials = 20 if quick else 60
    one: list[float] = []
    two: list[float] = []
    for seed in range(1 if quick else 3):
        for workers, kept in ((1, one), (2, two)):
            began = time.perf_counter()
            fl.optimize(objective, space, trials=trials, workers=workers, seed=seed)  # type: ignore[arg-type]
            kept.append(time.perf_counter() - began)
    return Figure("two processes on 50 ms", median(one) / median(two), "×", ">= 1.9", f"{trials} trials, medians")
