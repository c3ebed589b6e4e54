"""The step of an optimizer, compiled: its constants once, its rule for every weight of one member."""

from __future__ import annotations

from functools import cache
from math import sqrt
from typing import Any

import numba

from fallline.engine.optim import Elementwise
from fallline.engine.optim.compiled import Function, Kernel
from fallline.engine.train.population.compiled import TYPES, Precision, kernel
from fallline.engine.train.population.pointers import all_like, like, shift

rule: Any = None
constants: Any = None
"""These two stand for what `step_kernel` compiles in their place."""


def no_memory(w: Any, g: Any, m: Any, rate: float, k: Any, t: float, n: int) -> None:  # noqa: ARG001, PLR0917 - one ABI
    """Moves n weights."""
    now, eta = all_like(w, constants(t, k)), like(w, rate)
    for i in range(n):
        w[i] = rule(w[i], g[i], eta, now, sqrt)


def one_memory(w: Any, g: Any, m: Any, rate: float, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
    """Moves n weights, each with one memory."""
    now, eta = all_like(w, constants(t, k)), like(w, rate)
    for i in range(n):
        w[i], m[i] = rule(w[i], g[i], eta, m[i], now, sqrt)


def two_memories(w: Any, g: Any, m: Any, rate: float, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
    """Moves n weights, each with two memories."""
    now, eta = all_like(w, constants(t, k)), like(w, rate)
    second = shift(m, n)
    for i in range(n):
        w[i], m[i], second[i] = rule(w[i], g[i], eta, m[i], second[i], now, sqrt)


def three_memories(w: Any, g: Any, m: Any, rate: float, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
    """Moves n weights, each with three memories."""
    now, eta = all_like(w, constants(t, k)), like(w, rate)
    second, third = shift(m, n), shift(m, 2 * n)
    for i in range(n):
        w[i], m[i], second[i], third[i] = rule(w[i], g[i], eta, m[i], second[i], third[i], now, sqrt)


def four_memories(w: Any, g: Any, m: Any, rate: float, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
    """Moves n weights, each with four memories."""
    now, eta = all_like(w, constants(t, k)), like(w, rate)
    second, third, fourth = shift(m, n), shift(m, 2 * n), shift(m, 3 * n)
    for i in range(n):
        moved = rule(w[i], g[i], eta, m[i], second[i], third[i], fourth[i], now, sqrt)
        w[i], m[i], second[i], third[i], fourth[i] = moved


LOOPS: tuple[Function, ...] = (no_memory, one_memory, two_memories, three_memories, four_memories)


@cache
def step_kernel(kind: type[Elementwise], precision: Precision) -> Kernel:
    """Compiles, or loads, ``(w, g, memories, rate, hyperparameters, t, n)``; memory j of weight i is at j·n + i."""
    pointer, real = numba.types.CPointer(TYPES[precision]), numba.types.float64
    signature = numba.types.void(pointer, pointer, pointer, real, numba.types.CPointer(real), real, numba.types.int64)
    return kernel(LOOPS[kind.memories], signature, precision, {"rule": kind.rule}, {"constants": kind.constants})
