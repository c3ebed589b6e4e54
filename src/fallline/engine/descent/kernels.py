"""Compiled kernels: one per surface and one per optimizer, never one per pair.

`drive` takes the addresses of a surface's kernels and of an optimizer's, so thirty surfaces and twenty-five optimizers
are compiled 55 times, not 750. Inside a kernel the rule is inlined and vectorised.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numba
import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.kernel import Integer, Pointer, compile_block, compile_rules
from fallline.engine.descent.step_kernels import judge_kernel, step_kernel
from fallline.engine.optim import Elementwise, Optimizer
from fallline.engine.optim.compiled import Kernel
from fallline.engine.surfaces import Surface

VALUE = numba.types.void(Pointer, Pointer, Pointer, Pointer, Integer, Integer)
GRADIENT = numba.types.void(Pointer, Pointer, Pointer, Pointer, Pointer, Integer, Integer, Integer)
KEPT = 256
"""Surfaces whose kernels are kept at hand; those of a rule or a block are kept for good, and they are few."""


def value_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(w, loss, data, work, n, d)``; coordinate j of member i is at ``w[j * n + i]``."""
    if surface.block is not None:
        return _of_block(surface.block.value, gradient=False)
    return _of_value(surface.value_rule, surface.dimension)


def gradient_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(w, g, data, work, rows, m, n, d)``."""
    if surface.block is not None:
        return _of_block(surface.block.gradient, gradient=True)
    return _of_gradient(surface.gradient_rule, surface.dimension)


@cache
def _of_block(function: Callable[..., Any], *, gradient: bool) -> Kernel:
    return compile_block(function, GRADIENT if gradient else VALUE)


@cache
def _of_value(rule: Callable[..., Any], dimension: int) -> Kernel:
    return compile_rules(_VALUE_LOOPS[dimension], VALUE, rule)


@cache
def _of_gradient(rule: Callable[..., Any], dimension: int) -> Kernel:
    return compile_rules(_GRADIENT_LOOPS[dimension], GRADIENT, rule)


@lru_cache(maxsize=KEPT)
def _addresses(surface: Surface, kind: type[Elementwise]) -> Any:
    """The addresses of value, gradient, step and judge, shape (4,), 0 for none: compiled at the first call."""
    kernels = (value_kernel(surface), gradient_kernel(surface), step_kernel(kind), judge_kernel(kind))
    return np.array([0 if kernel is None else kernel.address for kernel in kernels])


def kernels_of(surface: Surface, optimizer: Optimizer) -> tuple[Any, Any, Any]:
    """Returns what `drive` needs: addresses, hyperparameters, and what each memory starts from.

    Raises:
        SpecError: the optimizer is not elementwise.
    """
    if not isinstance(optimizer, Elementwise):
        raise SpecError("optimizer", optimizer.name, "one that looks at each element alone, as compiled loops do")
    return _addresses(surface, type(optimizer)), np.array(optimizer.hyperparameters), np.array(optimizer.initial)


def memory_of(surface: Surface) -> tuple[Any, Any]:
    """Returns a surface's own numbers, and scratch memory for its kernels; both hold at least one number."""
    if surface.block is None:
        return np.zeros(1), np.empty(1)
    return surface.block.data, np.empty(max(surface.block.work, 1))


def _value_line(rule: Any) -> Callable[..., None]:
    def kernel(w: Any, loss: Any, data: Any, work: Any, n: int, d: int) -> None:  # noqa: ARG001 - one ABI
        for i in range(n):
            loss[i] = rule(w[i])

    return kernel


def _value_plane(rule: Any) -> Callable[..., None]:
    def kernel(w: Any, loss: Any, data: Any, work: Any, n: int, d: int) -> None:  # noqa: ARG001 - one ABI
        for i in range(n):
            loss[i] = rule(w[i], w[n + i])

    return kernel


def _gradient_line(rule: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, _data: Any, _work: Any, _rows: Any, _m: int, n: int, _d: int) -> None:
        for i in range(n):
            (g[i],) = rule(w[i])

    return kernel


def _gradient_plane(rule: Any) -> Callable[..., None]:
    def kernel(w: Any, g: Any, _data: Any, _work: Any, _rows: Any, _m: int, n: int, _d: int) -> None:
        for i in range(n):
            g[i], g[n + i] = rule(w[i], w[n + i])

    return kernel


_VALUE_LOOPS = {1: _value_line, 2: _value_plane}
_GRADIENT_LOOPS = {1: _gradient_line, 2: _gradient_plane}
