"""Activations: what a unit makes of its sum, and how steep it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Activation:
    """An elementwise function and its slope.

    Attributes:
        name: key in `ACTIVATIONS`.
        title: as a person reads it.
        formula: in TeX.
        source: author and year.
        value: ``z → a``.
        slope: ``(z, a) → da/dz``.
        steepest: the largest slope that it reaches, up to a tenth.
        saturates: whether it levels off on both sides; if not, a unit is idle only when no sample reaches it.
    """

    name: str
    title: str
    formula: str
    source: tuple[str, int]
    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    steepest: float
    saturates: bool


def _relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def _relu_slope(z: Array, _a: Array) -> Array:
    """1 above zero and 0 elsewhere, as in torch."""
    return (z > 0.0).astype(np.float64)


def _tanh_slope(_z: Array, a: Array) -> Array:
    return 1.0 - a * a


def _sigmoid(z: Array) -> Array:
    return np.asarray(expit(z))


def _sigmoid_slope(_z: Array, a: Array) -> Array:
    return a * (1.0 - a)


def _gelu(z: Array) -> Array:
    """z·Φ(z), exact: torch's default, not the approximation by tanh."""
    return np.asarray(0.5 * z * (1.0 + erf(z / sqrt(2.0))))


def _gelu_slope(z: Array, a: Array) -> Array:
    """Φ(z) + z·φ(z), with Φ(z) = a/z: half the time, since erf is the dearest part."""
    share = np.divide(a, z, out=np.full_like(z, 0.5), where=z != 0.0)
    return share + z * np.exp(-0.5 * np.minimum(z * z, 1400.0)) / sqrt(2.0 * pi)


TANH = Activation(
    "tanh", "Tanh", r"\tanh z", ("LeCun and others", 1998), np.tanh, _tanh_slope, steepest=1.0, saturates=True
)
RELU = Activation(
    "relu", "ReLU", r"\max(0, z)", ("Nair and Hinton", 2010), _relu, _relu_slope, steepest=1.0, saturates=False
)
SIGMOID = Activation(
    "sigmoid",
    "Sigmoid",
    r"\frac{1}{1 + e^{-z}}",
    ("Rumelhart, Hinton and Williams", 1986),
    _sigmoid,
    _sigmoid_slope,
    steepest=0.25,
    saturates=True,
)
GELU = Activation(
    "gelu",
    "GELU",
    r"z\,\Phi(z)",
    ("Hendrycks and Gimpel", 2016),
    _gelu,
    _gelu_slope,
    steepest=1.1,
    saturates=False,
)
