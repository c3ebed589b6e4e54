"""Logistic regression with an L2 penalty, solved by Newton's method (iteratively reweighted least squares).

minimise  C · Σᵢ [log(1 + e^zᵢ) − yᵢ zᵢ] + ½ ‖w‖²,   zᵢ = w · xᵢ + b

The intercept b is not penalised, and C means what it means in scikit-learn. The problem is convex and small, so Newton
reaches the optimum to rounding in about eight steps, whatever the seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.ending import Ending, EndingKind
from fallline.engine.train.family import Family, Lesson
from fallline.engine.train.hyperparameter import Hyperparameter
from fallline.engine.train.model import (
    Floats,
    History,
    Matrix,
    as_matrix,
    frozen,
    plain_list,
    probabilities,
    read_history,
)

STEPS = 60
CHUNK = 16_384
"""Rows per block of the Hessian, so that a float64 copy of the whole matrix is never made."""


@dataclass(frozen=True, eq=False)
class LogisticModel:
    """z = w · x + b in float32.

    Attributes:
        weights: float32 (p,).
        intercept: b, a float32 number.
        history: ``loss``: penalised loss per row after each step.
    """

    weights: NDArray[np.float32]
    intercept: float
    history: History = field(default_factory=dict)
    family: str = "logistic"

    @property
    def width(self) -> int:
        """Number of matrix columns."""
        return len(self.weights)

    @property
    def parameters(self) -> int:
        """Weights and the intercept."""
        return len(self.weights) + 1

    @property
    def used(self) -> tuple[int, ...]:
        """Columns with a weight other than 0."""
        return tuple(np.flatnonzero(self.weights).tolist())

    def logits(self, matrix: ArrayLike) -> Floats:
        """Returns w · x + b per row, shape (n,)."""
        z = as_matrix(matrix, self.width) @ self.weights + np.float32(self.intercept)
        return z.astype(np.float64)

    def probabilities(self, matrix: ArrayLike) -> Floats:
        """Returns probabilities of the positive class, shape (n,)."""
        return probabilities(self.logits(matrix))

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return {
            "family": self.family,
            "weights": plain_list(self.weights),
            "intercept": plain_list(self.intercept),
            "history": {name: list(values) for name, values in self.history.items()},
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LogisticModel:
        """Reads what `to_dict` wrote."""
        return LogisticModel(frozen(data["weights"]), float(np.float32(data["intercept"])), read_history(data))


def fit_logistic(lesson: Lesson) -> tuple[LogisticModel, Ending]:
    """Fits logistic regression by Newton's method with step halving."""
    strength, rows = lesson.number("C"), lesson.matrix.shape[0]
    w = np.zeros(lesson.matrix.shape[1] + 1)
    w[-1] = np.log(lesson.labels.mean() / (1.0 - lesson.labels.mean()))
    value, losses = _loss(w, lesson, strength), []
    for step in range(1, STEPS + 1):
        slope, hessian = _derivatives(w, lesson, strength)
        direction: Floats = np.linalg.solve(hessian, slope).astype(np.float64)
        w, new = _backtrack(w, direction, float(slope @ direction), value, lesson, strength)
        gained, value = value - new, new
        losses.append(value / (strength * rows))
        if gained <= 1e-13 * max(1.0, abs(value)):
            sentence = f"Newton's method reached the optimum in {step} steps."
            return _model(w, losses), Ending(EndingKind.CONVERGED, sentence, step)
    sentence = f"Newton's method did not reach the optimum in {STEPS} steps: lower C to penalise large weights more."
    return _model(w, losses), Ending(EndingKind.STEP_LIMIT, sentence, STEPS)


def _model(w: Floats, losses: list[float]) -> LogisticModel:
    """Rounds a solution to the float32 numbers that are kept."""
    return LogisticModel(frozen(w[:-1]), float(np.float32(w[-1])), {"loss": tuple(losses)})


def _scores(w: Floats, matrix: Matrix) -> Floats:
    """Returns z in float64, block by block."""
    blocks = [matrix[start : start + CHUNK].astype(np.float64) @ w[:-1] for start in range(0, len(matrix), CHUNK)]
    z: Floats = np.concatenate(blocks) + w[-1]
    return z


def _loss(w: Floats, lesson: Lesson, strength: float) -> float:
    """Returns the penalised loss."""
    z = _scores(w, lesson.matrix)
    return float(strength * (np.logaddexp(0.0, z) - lesson.labels * z).sum() + 0.5 * w[:-1] @ w[:-1])


def _derivatives(w: Floats, lesson: Lesson, strength: float) -> tuple[Floats, Floats]:
    """Returns gradient and Hessian of the penalised loss."""
    from scipy.special import expit  # 0.1 s that a look-up does not wait for: it loads this room for its names

    width = len(w)
    slope, hessian = np.zeros(width), np.zeros((width, width))
    for start in range(0, len(lesson.matrix), CHUNK):
        block = np.column_stack(
            [lesson.matrix[start : start + CHUNK], np.ones(len(lesson.matrix[start : start + CHUNK]))]
        )
        p = expit(block @ w)
        slope += strength * (block.T @ (p - lesson.labels[start : start + CHUNK]))
        block *= np.sqrt(strength * p * (1.0 - p))[:, None]
        hessian += block.T @ block  # of one array with itself: NumPy computes one triangle and mirrors it
    slope[:-1] += w[:-1]
    hessian[np.diag_indices(width)] += np.append(np.ones(width - 1), 1e-9)
    return slope, hessian


def _backtrack(
    w: Floats, direction: Floats, descent: float, value: float, lesson: Lesson, strength: float
) -> tuple[Floats, float]:
    """Halves the Newton step until the loss falls enough; stays where it never does."""
    size = 1.0
    while size > 1e-8:
        tried = w - size * direction
        new = _loss(tried, lesson, strength)
        if new <= value - 1e-4 * size * descent:
            return tried, new
        size /= 2
    return w, value


LOGISTIC = Family(
    name="logistic",
    title="Logistic regression",
    style="linear",
    hyperparameters=(
        Hyperparameter(
            "C", "Inverse strength of the penalty", "float", 1.0, low=1e-3, high=1e2, floor=1e-6, ceiling=1e6, log=True
        ),
    ),
    learner=fit_logistic,
)
