"""The multilayer perceptron as plain arrays, evaluated in NumPy's float32 as the exported graph does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def _elu(z: Matrix) -> Matrix:
    """Returns z, and e^z − 1 where z is negative (Clevert et al. 2016)."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, np.float32(0))))


ACTIVATIONS: dict[str, Callable[[Matrix], Matrix]] = {
    "relu": lambda z: np.maximum(z, np.float32(0)),
    "tanh": np.tanh,
    "elu": _elu,
}


@dataclass(frozen=True, eq=False)
class PerceptronModel:
    """Layers of h ← f(h W + b), the last one without f.

    Attributes:
        weights: float32 (inputs, outputs) per layer.
        biases: float32 (outputs,) per layer.
        activation: f: ``relu``, ``tanh`` or ``elu``.
        history: ``loss``, ``validation`` and ``rate`` per epoch.
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]
    activation: str
    history: History = field(default_factory=dict)
    family: str = "mlp"

    @property
    def width(self) -> int:
        """Number of matrix columns."""
        return int(self.weights[0].shape[0])

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum(each.size for each in (*self.weights, *self.biases))

    @property
    def used(self) -> tuple[int, ...]:
        """Columns with a weight other than 0 in the first layer."""
        return tuple(np.flatnonzero(np.abs(self.weights[0]).max(axis=1)).tolist())

    def logits(self, matrix: ArrayLike) -> Floats:
        """Returns the last layer's output, shape (n,)."""
        h, f = as_matrix(matrix, self.width), ACTIVATIONS[self.activation]
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            h = f(h @ w + b)
        z = h @ self.weights[-1] + self.biases[-1]
        return z[:, 0].astype(np.float64)

    def probabilities(self, matrix: ArrayLike) -> Floats:
        """Returns probabilities of the positive class, shape (n,)."""
        return probabilities(self.logits(matrix))

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return {
            "family": self.family,
            "activation": self.activation,
            "weights": [plain_list(w) for w in self.weights],
            "biases": [plain_list(b) for b in self.biases],
            "history": {name: list(values) for name, values in self.history.items()},
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> PerceptronModel:
        """Reads what `to_dict` wrote."""
        return PerceptronModel(
            weights=tuple(frozen(w) for w in data["weights"]),
            biases=tuple(frozen(b) for b in data["biases"]),
            activation=data["activation"],
            history=read_history(data),
        )
