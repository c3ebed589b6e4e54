"""Optuna as source: suggestions, sampler and pruner of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SAMPLERS = {
    "optuna.tpe": "TPESampler(n_startup_trials={startup}, multivariate=True, group=True, seed=SEED)",
    "random": "RandomSampler(seed=SEED)",
    "grid": "RandomSampler(seed=SEED)",
    "sobol": 'QMCSampler(qmc_type="sobol", scramble=True, seed=SEED)',
    "latin_hypercube": 'QMCSampler(qmc_type="halton", scramble=True, seed=SEED)',
    "tpe": "TPESampler(n_startup_trials={startup}, multivariate=True, group=True, seed=SEED)",
    "gp": "TPESampler(multivariate=True, group=True, seed=SEED)",
    "fallline": "TPESampler(multivariate=True, group=True, seed=SEED)",
}
"""Our name → its nearest in ``optuna.samplers``; its grid and its Gaussian process know no parameter that depends on
another, and it has no Latin hypercubes."""

PRUNERS = {
    "none": None,
    "median": "MedianPruner(n_startup_trials=5)",
    "racing": "WilcoxonPruner(p_threshold=0.05, n_startup_steps=2)",
}
"""Our name → its nearest in ``optuna.pruners``; the race by t test has none, and Wilcoxon's goes by ranks."""

STEPWISE = {"median": "float(np.mean(losses))", "racing": "losses[-1]", "none": ""}
"""Our pruner → what a trial reports after each fold: Wilcoxon's compares fold by fold, the median the mean so far."""


def suggestion(name: str, dimension: Mapping[str, Any]) -> str:
    """Returns the call that asks a trial for one value.

    Args:
        name: of the parameter in the study.
        dimension: ``type`` (float, int, categorical or fixed) with ``low``, ``high`` and ``log``, ``choices`` or
            ``value``.

    >>> suggestion("logistic.C", {"type": "float", "low": 0.001, "high": 100.0, "log": True})
    'trial.suggest_float("logistic.C", 0.001, 100.0, log=True)'
    """
    kind = dimension["type"]
    if kind == "fixed":
        return repr(dimension["value"])
    if kind == "categorical":
        return f'trial.suggest_categorical("{name}", {_listed(dimension["choices"])})'
    log = ", log=True" if dimension["log"] else ""
    return f'trial.suggest_{kind}("{name}", {dimension["low"]!r}, {dimension["high"]!r}{log})'


def _listed(choices: Sequence[Any]) -> str:
    return repr(list(choices)).replace("'", '"')
