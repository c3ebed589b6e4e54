"""Rules as compiled code: loops and C functions, kept on disk where there is room, their names telling their rules.

Descents and populations compile the same rules with the same tools; what differs between them is the loop around.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numba
from numba.core import event

Function = Callable[..., Any]


@dataclass(frozen=True)
class Kernel:
    """A compiled C function; the address is good for as long as this value lives.

    Attributes:
        address: of the function.
        owner: what keeps the code in memory.
    """

    address: int
    owner: Any


class _Once(event.Listener):  # type: ignore[misc]  # Numba has no types
    """Says at the first thing that it hears of that code is being compiled, and then no more."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._say: Callable[[], None] | None = say

    def on_start(self, event: Any) -> None:
        """Hears that a pass of the compiler begins."""
        del event
        say, self._say = self._say, None
        if say is not None:
            say()

    def on_end(self, event: Any) -> None:
        """Hears that it ended."""


@contextmanager
def telling(say: Callable[[], None]) -> Iterator[None]:
    """Calls `say`, once, when code begins to be compiled inside; not where it is at hand, or comes from the cache.

    >>> with telling(lambda: print("compiling")):
    ...     numba.njit(lambda x: 2 * x)(3)
    compiling
    6
    """
    with event.install_listener("numba:run_pass", _Once(say)):
        yield


def compile_loop(loop: Function) -> Any:
    """Compiles at the first call, or loads from the cache; other threads run meanwhile."""
    return _cached(lambda cache: numba.njit(cache=cache, nogil=True, error_model="numpy")(loop))


def compile_c(signature: Any, function: Function) -> Kernel:
    """Compiles a C function now, or loads it from the cache."""
    compiled = _cached(lambda cache: numba.cfunc(signature, cache=cache, error_model="numpy")(function))
    return Kernel(int(compiled.address), compiled)


def _cached(build: Callable[..., Any]) -> Any:
    """Numba keeps code beside the package, or in the person's cache; where it can write to neither, it keeps none."""
    try:
        return build(cache=True)
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
        return build(cache=False)


def fingerprint(*rules: Function) -> str:
    """Twelve hex digits of what the rules do: their code, and the numbers and functions that they use.

    Numba looks at a loop's own source only. In the loop's name, this makes a changed formula another kernel, with a
    cache file of its own.

    >>> fingerprint(lambda x: 2 * x) == fingerprint(lambda x: 2 * x), fingerprint(lambda x: 3 * x) == fingerprint(len)
    (True, False)
    """
    told: list[str] = []
    for rule in rules:
        if not isinstance(rule, types.FunctionType):
            told.append(repr(rule))
            continue
        code = rule.__code__
        told += [code.co_code.hex(), repr(code.co_consts), repr(code.co_names)]
        for name, used in names_of(rule):
            if isinstance(used, int | float):
                told.append(f"{name}={used!r}")
            elif isinstance(used, types.FunctionType) and used is not rule:
                told.append(fingerprint(used))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def names_of(rule: Any) -> list[tuple[str, Any]]:
    """What a function's names stand for: those of its module, and those of the function around it."""
    known = [(name, rule.__globals__.get(name)) for name in rule.__code__.co_names]
    return known + [
        (n, c.cell_contents) for n, c in zip(rule.__code__.co_freevars, rule.__closure__ or (), strict=True)
    ]
