"""The loop itself, compiled once for every surface and optimizer: members outside in blocks, steps inside.

A block's weights, slopes and memories stay in the first-level cache while all its steps are taken; only the path is
written to memory. Kernels are called by address: 300 steps of one member cost 5 µs of calls, where Numba's first-class
functions cost 48.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.extending import intrinsic, register_jitable

from fallline.engine.descent.stream import LARGE, LINE, fence, store_line
from fallline.engine.optim.compiled import compile_loop

Pointer = numba.types.CPointer(numba.types.float64)


def _call(context: Any, builder: Any, args: Any) -> Any:
    """Calls ``void f(args[1:])`` at the address args[0]."""
    function = ir.FunctionType(ir.VoidType(), [arg.type for arg in args[1:]])
    builder.call(builder.inttoptr(args[0], function.as_pointer()), args[1:])
    return context.get_dummy_value()


def _call_value(  # noqa: PLR0917 - the kernel's own parameters
    typing: Any, address: Any, w: Any, loss: Any, data: Any, work: Any, n: Any, d: Any
) -> Any:
    del typing, address, w, loss, data, work, n, d
    signature = numba.types.void(numba.types.intp, *(Pointer,) * 4, numba.types.int64, numba.types.int64)
    return signature, lambda context, builder, _, args: _call(context, builder, args)


def _call_gradient(  # noqa: PLR0917 - the kernel's own parameters
    typing: Any, address: Any, w: Any, g: Any, data: Any, work: Any, rows: Any, m: Any, n: Any, d: Any
) -> Any:
    del typing, address, w, g, data, work, rows, m, n, d
    signature = numba.types.void(numba.types.intp, *(Pointer,) * 5, *(numba.types.int64,) * 3)
    return signature, lambda context, builder, _, args: _call(context, builder, args)


def _call_step(  # noqa: PLR0917 - the kernel's own parameters
    typing: Any, address: Any, w: Any, g: Any, m: Any, rate: Any, k: Any, t: Any, n: Any
) -> Any:
    del typing, address, w, g, m, rate, k, t, n
    pointers = (Pointer,) * 5
    signature = numba.types.void(numba.types.intp, *pointers, numba.types.float64, numba.types.int64)
    return signature, lambda context, builder, _, args: _call(context, builder, args)


def _call_judge(typing: Any, address: Any, w: Any, m: Any, k: Any, x: Any, n: Any) -> Any:  # noqa: PLR0917 - as above
    del typing, address, w, m, k, x, n
    signature = numba.types.void(numba.types.intp, *(Pointer,) * 4, numba.types.int64)
    return signature, lambda context, builder, _, args: _call(context, builder, args)


def _pointer(typing: Any, array: Any) -> Any:
    """The address of a contiguous array's first element, as a typed pointer."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, args[0]).data

    return Pointer(array), generate


call_value, call_gradient = intrinsic(_call_value), intrinsic(_call_gradient)
call_step, call_judge = intrinsic(_call_step), intrinsic(_call_judge)
pointer = intrinsic(_pointer)


