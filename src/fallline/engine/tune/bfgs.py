"""BFGS for a handful of parameters in a box (Nocedal and Wright 2006, algorithm 6.1, with projected steps).

SciPy's L-BFGS-B does the same, but spends a millisecond around each call, and where BLAS may use several threads it
wakes them for matrices of two rows: forty times as long on a busy machine.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def bfgs(
    function: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    low: Floats,
    high: Floats,
    *,
    steps: int = 25,
    tolerance: float = 1e-4,
) -> Floats:
    """Returns parameters with a lower value than the start, near a local minimum.

    Args:
        function: value and gradient.
        start: shape (k,), within the box.
        low: lower bounds, shape (k,).
        high: upper bounds, shape (k,).
        steps: how many at most.
        tolerance: stop when no free component of the gradient is larger, or when a step gains less than its square.

    >>> bowl = lambda x: (float(x @ x - x.sum()), 2 * x - 1)
    >>> bfgs(bowl, np.array([3.0, 3.0]), np.array([-9.0, 1.0]), np.array([9.0, 9.0])).round(4).tolist()
    [0.5, 1.0]
    """
    x, (value, slope) = start, function(start)
    inverse, plain = np.eye(x.size), True
    for _ in range(steps):
        free = ~(((x <= low) & (slope > 0)) | ((x >= high) & (slope < 0)))
        if not free.any() or np.abs(slope[free]).max() < tolerance:
            break
        direction = np.where(free, -(inverse @ np.where(free, slope, 0.0)), 0.0)
        # No step of more than a unit of log scale: the curvature is known only nearby.
        direction /= max(1.0, float(np.abs(direction).max()))
        found = _backtrack(function, (x, value, slope), direction, low, high)
        if found is None and plain:
            break
        if found is None:
            inverse, plain = np.eye(x.size), True  # forget the curvature, try the slope
            continue
        moved, new_value, new_slope = found
        plain = False
        inverse = _updated(inverse, moved - x, new_slope - slope)
        done = value - new_value < tolerance**2 * (1.0 + abs(value))
        x, value, slope = moved, new_value, new_slope
        if done:
            break
    return x


def _backtrack(
    function: Callable[[Floats], tuple[float, Floats]],
    at: tuple[Floats, float, Floats],
    direction: Floats,
    low: Floats,
    high: Floats,
) -> tuple[Floats, float, Floats] | None:
    """Halves the step until the value falls enough (Armijo); None where it never does."""
    (x, value, slope), size = at, 1.0
    for _ in range(12):
        trial = np.clip(x + size * direction, low, high)
        new, new_slope = function(trial)
        if new <= value + 1e-4 * float(slope @ (trial - x)) and new < value:
            return trial, new, new_slope
        size /= 2
    return None


def _updated(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """Returns the inverse Hessian after a step (equation 6.17); unchanged where the curvature is not positive."""
    curvature = float(step @ change)
    if curvature <= 1e-10:
        return inverse
    left = np.eye(step.size) - step[:, None] * change / curvature
    out: Floats = left @ inverse @ left.T + step[:, None] * step / curvature
    return out
