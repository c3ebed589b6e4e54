"""Compiled kernels: one per surface and one per optimizer, never one per pair.

`drive` takes the addresses of a surface's kernels and of an optimizer's, so thirty surfaces and twenty-five optimizers
are compiled 55 times, not 750. Inside a kernel the rule is inlined and vectorised.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.descent.kernel import Integer, Kernel, Pointer, compile_rules
from fallline.engine.descent.step_kernels import step_kernel
from fallline.engine.optim import Elementwise, Optimizer
from fallline.engine.surfaces import Surface

VALUE = numba.types.void(Pointer, Pointer, Pointer, Integer)
GRADIENT = numba.types.void(Pointer, Pointer, Pointer, Pointer, Integer)


@cache
def value_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(x, y, loss, n)``."""
    return compile_rules(_value_loop, VALUE, surface.value_rule)


@cache
def gradient_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(x, y, ∂x, ∂y, n)``."""
    return compile_rules(_gradient_loop, GRADIENT, surface.gradient_rule)


@cache
def _addresses(surface: Surface, kind: type[Elementwise]) -> Any:
    """The addresses of value, gradient and step, shape (3,): compiled at the first call."""
    kernels = (value_kernel(surface), gradient_kernel(surface), step_kernel(kind))
    return np.array([kernel.address for kernel in kernels])


def kernels_of(surface: Surface, optimizer: Optimizer) -> tuple[Any, Any, Any]:
    """Returns what `drive` needs: addresses, hyperparameters, and what each memory starts from.

    Raises:
        SpecError: the optimizer is not elementwise.
    """
    if not isinstance(optimizer, Elementwise):
        raise SpecError("optimizer", optimizer.name, "one that looks at each element alone, as compiled loops do")
    return _addresses(surface, type(optimizer)), np.array(optimizer.hyperparameters), np.array(optimizer.initial)


def _value_loop(rule: Any) -> Callable[..., None]:
    def kernel(x: Any, y: Any, loss: Any, n: int) -> None:
        for i in range(n):
            loss[i] = rule(x[i], y[i])

    return kernel


def _gradient_loop(rule: Any) -> Callable[..., None]:
    def kernel(x: Any, y: Any, gx: Any, gy: Any, n: int) -> None:
        for i in range(n):
            gx[i], gy[i] = rule(x[i], y[i])

    return kernel
