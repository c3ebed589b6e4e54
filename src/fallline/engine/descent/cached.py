"""Compiling with a cache on disk where there is room for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compile_loop(loop: Callable[..., Any]) -> Any:
    """Compiles at the first call, or loads from the cache; other threads run meanwhile."""
    return _cached(lambda cache: numba.njit(cache=cache, nogil=True, error_model="numpy")(loop))


def compile_c(signature: Any, function: Callable[..., Any]) -> Any:
    """Compiles a C function now, or loads it from the cache."""
    return _cached(lambda cache: numba.cfunc(signature, cache=cache, error_model="numpy")(function))


def _cached(build: Callable[..., Any]) -> Any:
    """Numba keeps code beside the package, or in the person's cache; where it can write to neither, it keeps none."""
    try:
        return build(cache=True)
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
        return build(cache=False)
