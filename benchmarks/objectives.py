"""Objectives to search: functions and small models on real tables, in two sets. The second was not looked at.

Each takes milliseconds. Optima are off the middle and off the axes, so that no engine is favoured by its first guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

import fallline as fl
from fallline.engine.tune import Params, Space

Floats = NDArray[np.float64]
ROOTS = np.sqrt(np.arange(1, 6))
Loss = Callable[[Params, np.random.Generator], float]


@dataclass(frozen=True)
class Objective:
    """Something to minimise.

    Attributes:
        name: of the row in a table.
        family: what it stands for: smooth, numeric, mixed or noisy.
        space: what may be tried.
        loss: of parameters; draws noise from the Generator.
        truth: the loss without noise; None where `loss` has none.
    """

    name: str
    family: str
    space: Space
    loss: Loss
    truth: Callable[[Params], float] | None = None


def _box(d: int, low: float = -5.0, high: float = 5.0) -> Space:
    return fl.Space({f"x{k}": fl.Float(low, high) for k in range(d)})


def _function(name: str, d: int, seed: int, f: Callable[[Floats], float]) -> Objective:
    """A function of rotated, shifted coordinates."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
    shift = rng.uniform(-3.0, 3.0, d)

    def loss(params: Params, rng: np.random.Generator) -> float:
        del rng
        return f(turn @ (np.array([params[f"x{k}"] for k in range(d)]) - shift))

    return Objective(name, "smooth", _box(d), loss)


def _noisy(name: str, d: int, seed: int, f: Callable[[Floats], float], noise: float) -> Objective:
    plain = _function(name, d, seed, f)
    nothing = np.random.default_rng(0)
    return Objective(
        name,
        "noisy",
        plain.space,
        lambda params, rng: plain.loss(params, rng) + noise * float(rng.standard_normal()),
        lambda params: plain.loss(params, nothing),
    )


TABLES = {
    "diabetes": load_diabetes,
    "wine": load_wine,
    "cancer": load_breast_cancer,
    "iris": load_iris,
    "digits": load_digits,
}


@lru_cache(maxsize=8)
def _split(table: str) -> tuple[Floats, Floats, Floats, Floats]:
    """Returns standardised rows and targets (one column a class), for fitting and for judging."""
    x, y = TABLES[table](return_X_y=True)
    order = np.random.default_rng(7).permutation(len(x))[:300]
    x, y = x[order], y[order]
    spread = x.std(axis=0)
    x = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    target = (y - y.mean())[:, None] / y.std() if table == "diabetes" else np.eye(int(y.max()) + 1)[y.astype(int)]
    cut = int(0.6 * len(x))
    return x[:cut], target[:cut], x[cut:], target[cut:]


def _number(params: Params, name: str) -> float:
    value = params[name]
    assert isinstance(value, int | float)  # noqa: S101 - what the spaces below say
    return float(value)


