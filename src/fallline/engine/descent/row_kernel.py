"""The walk over rows as one compiled loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

from fallline.engine.optim.compiled import compile_loop

LOST = 1e9
"""A weight beyond which a walk is given up."""


@register_jitable  # type: ignore[untyped-decorator]  # Numba has no types
def _above(w: Any, lowest: Any, hessian: Any) -> float:
    """The loss above the lowest: ½·eᵀHe."""
    above = 0.0
    for i in range(len(w)):
        for j in range(len(w)):
            above += 0.5 * (w[i] - lowest[i]) * hessian[i, j] * (w[j] - lowest[j])
    return above


@register_jitable  # type: ignore[untyped-decorator]  # Numba has no types
def _slope(x: Any, y: Any, rows: Any, w: Any, g: Any) -> None:
    """Writes the sum of the rows' gradients."""
    g[:] = 0.0
    for row in rows:
        error = -y[row]
        for i in range(len(w)):
            error += x[row, i] * w[i]
        for i in range(len(w)):
            g[i] += error * x[row, i]


@register_jitable  # type: ignore[untyped-decorator]  # Numba has no types
def _moved(w: Any, g: Any, rate: float) -> float:
    """Takes the step; the largest weight after it."""
    biggest = 0.0
    for i in range(len(w)):
        w[i] -= rate * g[i]
        biggest = max(biggest, abs(w[i]))
    return biggest


def walk(  # noqa: PLR0917 - one compiled call
    x: Any, y: Any, order: Any, hessian: Any, lowest: Any, rate: Any, size: Any, whole: Any, steps: Any, within: Any,
    weights: Any, arrived: Any, lost: Any,
) -> None:  # fmt: skip
    """Fills `weights`, `arrived` and `lost`; see `walk_rows`."""
    for number in range(weights.shape[0]):
        w, g, kept = np.zeros(x.shape[1]), np.zeros(x.shape[1]), 0
        for step in range(steps[-1] + 1):
            if arrived[number] < 0 and _above(w, lowest, hessian) <= within:
                arrived[number] = step
            while kept < len(steps) and steps[kept] == step:
                weights[number, kept] = w
                kept += 1
            if kept == len(steps):
                break
            start = 0 if whole else step * size
            _slope(x, y, order[number, start : start + size], w, g)
            if not _moved(w, g, rate / size) < LOST:
                lost[number] = step + 1
                break


compiled_walk = compile_loop(walk)
