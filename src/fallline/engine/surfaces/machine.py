"""The machine: one compiled loop that runs any program, so that a new expression needs no compiling at all.

Each operation is done for a whole block of members before the next, which keeps its vector loops tight; the backward
pass hands adjoints from the result to the coordinates in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fallline.engine.surfaces.block import Block
from fallline.engine.surfaces.functions import FUNCTIONS
from fallline.engine.surfaces.program import OPERATIONS, Program

WIDTH = 256
"""Members that go through an operation together."""

CONSTANT, ADD, SUBTRACT, MULTIPLY, DIVIDE, RAISE, SCALE, SHIFT, SQUARE, POWER, MAX, MIN = range(12)


def block_of(program: Program) -> Block:
    """Returns how a compiled descent evaluates a program."""
    places = program.dimension + len(program.steps)
    return Block(program_value, program_gradient, program.encoded(), 2 * places * WIDTH)


def program_value(w: Any, loss: Any, data: Any, work: Any, n: int, d: int) -> None:
    """Writes the value of a program at n points."""
    for low in range(0, n, WIDTH):
        b = min(WIDTH, n - low)
        _enter(w, work, low, b, n, d)
        _forward(data, work, b, d)
        top = int(data[1]) * b
        for i in range(b):
            loss[low + i] = work[top + i]


def program_gradient(w: Any, g: Any, data: Any, work: Any, _rows: Any, _m: int, n: int, d: int) -> None:
    """Writes the gradient of a program at n points; it has no rows."""
    places = d + int(data[0])
    for low in range(0, n, WIDTH):
        b = min(WIDTH, n - low)
        _enter(w, work, low, b, n, d)
        _forward(data, work, b, d)
        u = places * b
        for i in range(places * b):
            work[u + i] = 0.0
        top = u + int(data[1]) * b
        for i in range(b):
            work[top + i] = 1.0
        _backward(data, work, u, b, d)
        for j in range(d):
            for i in range(b):
                g[j * n + low + i] = work[u + j * b + i]


def _enter(w: Any, work: Any, low: int, b: int, n: int, d: int) -> None:
    for j in range(d):
        for i in range(b):
            work[j * b + i] = w[j * n + low + i]


def _forward(data: Any, v: Any, b: int, d: int) -> None:
    """Does every step for b members; the value of place p of member i is at ``v[p * b + i]``."""
    for k in range(int(data[0])):
        operation, c = int(data[4 * k + 2]), data[4 * k + 5]
        a, s, to = int(data[4 * k + 3]) * b, int(data[4 * k + 4]) * b, (d + k) * b
        if operation < SCALE:
            _binary(operation, v, a, s, to, c, b)
        elif operation <= MIN:
            _single(operation, v, a, s, to, c, b)
        else:
            for i in range(b):
                v[to + i] = _apply(operation, v[a + i])


def _binary(operation: int, v: Any, a: int, s: int, to: int, c: float, b: int) -> None:  # noqa: C901, PLR0912, PLR0917 - flat memory, and a loop for each operation
    if operation == CONSTANT:
        for i in range(b):
            v[to + i] = c
    elif operation == ADD:
        for i in range(b):
            v[to + i] = v[a + i] + v[s + i]
    elif operation == SUBTRACT:
        for i in range(b):
            v[to + i] = v[a + i] - v[s + i]
    elif operation == MULTIPLY:
        for i in range(b):
            v[to + i] = v[a + i] * v[s + i]
    elif operation == DIVIDE:
        for i in range(b):
            v[to + i] = v[a + i] / v[s + i]
    else:
        for i in range(b):
            v[to + i] = v[a + i] ** v[s + i]


def _single(operation: int, v: Any, a: int, s: int, to: int, c: float, b: int) -> None:  # noqa: C901, PLR0912, PLR0917 - flat memory, and a loop for each operation
    if operation == SCALE:
        for i in range(b):
            v[to + i] = c * v[a + i]
    elif operation == SHIFT:
        for i in range(b):
            v[to + i] = v[a + i] + c
    elif operation == SQUARE:
        for i in range(b):
            v[to + i] = v[a + i] * v[a + i]
    elif operation == POWER:
        for i in range(b):
            v[to + i] = v[a + i] ** c
    elif operation == MAX:
        for i in range(b):
            v[to + i] = max(v[a + i], v[s + i])
    else:
        for i in range(b):
            v[to + i] = min(v[a + i], v[s + i])


def _backward(data: Any, v: Any, u: int, b: int, d: int) -> None:
    """Hands the adjoints, from ``v[u]`` on, from every step to its arguments."""
    for back in range(int(data[0])):
        k = int(data[0]) - 1 - back
        operation, c = int(data[4 * k + 2]), data[4 * k + 5]
        a, s, to = int(data[4 * k + 3]) * b, int(data[4 * k + 4]) * b, (d + k) * b
        if operation == CONSTANT:
            continue
        if operation < SCALE:
            _binary_back(operation, v, a, s, to, u, b)
        elif operation <= MIN:
            _single_back(operation, v, a, s, to, u, c, b)
        else:
            for i in range(b):
                v[u + a + i] += v[u + to + i] * _slope(operation, v[a + i], v[to + i])


def _binary_back(  # noqa: PLR0917 - flat memory, and a loop for each operation
    operation: int, v: Any, a: int, s: int, to: int, u: int, b: int
) -> None:
    if operation == ADD:
        for i in range(b):
            v[u + a + i] += v[u + to + i]
            v[u + s + i] += v[u + to + i]
    elif operation == SUBTRACT:
        for i in range(b):
            v[u + a + i] += v[u + to + i]
            v[u + s + i] -= v[u + to + i]
    elif operation == MULTIPLY:
        for i in range(b):
            v[u + a + i] += v[u + to + i] * v[s + i]
            v[u + s + i] += v[u + to + i] * v[a + i]
    elif operation == DIVIDE:
        for i in range(b):
            v[u + a + i] += v[u + to + i] / v[s + i]
            v[u + s + i] -= v[u + to + i] * v[a + i] / (v[s + i] * v[s + i])
    else:
        for i in range(b):
            v[u + a + i] += v[u + to + i] * v[s + i] * v[a + i] ** (v[s + i] - 1.0)
            v[u + s + i] += v[u + to + i] * v[to + i] * np.log(v[a + i])


def _single_back(  # noqa: PLR0917 - flat memory, and a loop for each operation
    operation: int, v: Any, a: int, s: int, to: int, u: int, c: float, b: int
) -> None:
    if operation == SCALE:
        for i in range(b):
            v[u + a + i] += v[u + to + i] * c
    elif operation == SHIFT:
        for i in range(b):
            v[u + a + i] += v[u + to + i]
    elif operation == SQUARE:
        for i in range(b):
            v[u + a + i] += v[u + to + i] * 2.0 * v[a + i]
    elif operation == POWER:
        for i in range(b):
            v[u + a + i] += v[u + to + i] * c * v[a + i] ** (c - 1.0)
    else:
        for i in range(b):
            first = v[a + i] >= v[s + i] if operation == MAX else v[a + i] <= v[s + i]
            v[u + a + i] += v[u + to + i] * (1.0 if first else 0.0)
            v[u + s + i] += v[u + to + i] * (0.0 if first else 1.0)


def _nothing(_operation: int, _x: float, _f: float) -> float:
    return np.nan


def _chosen(code: int, function: Callable[..., Any], others: Callable[..., Any]) -> Callable[..., Any]:
    """One link of the chain that picks a function by its number."""

    def choose(operation: int, x: float, f: float) -> Any:
        return function(x, f) if operation == code else others(operation, x, f)

    return choose


def _of_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    def value(x: float, _f: float) -> Any:
        return function(x)

    return value


def _chain(rules: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    chain: Callable[..., Any] = _nothing
    for name, rule in reversed(rules.items()):
        chain = _chosen(OPERATIONS.index(name), rule, chain)
    return chain


_values = _chain({name: _of_argument(function.value) for name, function in FUNCTIONS.items()})
_slope = _chain({name: function.slope for name, function in FUNCTIONS.items()})


def _apply(operation: int, x: float) -> Any:
    return _values(operation, x, 0.0)