def _squared(a: Floats, b: Floats) -> Floats:
    away: Floats = np.maximum((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T, 0.0)
    return away


def _ridge(table: str, kernel: Callable[[Floats, Floats], Floats], alpha: float, power: float = 1.0) -> float:
    """Mean squared error of kernel ridge regression."""
    x, y, held, wanted = _split(table)
    x, held = (np.sign(part) * np.abs(part) ** power for part in (x, held))
    weights = np.linalg.solve(kernel(x, x) + alpha * np.eye(len(x)), y)
    return float(min(((kernel(held, x) @ weights - wanted) ** 2).sum(axis=1).mean(), 50.0))


def _radial(table: str) -> Objective:
    space = fl.Space(
        gamma=fl.Float(1e-5, 10.0, log=True),
        alpha=fl.Float(1e-6, 1e3, log=True),
        power=fl.Float(0.2, 2.0),
        mix=fl.Float(0.0, 1.0),
    )

    def loss(params: Params, rng: np.random.Generator) -> float:
        del rng
        gamma, mix = _number(params, "gamma"), _number(params, "mix")

        def kernel(a: Floats, b: Floats) -> Floats:
            squared = _squared(a, b)
            mixed: Floats = mix * np.exp(-gamma * squared) + (1 - mix) * np.exp(-np.sqrt(gamma * squared))
            return mixed

        return _ridge(table, kernel, _number(params, "alpha"), _number(params, "power"))

    return Objective(f"kernel ridge, {table}", "numeric", space, loss)


def _kernels(table: str) -> Objective:
    space = fl.Space(
        kernel=fl.Categorical(("radial", "laplace", "polynomial", "linear")),
        gamma=fl.Float(1e-5, 10.0, log=True, when=("kernel", ("radial", "laplace"))),
        degree=fl.Int(2, 5, when=("kernel", ("polynomial",))),
        offset=fl.Float(0.0, 3.0, when=("kernel", ("polynomial",))),
        alpha=fl.Float(1e-5, 1e3, log=True),
        halved=fl.Boolean(),
        power=fl.Float(0.3, 2.0),
    )

    def loss(params: Params, rng: np.random.Generator) -> float:
        del rng
        scale = 0.5 if params["halved"] else 1.0

        def kernel(a: Floats, b: Floats) -> Floats:
            a, b = scale * a, scale * b
            plain: Floats = a @ b.T
            if params["kernel"] == "polynomial":
                plain = (plain / a.shape[1] + _number(params, "offset")) ** _number(params, "degree")
            elif params["kernel"] != "linear":
                away = _squared(a, b) if params["kernel"] == "radial" else np.sqrt(_squared(a, b))
                plain = np.exp(-_number(params, "gamma") * away)
            return plain

        return _ridge(table, kernel, _number(params, "alpha"), _number(params, "power"))

    return Objective(f"choice of kernel, {table}", "mixed", space, loss)


def _softmax(table: str, *, noisy: bool) -> Objective:
    """Softmax regression by forty steps of SGD or Adam; under another seed each time where it is noisy."""
    space = fl.Space(
        method=fl.Categorical(("sgd", "adam")),
        rate=fl.Float(1e-4, 10.0, log=True),
        momentum=fl.Float(0.0, 0.99),
        decay=fl.Float(1e-7, 1.0, log=True),
        batch=fl.Ordinal((4, 8, 16, 32)),
    )

    def once(params: Params, seed: int) -> float:
        x, y, held, wanted = _split(table)
        rng = np.random.default_rng(seed)
        w, first, second = np.zeros((3, x.shape[1], y.shape[1]))
        beta, rate = _number(params, "momentum"), _number(params, "rate")
        for step in range(1, 41):
            rows = rng.integers(0, len(x), int(_number(params, "batch")))
            slope = x[rows].T @ (_shares(x[rows] @ w) - y[rows]) / len(rows) + _number(params, "decay") * w
            if params["method"] == "sgd":
                first = beta * first + slope
                w = w - rate * first
            else:
                first, second = beta * first + (1 - beta) * slope, 0.99 * second + 0.01 * slope**2
                w = w - rate * first / (1 - beta**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        found = -np.log(np.maximum((_shares(held @ w) * wanted).sum(axis=1), 1e-12)).mean()
        return float(found) if math.isfinite(found) else 30.0

    if not noisy:
        return Objective(f"softmax, {table}", "mixed", space, lambda params, _: once(params, 0))
    return Objective(
        f"softmax by chance, {table}",
        "noisy",
        space,
        lambda params, rng: once(params, int(rng.integers(2**31))),
        lambda params: float(np.mean([once(params, seed) for seed in range(16)])),
    )


def _shares(scores: Floats) -> Floats:
    with np.errstate(all="ignore"):
        power = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Floats = power / power.sum(axis=1, keepdims=True)
        return np.nan_to_num(shares)


def _rosenbrock(x: Floats) -> float:
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


DEVELOPMENT = (
    _function("ellipsoid, 4", 4, 1, lambda x: float((x**2 * np.geomspace(1, 1e3, 4)).sum())),
    _function("Rosenbrock, 3", 3, 2, _rosenbrock),
    _function("Rastrigin, 3", 3, 3, lambda x: float((x**2 - 10 * np.cos(2 * math.pi * x) + 10).sum())),
    _function("sharp valley, 8", 8, 4, lambda x: float(np.abs(x[:3]).sum() + 0.1 * (x[3:] ** 2).sum())),
    _radial("diabetes"),
    _radial("wine"),
    _kernels("diabetes"),
    _softmax("wine", noisy=False),
    _noisy("noisy bowl, 4", 4, 5, lambda x: float((x**2 * np.array([1, 2, 3, 0.5])).sum()), 4.0),
    _softmax("iris", noisy=True),
)
"""What the engine was made on."""
CONFIRMATION = (
    _function(
        "Griewank, 5", 5, 11, lambda x: float((x**2).sum() / 40 - np.cos(x / np.sqrt(np.arange(1, 6))).prod() + 1)
    ),
    _function("different powers, 4", 4, 12, lambda x: float((np.abs(x) ** np.linspace(2, 6, 4)).sum())),
    _function("Levy, 6", 6, 13, lambda x: _levy(1 + x / 4)),
    _function("discus, 10", 10, 14, lambda x: float(100 * x[0] ** 2 + (x[1:] ** 2).sum())),
    _radial("digits"),
    _radial("cancer"),
    _kernels("digits"),
    _softmax("cancer", noisy=False),
    _noisy("noisy ridge, 5", 5, 15, lambda x: float(x[0] ** 2 + 3 * np.sqrt((x[1:] ** 2).sum())), 2.0),
    _softmax("digits", noisy=True),
)
"""What it was confirmed on, once."""


def _levy(w: Floats) -> float:
    inner = ((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(math.pi * w[:-1] + 1) ** 2)).sum()
    return float(np.sin(math.pi * w[0]) ** 2 + inner + (w[-1] - 1) ** 2 * (1 + np.sin(2 * math.pi * w[-1]) ** 2))
