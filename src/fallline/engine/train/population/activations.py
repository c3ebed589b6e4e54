"""Activations, compiled: value and slope of every unit in one pass."""

from __future__ import annotations

from functools import cache
from typing import Any

import numba

from fallline.engine.optim.compiled import Function, Kernel
from fallline.engine.train.population.compiled import TYPES, Precision, kernel
from fallline.engine.train.population.elementary import ROOT_HALF, ROOT_TAU, erf, exp, tanh

unit: Any = None
"""Stands for what `unit_kernel` compiles in its place."""


def relu(z: Any) -> Any:
    """max(0, z); the slope at 0 is 0, as in torch. Not a number stays so."""
    return max(z, 0.0), (0.0 if z <= 0.0 else 1.0)


def tanh_unit(z: Any) -> Any:
    """The hyperbolic tangent."""
    a = tanh(z)
    return a, 1.0 - a * a


def sigmoid(z: Any) -> Any:
    """1/(1 + e^−z)."""
    a = 1.0 / (1.0 + exp(-z))
    return a, a * (1.0 - a)


def gelu(z: Any) -> Any:
    """z·Φ(z), exact: torch's default, not the approximation by tanh."""
    share = 0.5 * (1.0 + erf(z * ROOT_HALF))
    return z * share, share + z * exp(-0.5 * z * z) * ROOT_TAU


def elu(z: Any) -> Any:
    """Above 0 z itself, below e^z − 1."""
    below = exp(min(z, 0.0))
    return (z if z > 0.0 else below - 1.0), (1.0 if z > 0.0 else below)


def silu(z: Any) -> Any:
    """z·σ(z)."""
    a = 1.0 / (1.0 + exp(-z))
    return z * a, a * (1.0 + z * (1.0 - a))


def leaky_relu(z: Any) -> Any:
    """Above 0 z itself, below z/100."""
    return (z if z > 0.0 else 0.01 * z), (1.0 if z > 0.0 else 0.01)


def identity(z: Any) -> Any:
    """The sum itself: a layer without an activation."""
    return z, 1.0


UNITS: dict[str, Function] = {
    "relu": relu,
    "tanh": tanh_unit,
    "sigmoid": sigmoid,
    "gelu": gelu,
    "elu": elu,
    "silu": silu,
    "leaky-relu": leaky_relu,
    "identity": identity,
}
"""Activation → ``z → value, slope`` of one unit."""


def unit_loop(z: Any, value: Any, slope: Any, n: int) -> None:
    """Writes value and slope of n units."""
    for i in range(n):
        value[i], slope[i] = unit(z[i])


@cache
def unit_kernel(name: str, precision: Precision) -> Kernel:
    """Compiles, or loads, ``(z, value, slope, n)``."""
    pointer = numba.types.CPointer(TYPES[precision])
    signature = numba.types.void(pointer, pointer, pointer, numba.types.int64)
    return kernel(unit_loop, signature, precision, {"unit": UNITS[name]})
