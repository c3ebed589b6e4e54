"""The heavy ball on a quadratic, exactly: each eigenvector of the curvature by itself, as Goh (2017) draws it.

Along an eigenvector of curvature λ the error obeys e_{k+1} = (1 + β − αλ)·e_k − β·e_{k−1}: the roots of
z² − (1 + β − αλ)·z + β say everything. Real and positive: it creeps in. Complex: it swings, and shrinks by √β a step
whatever λ is. Outside the unit circle: it runs away. Polyak (1964) has the best α and β.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
MEASURED_STEPS = 1_000


@dataclass(frozen=True)
class Best:
    """The α and β under which the slowest eigenvector is fastest.

    Attributes:
        rate: α = (2/(√λmin + √λmax))².
        beta: β = ((√κ − 1)/(√κ + 1))².
        decay: √β, by which every error then shrinks a step.
        plain: the best that gradient descent can do, (κ − 1)/(κ + 1).
    """

    rate: float
    beta: float
    decay: float
    plain: float


def decay_of(eigenvalues: ArrayLike, rate: ArrayLike, beta: ArrayLike) -> Array:
    """Returns the larger |root| for each eigenvalue: by how much the error shrinks a step, in the long run.

    >>> decay_of([1.0, 3.0], 0.5, 0.0)
    array([0.5, 0.5])
    """
    middle = 1.0 + np.asarray(beta) - np.asarray(rate) * np.asarray(eigenvalues, dtype=np.float64)
    inside = middle * middle - 4.0 * np.asarray(beta)
    real = 0.5 * (np.abs(middle) + np.sqrt(np.maximum(inside, 0.0)))
    return np.asarray(np.where(inside >= 0.0, real, np.sqrt(np.asarray(beta))))


def regime_of(eigenvalue: float, rate: float, beta: float) -> str:
    """Returns how the error along an eigenvector goes: ``creeps``, ``swings``, ``flips`` or ``diverges``.

    It flips where the roots are real and the larger is negative: the sign changes at every step.
    """
    if decay_of(eigenvalue, rate, beta) >= 1.0:
        return "diverges"
    middle = 1.0 + beta - rate * eigenvalue
    if middle * middle < 4.0 * beta:
        return "swings"
    return "creeps" if middle >= 0.0 else "flips"


def best_of(lowest: float, highest: float) -> Best:
    """Returns the best α and β for curvatures from the lowest to the highest (Polyak, 1964).

    >>> best_of(1.0, 9.0)
    Best(rate=0.25, beta=0.25, decay=0.5, plain=0.8)
    """
    root = np.sqrt(highest / lowest)
    decay = float((root - 1.0) / (root + 1.0))
    rate = float((2.0 / (np.sqrt(lowest) + np.sqrt(highest))) ** 2)
    return Best(rate, decay * decay, decay, float((highest - lowest) / (highest + lowest)))


def measured_decay(eigenvalues: Array, rate: float, beta: float, steps: int = MEASURED_STEPS) -> Array:
    """Returns by how much each error shrinks a step, measured: the heavy ball runs, and a line is fitted to its log.

    Error and speed are put back to length 1 after every step, which changes nothing along a line, so that neither
    overflows nor vanishes; the fit takes the last half of the steps.

    Args:
        eigenvalues: shape (d,).
        rate: α.
        beta: β.
        steps: how many.

    Returns:
        shape (d,); 0 where the error is gone for good.
    """
    error, speed = np.ones_like(eigenvalues), np.zeros_like(eigenvalues)
    logs = np.zeros((steps, len(eigenvalues)))
    for step in range(steps):
        speed = beta * speed + eigenvalues * error
        error = error - rate * speed
        length = np.sqrt(error * error + (rate * speed) ** 2)
        alive = length > 0.0
        scale = np.where(alive, length, 1.0)
        error, speed = error / scale, speed / scale
        logs[step] = np.where(alive, np.log(scale), -np.inf)
    gone = np.isneginf(logs).any(axis=0)
    total = np.cumsum(np.where(gone, 0.0, logs), axis=0)[steps // 2 :]
    time = np.arange(len(total)) - (len(total) - 1) / 2.0
    slopes = time @ total / (time @ time)
    return np.asarray(np.where(gone, 0.0, np.exp(slopes)))
