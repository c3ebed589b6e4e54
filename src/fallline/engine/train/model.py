"""Model: a trained classifier as plain data. No framework is needed to predict with it, and nothing is pickled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
History = dict[str, tuple[float, ...]]
"""Series over epochs or rounds, such as ``loss`` and ``validation``; empty where a fit has none."""


class Model(Protocol):
    """What every family gives back: a frozen value that turns an encoded matrix into probabilities."""

    @property
    def family(self) -> str:
        """Name of the family."""
        ...

    @property
    def width(self) -> int:
        """Number of matrix columns that it reads."""
        ...

    @property
    def parameters(self) -> int:
        """Number of fitted numbers."""
        ...

    @property
    def used(self) -> tuple[int, ...]:
        """The matrix columns that can change a prediction."""
        ...

    @property
    def history(self) -> History:
        """How the fit went, epoch by epoch."""
        ...

    def logits(self, matrix: ArrayLike) -> Floats:
        """Returns log odds of the positive class, shape (n,), computed in float32 as the exported graph does."""
        ...

    def probabilities(self, matrix: ArrayLike) -> Floats:
        """Returns probabilities of the positive class, shape (n,)."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data with the family's name under ``family``; arrays as lists."""
        ...


def probabilities(logits: ArrayLike) -> Floats:
    """Returns 1 / (1 + e^−z).

    >>> probabilities([0.0, 800.0]).tolist()
    [0.5, 1.0]
    """
    from scipy.special import expit  # 0.1 s that a look-up does not wait for: it loads this room for its names

    out: Floats = expit(np.asarray(logits, dtype=np.float64))
    return out


def as_matrix(matrix: ArrayLike, width: int) -> Matrix:
    """Returns a matrix as float32 of the width that a model reads.

    Raises:
        DataError: it has another shape.
    """
    plain = np.asarray(matrix, dtype=np.float32)
    if plain.ndim != 2 or plain.shape[1] != width:
        raise DataError(
            f"The model reads a matrix of {width} columns and got shape {plain.shape}: use its own encoding."
        )
    return plain


def plain_list(array: ArrayLike) -> Any:
    """Returns float32 numbers as (nested) lists of the shortest decimals that read back to them.

    >>> plain_list(np.float32([[0.1, 2.0]]))
    [[0.1, 2.0]]
    """
    return np.asarray(array, dtype=np.float32).astype(str).astype(np.float64).tolist()


def frozen(array: ArrayLike, dtype: type[np.generic] = np.float32) -> NDArray[Any]:
    """Returns a read-only copy, so that a model cannot change after it was made."""
    out = np.array(array, dtype=dtype)
    out.setflags(write=False)
    return out


def read_history(data: Mapping[str, Any]) -> History:
    """Reads the history that a model's `to_dict` wrote."""
    return {name: tuple(values) for name, values in data.get("history", {}).items()}
