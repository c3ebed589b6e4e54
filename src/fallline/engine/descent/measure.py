"""Losses and slopes along a finished path, by the kernels that walked it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import register_jitable

from fallline.engine.descent.drive import _measure, call_gradient, call_value, pointer
from fallline.engine.descent.kernels import gradient_kernel, memory_of, value_kernel
from fallline.engine.optim.compiled import compile_loop
from fallline.engine.surfaces import Surface
from fallline.engine.surfaces.surface import Array


def _evaluate(kernels: Any, data: Any, work: Any, points: Any, losses: Any, norms: Any) -> None:
    """Writes the loss and the length of the gradient at every point of a path, one at a time, as `drive` does."""
    d, n = points.shape
    w, g = np.empty(d), np.empty(d)
    for t in range(n):
        for j in range(d):
            w[j] = points[j, t]
        call_gradient(kernels[1], pointer(w), pointer(g), pointer(data), pointer(work), pointer(work), 0, 1, d)
        _measure(g, 1, d, norms[t : t + 1])
    call_value(kernels[0], pointer(points), pointer(losses), pointer(data), pointer(work), n, d)


register_jitable(_measure)
evaluate = compile_loop(_evaluate)


def measured(surface: Surface, points: Array) -> tuple[Array, Array]:
    """Returns losses and lengths of the gradient, shape (n,) each.

    Args:
        surface: the loss.
        points: shape (d, n), contiguous.
    """
    kernels = np.array([value_kernel(surface).address, gradient_kernel(surface).address])
    losses, norms = np.empty(points.shape[1]), np.empty(points.shape[1])
    evaluate(kernels, *memory_of(surface), points, losses, norms)
    return losses, norms
