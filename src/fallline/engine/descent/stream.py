"""Writing past the caches what is not read again soon: the recorded path of a large sweep.

An ordinary store first reads the line that it will overwrite, which for a path of megabytes doubles the traffic to
memory, and it drives the weights out of the cache. A non-temporal store of a whole line does neither. The bits written
are the same.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

LINE = 8
"""Numbers to a cache line of 64 bytes."""
LARGE = 200_000
"""Paths of so many numbers do not stay in a second-level cache."""

Pointer = numba.types.CPointer(numba.types.float64)


def _store_line(typing: Any, to: Any, i: Any, source: Any, k: Any) -> Any:
    """Copies a line from ``source[k]`` to ``to[i]``, which must be the start of a line."""
    del typing, to, i, source, k

    def generate(context: Any, builder: Any, _: Any, args: Any) -> Any:
        line = ir.VectorType(ir.DoubleType(), LINE).as_pointer()
        here = builder.bitcast(builder.gep(args[2], [args[3]]), line)
        there = builder.bitcast(builder.gep(args[0], [args[1]]), line)
        stored = builder.store(builder.load(here, align=8), there, align=64)
        stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return numba.types.void(Pointer, numba.types.int64, Pointer, numba.types.int64), generate


def _fence(typing: Any) -> Any:
    """Waits until all is written: other threads may look once it returns."""
    del typing

    def generate(context: Any, builder: Any, _: Any, __: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return numba.types.void(), generate


store_line, fence = intrinsic(_store_line), intrinsic(_fence)
