"""Logits and probabilities, and the two-parameter logistic fit p = σ(a·z + b) that calibration rests on."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from fallline.engine.metrics.binary import Floats


def logit(p: ArrayLike) -> Floats:
    """Returns log(p / (1 − p)); probabilities of 0 and 1 are moved inside by the machine epsilon.

    >>> logit([0.5]).tolist()
    [0.0]
    """
    tiny = np.finfo(np.float64).eps
    inside = np.clip(np.asarray(p, dtype=np.float64), tiny, 1.0 - tiny)
    out: Floats = np.log(inside) - np.log1p(-inside)
    return out


def sigmoid_fit(z: Floats, target: Floats) -> tuple[float, float]:
    """Fits a and b of σ(a·z + b) to targets in [0, 1] by Newton's method with backtracking (Lin, Lin and Weng 2007).

    Args:
        z: scores, shape (n,), not all equal.
        target: labels or smoothed labels, shape (n,), not separable by z unless smoothed.

    Returns:
        The slope a and the intercept b that minimise log loss.
    """
    centre, spread = float(z.mean()), float(z.std())
    x = (z - centre) / spread
    a, b = 0.0, float(logit([target.mean()])[0])
    value = _loss(a, b, x, target)
    for _ in range(100):
        p = expit(a * x + b)
        residual, curvature = p - target, p * (1.0 - p)
        slope = np.array([residual @ x, residual.sum()])
        if np.abs(slope).max() < 1e-12 * x.size:
            break
        hessian = np.array([[curvature @ x**2, curvature @ x], [curvature @ x, curvature.sum()]])
        step = np.linalg.solve(hessian + 1e-12 * np.eye(2), slope)
        a, b, new = _backtrack((a, b), step, float(slope @ step), value, x, target)
        if new >= value:
            break
        value = new
    return a / spread, b - a * centre / spread


def _backtrack(
    start: tuple[float, float], step: Floats, descent: float, value: float, x: Floats, target: Floats
) -> tuple[float, float, float]:
    """Halves the Newton step until the loss falls enough; returns the start where it never does."""
    size = 1.0
    while size > 1e-10:
        a, b = start[0] - size * float(step[0]), start[1] - size * float(step[1])
        new = _loss(a, b, x, target)
        if new < value - 1e-4 * size * descent:
            return a, b, new
        size /= 2
    return (*start, value)


def _loss(a: float, b: float, x: Floats, target: Floats) -> float:
    """Returns Σ log(1 + e^z) − target·z without overflow."""
    z = a * x + b
    return float(np.logaddexp(0.0, z).sum() - target @ z)
