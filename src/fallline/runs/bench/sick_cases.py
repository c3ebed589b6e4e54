"""The cases of ``sick``: rows, model, start, goal and budget of each. What is wrong with it is nowhere written down.

Rows are drawn, so that each case has one difficulty and the lowest loss is known. Feature values are in the units that
the names say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.train.clinic import MODELS, Patient

Array = NDArray[np.float64]
Rows = tuple[Array, Array]
ROWS = 120


def alike(rng: np.random.Generator) -> Rows:
    """Two features that mostly say the same, as height and arm span do."""
    # made uncorrelated first, so that the Hessian has the eigenvalues 1.9 and 0.1 whatever is drawn
    first, other = 120**0.5 * np.linalg.qr(rng.standard_normal((120, 2)))[0].T
    second = 0.9 * first + 0.19**0.5 * other
    x = np.stack([first, second], axis=1)
    return x, x @ np.array([2.0, -1.0]) + 0.3 * rng.standard_normal(120)


def slipped(rng: np.random.Generator) -> Rows:
    """Yes or no by one feature; in the eighth row the decimal point has slipped."""
    z = rng.standard_normal(120)
    y = (rng.random(120) < 1.0 / (1.0 + np.exp(0.5 - 2.0 * z))).astype(float)
    z[7], y[7] = 40.0, 1.0
    return np.stack([np.ones(120), z], axis=1), y


def plain(rng: np.random.Generator) -> Rows:
    """A line through one feature."""
    x = np.stack([np.ones(120), rng.standard_normal(120)], axis=1)
    return x, x @ np.array([3.0, -2.0]) + 0.3 * rng.standard_normal(120)


def measured(rng: np.random.Generator) -> Rows:
    """Age in decades and blood pressure in cm of mercury, as they were noted."""
    age = 5.5 + 1.2 * rng.standard_normal(120)
    pressure = 0.5 * age + 10.0 + 0.9 * rng.standard_normal(120)
    x = np.stack([np.ones(120), age, pressure], axis=1)
    return x, x @ np.array([2.0, 1.5, -0.5]) + 0.3 * rng.standard_normal(120)


def layered(rng: np.random.Generator) -> Rows:
    """One feature, and labels that a net of two linear weights can give exactly."""
    x = rng.standard_normal(120)
    x = x / np.sqrt(np.mean(x * x))
    return x[:, None], x.copy()


def squashed(rng: np.random.Generator) -> Rows:
    """Shares between 0 and 1 that one sigmoid neuron can give exactly."""
    x = np.stack([np.ones(120), rng.standard_normal(120)], axis=1)
    return x, 1.0 / (1.0 + np.exp(-(x @ np.array([0.5, 2.0]))))


def scattered(rng: np.random.Generator) -> Rows:
    """A line through one feature, with a wide scatter around it."""
    x = np.stack([np.ones(120), rng.standard_normal(120)], axis=1)
    return x, x @ np.array([3.0, -2.0]) + 1.5 * rng.standard_normal(120)


@dataclass(frozen=True)
class Case:
    """One training.

    Attributes:
        draw: gives its rows.
        model: its key in the clinic's `MODELS`.
        columns: names of its features.
        start: the first weights.
        target: how far above the lowest loss the goal lies.
        steps: the budget.
        single: whether it computes in float32.
    """

    draw: Callable[[np.random.Generator], Rows]
    model: str
    columns: tuple[str, ...]
    start: tuple[float, ...]
    target: float
    steps: int
    single: bool = False


CASES: dict[str, Case] = {
    "a": Case(alike, "line", ("height", "arm span"), (-1.0, -2.0), 1e-3, 60),
    "b": Case(slipped, "chances", ("ones", "feature"), (1.0, -1.0), 2e-3, 120, single=True),
    "c": Case(plain, "line", ("ones", "feature"), (-1.0, 1.0), 1e-3, 150),
    "d": Case(alike, "line", ("height", "arm span"), (-1.0, -2.0), 1e-3, 200),
    "e": Case(measured, "line", ("ones", "age", "pressure"), (0.5, 0.5, 0.5), 1e-3, 200),
    "f": Case(layered, "product", ("feature",), (5.0, 4.5), 1e-8, 30),
    "g": Case(squashed, "neuron", ("ones", "feature"), (-1.0, 0.1), 1e-3, 150),
    "h": Case(scattered, "line", ("ones", "feature"), (-1.0, 1.0), 1e-2, 200),
}
"""Letter → case."""


@lru_cache(maxsize=64)
def patient(name: str, seed: int) -> Patient:
    """Returns a case with its rows drawn, and the lowest loss that it can reach."""
    case = CASES[name]
    x, y = case.draw(generator(seed, "sick", "rows"))
    return Patient(
        case.model, x, y, np.array(case.start), lowest(case.model, x, y), case.target, case.steps, case.columns,
        single=case.single,
    )  # fmt: skip


def lowest(model: str, x: Array, y: Array) -> float:
    """Returns the lowest loss: of a line in closed form, of log loss by Newton's method; 0 where labels fit."""
    if model == "line":
        return MODELS[model].loss(np.linalg.lstsq(x, y, rcond=None)[0], x, y)
    if model != "chances":
        return 0.0
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-(x @ w)))
        w = w - np.linalg.solve((x * (p * (1.0 - p))[:, None]).T @ x, (p - y) @ x)
    return float(np.mean(np.logaddexp(0.0, x @ w) - y * (x @ w)))
