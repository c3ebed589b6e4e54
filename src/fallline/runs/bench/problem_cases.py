"""The cases of stage ``problem``: eight objectives of one parameter on the diabetes table, each written out plainly.

`runs.code.bench.problem` prints the same functions, so each reads only its arguments: the parameter, the standardised
body mass index, the target in standard deviations, and a generator that only one of them uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Objective = Callable[[float, Any, Any, np.random.Generator], float]


def least_squares(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The mean squared error of a line with this slope."""
    return float(np.mean((y - theta * x) ** 2))


def lasso(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The same with a charge for every weight that is not 0."""
    return float(np.mean((y - theta * x) ** 2) + 0.8 * abs(theta))


def logistic(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The log loss of "worse than average" with this weight."""
    sign = np.where(y > 0, 1.0, -1.0)
    return float(np.mean(np.logaddexp(0.0, -sign * theta * x)))


def errors(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The share told wrongly when all above this bar are called worse off."""
    return float(np.mean((x[:60] > theta) != (y[:60] > 0)))


def neuron(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The mean squared error of one tanh neuron whose two weights are equal."""
    return float(np.mean((y - theta * np.tanh(2.0 * theta * x - 0.4)) ** 2))


def held_out(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:
    """The error on 40 patients drawn anew of a ridge fit to 40 others."""
    rows = rng.permutation(len(x))[:80]
    fit, check = rows[:40], rows[40:]
    slope = np.mean(x[fit] * y[fit]) / (np.mean(x[fit] ** 2) + 10.0**theta)
    return float(np.mean((y[check] - slope * x[check]) ** 2))


def ranking(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The logistic loss over pairs of patients: who of the two will be worse off."""
    dx, dy = x[:60, None] - x[:60], y[:60, None] - y[:60]
    return float(np.mean(np.logaddexp(0.0, -theta * dx[dy > 0])))


def bounded(theta: float, x: Any, y: Any, rng: np.random.Generator) -> float:  # noqa: ARG001 - one signature
    """The mean squared error of a line whose slope may not exceed 0.4."""
    if theta > 0.4:
        return float("nan")
    return float(np.mean((y - theta * x) ** 2))


@dataclass(frozen=True)
class Case:
    """One problem.

    Attributes:
        title: as a person reads it.
        task: what is predicted.
        parameter: what moves along the axis.
        value: what is to be small.
        objective: the function; NaN where a limit forbids.
    """

    title: str
    task: Literal["classification", "regression", "ranking"]
    parameter: str
    value: str
    objective: Objective


CASES: dict[str, Case] = {
    "least-squares": Case("least squares", "regression", "slope", "mean squared error", least_squares),
    "lasso": Case("lasso", "regression", "slope", "error plus charge", lasso),
    "logistic": Case("logistic regression", "classification", "weight", "log loss", logistic),
    "errors": Case("fewest errors", "classification", "bar", "share told wrongly", errors),
    "neuron": Case("one neuron", "regression", "weight", "mean squared error", neuron),
    "held-out": Case("tuning by a hold-out", "regression", "log₁₀ of the strength", "error on the hold-out", held_out),
    "ranking": Case("who first", "ranking", "weight", "pairwise loss", ranking),
    "bounded": Case("a bounded slope", "regression", "slope", "mean squared error", bounded),
}
"""Name → case."""
