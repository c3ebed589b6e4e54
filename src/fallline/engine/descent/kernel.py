"""A compiled kernel: a plain C function over a block of members, reached by its address, its rule inlined."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numba
from numba.extending import register_jitable

from fallline.engine.optim.compiled import Kernel, compile_c, fingerprint, names_of

Real, Integer, Pointer = numba.types.float64, numba.types.int64, numba.types.CPointer(numba.types.float64)


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
    return compile_c(signature, kernel)


def _used(rule: Any) -> list[types.FunctionType]:
    """Every function that a function calls, and that those call."""
    found: dict[types.FunctionType, None] = {}
    waiting = [rule]
    while waiting:
        for _, used in names_of(waiting.pop()):
            if isinstance(used, types.FunctionType) and used not in found:
                found[used] = None
                waiting.append(used)
    return list(found)
