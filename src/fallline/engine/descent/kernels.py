"""Compiled kernels: one per surface and one per optimizer, never one per pair.

A kernel is a plain C function over a block of members, reached by its address. `drive` takes the addresses of a
surface's kernels and of an optimizer's, so thirty surfaces and twenty-five optimizers are compiled 55 times, not 750.
Inside a kernel the rule is inlined and vectorised.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

from fallline.engine.descent.cached import compile_c
from fallline.engine.optim import Optimizer
from fallline.engine.surfaces import Surface

Real, Integer, Pointer = numba.types.float64, numba.types.int64, numba.types.CPointer(numba.types.float64)
VALUE = numba.types.void(Pointer, Pointer, Pointer, Integer)
GRADIENT = numba.types.void(Pointer, Pointer, Pointer, Pointer, Integer)
STEP = numba.types.void(Pointer, Pointer, Pointer, Pointer, Pointer, Real, Integer)


@dataclass(frozen=True)
class Kernel:
    """A compiled function; the address is good for as long as this value lives.

    Attributes:
        address: of ``void f(double *, …, int64_t n)``.
        owner: what keeps the code in memory.
    """

    address: int
    owner: Any


@cache
def value_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(x, y, loss, n)``."""
    return _compile(_value_loop, VALUE, surface.value_rule)


@cache
def gradient_kernel(surface: Surface) -> Kernel:
    """Compiles, or loads, ``(x, y, ∂x, ∂y, n)``."""
    return _compile(_gradient_loop, GRADIENT, surface.gradient_rule)


@cache
def step_kernel(kind: type[Optimizer]) -> Kernel:
    """Compiles, or loads, ``(w, g, memories, rate, hyperparameters, t, n)``; memory j of weight i is at j·n + i."""
    return _compile(_STEP_LOOPS[kind.memories], STEP, kind.rule, kind.constants)


@cache
def _addresses(surface: Surface, kind: type[Optimizer]) -> Any:
    """The addresses of value, gradient and step, shape (3,): compiled at the first call."""
    kernels = (value_kernel(surface), gradient_kernel(surface), step_kernel(kind))
    return np.array([kernel.address for kernel in kernels])


def kernels_of(surface: Surface, optimizer: Optimizer) -> tuple[Any, Any, Any]:
    """Returns what `drive` needs: addresses, hyperparameters, and what each memory starts from."""
    return _addresses(surface, type(optimizer)), np.array(optimizer.hyperparameters), np.array(optimizer.initial)


def _compile(loop: Callable[..., Any], signature: Any, *rules: Callable[..., Any]) -> Kernel:
    for rule in rules:
        register_jitable(rule)
    kernel = loop(*rules)
    # A name of its own gives each kernel a cache file of its own; Numba looks at the loop's source only, so the name
    # also carries what the rule says: a changed formula is another kernel.
    kernel.__qualname__ = f"{rules[0].__name__}_{_fingerprint(*rules)}"
    compiled = compile_c(signature, kernel)
    return Kernel(int(compiled.address), compiled)


def _fingerprint(*rules: Callable[..., Any]) -> str:
    """Twelve hex digits of what the rules do: their code, and the numbers and functions that they use."""
    told: list[str] = []
    for rule in rules:
        code = rule.__code__
        told += [code.co_code.hex(), repr(code.co_consts), repr(code.co_names)]
        for name in code.co_names:
            used = rule.__globals__.get(name)
            if isinstance(used, int | float):
                told.append(f"{name}={used!r}")
            elif isinstance(used, types.FunctionType):
                told.append(_fingerprint(used))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


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


_STEP_LOOPS = (_no_memory, _one_memory, _two_memories)
