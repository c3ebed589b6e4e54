"""The functions of an expression: value, slope and bend, each written once for NumPy and for the compiled machine."""

# ruff: noqa: ARG005 - all rules of a kind have one signature
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, pi
from typing import Any, TypeAlias

import numpy as np

Real: TypeAlias = Any
"""A float or an array of floats: the functions are elementwise, and the machine compiles them as they are."""

LOG2, LOG10 = log(2.0), log(10.0)


@dataclass(frozen=True, eq=False)
class Function:
    """A function of one number.

    Attributes:
        name: as it is written.
        value: ``x → f``.
        slope: ``(x, f) → f′``; where there is none, the middle of what it jumps between.
        bend: ``(x, f) → f″``.
        tex: what stands before the argument in TeX; empty for what is written around it.
        torch: what it is called in torch; a pattern where it is not one name.
    """

    name: str
    value: Callable[[Real], Real]
    slope: Callable[[Real, Real], Real]
    bend: Callable[[Real, Real], Real]
    tex: str
    torch: str


def _sigmoid(x: Real) -> Real:
    """1/(1 + e⁻ˣ), by the hyperbolic tangent, which never overflows."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _softplus(x: Real) -> Real:
    """log(1 + eˣ), written so that neither end overflows or rounds to nothing."""
    return (x > 0.0) * x + np.log1p(np.exp(-np.abs(x)))


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("sin", np.sin, lambda x, f: np.cos(x), lambda x, f: -f, r"\sin", "torch.sin"),
        Function("cos", np.cos, lambda x, f: -np.sin(x), lambda x, f: -f, r"\cos", "torch.cos"),
        Function("tan", np.tan, lambda x, f: 1.0 + f * f, lambda x, f: 2.0 * f * (1.0 + f * f), r"\tan", "torch.tan"),
        Function(
            "asin",
            np.arcsin,
            lambda x, f: 1.0 / np.sqrt(1.0 - x * x),
            lambda x, f: x / ((1.0 - x * x) * np.sqrt(1.0 - x * x)),
            r"\arcsin",
            "torch.asin",
        ),
        Function(
            "acos",
            np.arccos,
            lambda x, f: -1.0 / np.sqrt(1.0 - x * x),
            lambda x, f: -x / ((1.0 - x * x) * np.sqrt(1.0 - x * x)),
            r"\arccos",
            "torch.acos",
        ),
        Function(
            "atan",
            np.arctan,
            lambda x, f: 1.0 / (1.0 + x * x),
            lambda x, f: -2.0 * x / ((1.0 + x * x) * (1.0 + x * x)),
            r"\arctan",
            "torch.atan",
        ),
        Function("sinh", np.sinh, lambda x, f: np.cosh(x), lambda x, f: f, r"\sinh", "torch.sinh"),
        Function("cosh", np.cosh, lambda x, f: np.sinh(x), lambda x, f: f, r"\cosh", "torch.cosh"),
        Function(
            "tanh", np.tanh, lambda x, f: 1.0 - f * f, lambda x, f: -2.0 * f * (1.0 - f * f), r"\tanh", "torch.tanh"
        ),
        Function("exp", np.exp, lambda x, f: f, lambda x, f: f, r"\exp", "torch.exp"),
        Function("expm1", np.expm1, lambda x, f: f + 1.0, lambda x, f: f + 1.0, r"\mathrm{expm1}", "torch.expm1"),
        Function("log", np.log, lambda x, f: 1.0 / x, lambda x, f: -1.0 / (x * x), r"\ln", "torch.log"),
        Function(
            "log1p",
            np.log1p,
            lambda x, f: 1.0 / (1.0 + x),
            lambda x, f: -1.0 / ((1.0 + x) * (1.0 + x)),
            r"\mathrm{log1p}",
            "torch.log1p",
        ),
        Function(
            "log2",
            lambda x: np.log(x) / LOG2,
            lambda x, f: 1.0 / (LOG2 * x),
            lambda x, f: -1.0 / (LOG2 * x * x),
            r"\log_2",
            "torch.log2",
        ),
        Function(
            "log10",
            np.log10,
            lambda x, f: 1.0 / (LOG10 * x),
            lambda x, f: -1.0 / (LOG10 * x * x),
            r"\log_{10}",
            "torch.log10",
        ),
        Function("sqrt", np.sqrt, lambda x, f: 0.5 / f, lambda x, f: -0.25 / (x * f), r"\sqrt", "torch.sqrt"),
        Function(
            "abs",
            np.abs,
            lambda x, f: 1.0 * (x > 0.0) - 1.0 * (x < 0.0),
            lambda x, f: 0.0 * x,
            "",
            "torch.abs",
        ),
        Function("relu", lambda x: (x > 0.0) * x, lambda x, f: 1.0 * (x > 0.0), lambda x, f: 0.0 * x, "", "torch.relu"),
        Function(
            "sigmoid",
            _sigmoid,
            lambda x, f: f * (1.0 - f),
            lambda x, f: f * (1.0 - f) * (1.0 - 2.0 * f),
            r"\sigma",
            "torch.sigmoid",
        ),
        Function(
            "softplus",
            _softplus,
            lambda x, f: _sigmoid(x),
            lambda x, f: _sigmoid(x) * (1.0 - _sigmoid(x)),
            r"\mathrm{softplus}",
            "torch.nn.functional.softplus({0}, threshold=800.0)",
        ),
        Function(
            "reciprocal", lambda x: 1.0 / x, lambda x, f: -f * f, lambda x, f: 2.0 * f * f * f, "", "torch.reciprocal"
        ),
    )
}
"""Name → function; all but ``reciprocal``, which a quotient makes, may be written."""

SYNONYMS = {"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "logistic": "sigmoid"}
"""Other names that the field uses."""

CONSTANTS: dict[str, tuple[float, str]] = {
    "pi": (pi, r"\pi"),
    "π": (pi, r"\pi"),
    "tau": (2.0 * pi, r"\tau"),
    "e": (2.718281828459045, "e"),
}
"""Name → number, and how TeX writes it."""
