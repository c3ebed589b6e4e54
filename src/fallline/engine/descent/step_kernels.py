"""The compiled steps of the elementwise optimizers: one kernel for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np

from fallline.engine.descent.kernel import Integer, Pointer, Real, compile_rules
from fallline.engine.optim import Elementwise
from fallline.engine.optim.compiled import Kernel

JUDGE = numba.types.void(Pointer, Pointer, Pointer, Pointer, Integer)
STEP = numba.types.void(Pointer, Pointer, Pointer, Pointer, Pointer, Real, Integer)


@cache
def step_kernel(kind: type[Elementwise]) -> Kernel:
    """Compiles, or loads, ``(w, g, memories, rate, hyperparameters, t, n)``; memory j of weight i is at j·n + i."""
    return compile_rules(_STEP_LOOPS[kind.memories], STEP, kind.rule, kind.constants)


@cache
def judge_kernel(kind: type[Elementwise]) -> Kernel | None:
    """Compiles, or loads, ``(w, memories, hyperparameters, x, n)``; None where one is judged where one stands."""
    return None if kind.judge is None else compile_rules(_JUDGE_LOOPS[kind.memories], JUDGE, kind.judge)


def _no_memory(rule: Any, constants: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, m: Any, rate: Any, k: Any, t: float, n: int) -> None:  # noqa: ARG001, PLR0917 - one ABI
        now = constants(t, k)
        for i in range(n):
            w[i] = rule(w[i], g[i], rate[i], now, np.sqrt)

    return kernel


def _one_memory(rule: Any, constants: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, m: Any, rate: Any, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
        now = constants(t, k)
        for i in range(n):
            w[i], m[i] = rule(w[i], g[i], rate[i], m[i], now, np.sqrt)

    return kernel


def _two_memories(rule: Any, constants: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, m: Any, rate: Any, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
        now = constants(t, k)
        for i in range(n):
            w[i], m[i], m[n + i] = rule(w[i], g[i], rate[i], m[i], m[n + i], now, np.sqrt)

    return kernel


def _three_memories(rule: Any, constants: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, m: Any, rate: Any, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
        now = constants(t, k)
        for i in range(n):
            w[i], m[i], m[n + i], m[2 * n + i] = rule(w[i], g[i], rate[i], m[i], m[n + i], m[2 * n + i], now, np.sqrt)

    return kernel


def _four_memories(rule: Any, constants: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, m: Any, rate: Any, k: Any, t: float, n: int) -> None:  # noqa: PLR0917 - one ABI
        now = constants(t, k)
        for i in range(n):
            w[i], m[i], m[n + i], m[2 * n + i], m[3 * n + i] = rule(
                w[i], g[i], rate[i], m[i], m[n + i], m[2 * n + i], m[3 * n + i], now, np.sqrt
            )

    return kernel


_STEP_LOOPS = (_no_memory, _one_memory, _two_memories, _three_memories, _four_memories)


def _judge_two(judge: Any) -> Callable[..., None]:
    def kernel(w: Any, m: Any, k: Any, x: Any, n: int) -> None:
        for i in range(n):
            x[i] = judge(w[i], m[i], m[n + i], k)

    return kernel


def _judge_four(judge: Any) -> Callable[..., None]:
    def kernel(w: Any, m: Any, k: Any, x: Any, n: int) -> None:
        for i in range(n):
            x[i] = judge(w[i], m[i], m[n + i], m[2 * n + i], m[3 * n + i], k)

    return kernel


_JUDGE_LOOPS = {2: _judge_two, 4: _judge_four}
"""Memories → loop; those that are judged elsewhere than where they stand remember two things or four."""