def _room(buffer: Any, size: int, elsewhere: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Weights, slopes, rates, the place where it is judged, and memories of a block."""
    w, x = buffer[:size], buffer[3 * size : 4 * size]
    return w, buffer[size : 2 * size], buffer[2 * size : 3 * size], x if elsewhere else w, buffer[4 * size :]


def _take(kernels: Any, w: Any, g: Any, m: Any, r: Any, k: Any, x: Any, t: int, size: int) -> None:  # noqa: PLR0917
    """Takes step t, and works out where it is judged."""
    call_step(kernels[2], pointer(w), pointer(g), pointer(m), pointer(r), pointer(k), float(t + 1), size)
    if kernels[3] != 0:
        call_judge(kernels[3], pointer(w), pointer(m), pointer(k), pointer(x), size)


def _enter(paths: Any, low: int, b: int, w: Any, initial: Any, m: Any) -> None:
    """Puts a block's members at their start and their memories at the beginning."""
    d = paths.shape[0]
    for j in range(d):
        for i in range(b):
            w[j * b + i] = paths[j, 0, low + i]
    for j in range(initial.size):
        for i in range(d * b):
            m[d * b * j + i] = initial[j]


def _measure(g: Any, b: int, d: int, lengths: Any) -> None:
    """Writes the lengths of a block's gradients."""
    for i in range(b):
        lengths[i] = g[i] * g[i]
    for j in range(1, d):
        for i in range(b):
            lengths[i] += g[j * b + i] * g[j * b + i]
    for i in range(b):
        lengths[i] = sqrt(lengths[i])


def _disturb(g: Any, b: int, noise: Any, t: int) -> None:
    """Adds the draw of step t, where there is one, to every gradient of a block."""
    for j in range(noise.shape[1] if noise.shape[0] > 0 else 0):
        for i in range(b):
            g[j * b + i] += noise[t, j]


def _set_rates(rates: Any, factors: Any, t: int, b: int, d: int, r: Any) -> None:
    """Writes each member's rate of step t, where it is new, once for each of its weights."""
    if t > 0 and factors[t] == factors[t - 1]:
        return
    for j in range(d):
        for i in range(b):
            r[j * b + i] = rates[i] * factors[t]


def _record(w: Any, b: int, paths: Any, t: int, low: int, first: int) -> None:
    """Writes where a block is, by whole lines past the caches; `first` is the place of the path's start in its line.

    A path that is small is written as usual: `first` is −1.
    """
    for j in range(paths.shape[0]):
        place = (j * paths.shape[1] + t) * paths.shape[2] + low
        head = min(b, (-(first + place)) % LINE) if first >= 0 else b
        last = head + (b - head) // LINE * LINE
        for i in range(head):
            paths[j, t, low + i] = w[j * b + i]
        for i in range(head, last, LINE):
            store_line(pointer(paths), place + i, pointer(w), j * b + i)
        for i in range(last, b):
            paths[j, t, low + i] = w[j * b + i]


def _drive(  # noqa: PLR0917 - compiled code takes its arguments by position
    kernels: Any,
    k: Any,
    initial: Any,
    rates: Any,
    factors: Any,
    noise: Any,
    rows: Any,
    data: Any,
    work: Any,
    paths: Any,
    losses: Any,
    norms: Any,
    block: int,
) -> None:
    """Moves every member through every step, from ``paths[:, 0]`` on.

    Args:
        kernels: the addresses of value, gradient, step and judge; 0 for the last where one is judged where one stands.
        k: the hyperparameters, shape (≥ 1,).
        initial: what each memory starts from, shape (memories,).
        rates: the base rate of each member, shape (n,).
        factors: what the schedule multiplies it by, shape (steps,).
        noise: what is added to every member's gradient, shape (steps, d), or (0, d).
        rows: which terms of the sum each step's gradient is the mean of, shape (steps, m), or (0, m) for all.
        data: the surface's own numbers.
        work: scratch memory for its kernels.
        paths: written, where each is judged; shape (d, steps + 1, n), contiguous.
        losses: written; shape (steps + 1, n), or (0, 0) where the losses are not wanted.
        norms: written, lengths of the noiseless gradients where each stands; shape as `losses`.
        block: how many members move together.
    """
    steps, n, d = factors.size, paths.shape[2], paths.shape[0]
    buffer = np.empty((4 + initial.size) * d * min(block, n))
    first = paths.ctypes.data // 8 % LINE if paths.size >= LARGE else -1
    here, scratch = pointer(data), pointer(work)
    for low in range(0, n, block):
        b = min(low + block, n) - low
        size = d * b
        w, g, r, x, m = _room(buffer, size, kernels[3] != 0)
        _enter(paths, low, b, w, initial, m)
        for t in range(steps + 1):
            if rows.shape[0] == 0 or norms.size > 0:
                call_gradient(kernels[1], pointer(w), pointer(g), here, scratch, scratch, 0, b, d)
            if norms.size > 0:
                _measure(g, b, d, norms[t, low : low + b])
            if t == steps:
                break
            if rows.shape[0] > 0:
                call_gradient(kernels[1], pointer(w), pointer(g), here, scratch, pointer(rows[t]), rows.shape[1], b, d)
            _disturb(g, b, noise, t)
            _set_rates(rates[low : low + b], factors, t, b, d, r)
            _take(kernels, w, g, m, r, k, x, t, size)
            _record(x, b, paths, t + 1, low, first)
    fence()
    if losses.size > 0:
        call_value(kernels[0], pointer(paths), pointer(losses), here, scratch, losses.size, d)


for _part in (_room, _take, _enter, _measure, _disturb, _set_rates, _record):
    register_jitable(_part)
drive = compile_loop(_drive)
