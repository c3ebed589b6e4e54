"""Tune: spaces of hyperparameters, samplers that search them, pruners that save work, and what mattered."""

from __future__ import annotations

from fallline.engine.tune.acquisition import (
    ACQUISITIONS,
    Acquisition,
    expected_improvement,
    log_expected_improvement,
    lower_confidence_bound,
    probability_of_improvement,
)
from fallline.engine.tune.clause import Clause
from fallline.engine.tune.dimensions import Boolean, Categorical, Dimension, Fixed, Float, Int, Ordinal
from fallline.engine.tune.gp import GaussianProcess, Hyper, fit_gp
from fallline.engine.tune.importance import Importance, importances
from fallline.engine.tune.plain import read_space, write_space
from fallline.engine.tune.pruners import PRUNERS, Median, Pruner, Racing
from fallline.engine.tune.samplers import (
    SAMPLERS,
    FallLine,
    GaussianProcessSampler,
    Grid,
    LatinHypercube,
    Random,
    Sampler,
    Sobol,
    Tpe,
)
from fallline.engine.tune.space import Params, Space, branch_of, union
from fallline.engine.tune.study import Study
from fallline.engine.tune.trial import Trial, TrialState, finished, front
from fallline.engine.tune.value import Value

__all__ = [
    "ACQUISITIONS",
    "PRUNERS",
    "SAMPLERS",
    "Acquisition",
    "Boolean",
    "Categorical",
    "Clause",
    "Dimension",
    "FallLine",
    "Fixed",
    "Float",
    "GaussianProcess",
    "GaussianProcessSampler",
    "Grid",
    "Hyper",
    "Importance",
    "Int",
    "LatinHypercube",
    "Median",
    "Ordinal",
    "Params",
    "Pruner",
    "Racing",
    "Random",
    "Sampler",
    "Sobol",
    "Space",
    "Study",
    "Tpe",
    "Trial",
    "TrialState",
    "Value",
    "branch_of",
    "expected_improvement",
    "finished",
    "fit_gp",
    "front",
    "importances",
    "log_expected_improvement",
    "lower_confidence_bound",
    "probability_of_improvement",
    "read_space",
    "union",
    "write_space",
]
