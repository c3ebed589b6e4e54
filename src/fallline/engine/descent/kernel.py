"""A compiled kernel: a plain C function over a block of members, reached by its address, its rule inlined."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
from numba.extending import register_jitable

from fallline.engine.descent.cached import compile_c

Real, Integer, Pointer = numba.types.float64, numba.types.int64, numba.types.CPointer(numba.types.float64)


@dataclass(frozen=True)
class Kernel:
    """A compiled function; the address is good for as long as this value lives.

    Attributes:
        address: of ``void f(double *, …, int64_t n)``.
        owner: what keeps the code in memory.
    """

    address: int
    owner: Any


def compile_rules(loop: Callable[..., Any], signature: Any, *rules: Callable[..., Any]) -> Kernel:
    """Compiles a loop around elementwise rules, or loads it from the cache."""
    for rule in rules:
        register_jitable(rule)
    return _compiled(loop(*rules), signature, rules[0].__name__, *rules)


def compile_block(function: Callable[..., Any], signature: Any) -> Kernel:
    """Compiles a loop over members with everything that it calls, or loads it from the cache."""
    for used in _used(function):
        register_jitable(used)
    closure: Any = getattr(function, "__closure__", None)
    copy = types.FunctionType(function.__code__, function.__globals__, function.__name__, None, closure)
    return _compiled(copy, signature, function.__name__, function)


def _compiled(kernel: Any, signature: Any, name: str, *rules: Callable[..., Any]) -> Kernel:
    # A name of its own gives each kernel a cache file of its own; Numba looks at the loop's source only, so the name
    # also carries what the rule says: a changed formula is another kernel.
    kernel.__qualname__ = f"{name}_{fingerprint(*rules)}"
    compiled = compile_c(signature, kernel)
    return Kernel(int(compiled.address), compiled)


def fingerprint(*rules: Callable[..., Any]) -> str:
    """Twelve hex digits of what the rules do: their code, and the numbers and functions that they use."""
    told: list[str] = []
    for rule in rules:
        code = rule.__code__
        told += [code.co_code.hex(), repr(code.co_consts), repr(code.co_names)]
        for name, used in _names(rule):
            if isinstance(used, int | float):
                told.append(f"{name}={used!r}")
            elif isinstance(used, types.FunctionType):
                told.append(fingerprint(used))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _names(rule: Any) -> list[tuple[str, Any]]:
    """What a function's names stand for: those of its module, and those of the function around it."""
    known = [(name, rule.__globals__.get(name)) for name in rule.__code__.co_names]
    return known + [
        (n, c.cell_contents) for n, c in zip(rule.__code__.co_freevars, rule.__closure__ or (), strict=True)
    ]


def _used(rule: Any) -> list[types.FunctionType]:
    """Every function that a function calls, and that those call."""
    found: dict[types.FunctionType, None] = {}
    waiting = [rule]
    while waiting:
        for _, used in _names(waiting.pop()):
            if isinstance(used, types.FunctionType) and used not in found:
                found[used] = None
                waiting.append(used)
    return list(found)
