"""What all members of a population share: the rows, the loss, the size of a batch, and how long they train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.choice import lookup
from fallline.core.errors import DataError, SpecError
from fallline.engine.train.population.compiled import TYPES, Precision
from fallline.engine.train.population.losses import LOSSES


@dataclass(frozen=True, eq=False)
class Task:
    """The shared part.

    Attributes:
        x: inputs, (n, …), contiguous and in the precision of the training.
        y: one class a row, shape (n,), or one number an output, shape (n, outputs).
        loss: a name in `LOSSES`.
        batch: rows a step; the last batch of an epoch holds what is left.
        steps: how many steps a member takes in all.
        precision: in which everything is computed.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    loss: str
    batch: int
    steps: int
    precision: Precision

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.x)

    @property
    def epoch(self) -> int:
        """How many steps an epoch has."""
        return -(-self.rows // self.batch)


def task_of(
    data: tuple[ArrayLike, ArrayLike], loss: str, batch: int, steps: int, precision: Precision = "float32"
) -> Task:
    """Checks and prepares what a population shares.

    Args:
        data: inputs and targets.
        loss: a name in `LOSSES`.
        batch: rows a step, ≥ 1.
        steps: ≥ 1.
        precision: float32 or float64.

    Raises:
        SpecError: a name or number outside its range.
        DataError: rows that do not fit together, or a value that is no number.
    """
    lookup(loss, LOSSES, "loss")
    lookup(precision, TYPES, "precision")
    for name, value in (("batch", batch), ("steps", steps)):
        if value < 1:
            raise SpecError(name, value, "a whole number of at least 1")
    x = np.ascontiguousarray(data[0], dtype=precision)
    targets = np.asarray(data[1])
    if x.ndim < 2 or len(x) == 0 or len(x) != len(targets):
        raise DataError(f"Inputs of shape {x.shape} and targets of shape {targets.shape}: each row needs one of both.")
    if not (np.isfinite(x).all() and np.isfinite(targets).all()):
        raise DataError("Inputs and targets must be finite numbers: fill or leave out what is missing.")
    if LOSSES[loss].classes:
        y = np.ascontiguousarray(targets.reshape(len(x), -1)[:, 0], dtype=np.int64)
        if targets.size != len(x) or (y != targets.reshape(-1)).any() or y.min() < 0:
            raise DataError(f"The loss {loss} wants one class a row, a whole number from 0 on.")
        return Task(x, y, loss, min(batch, len(x)), steps, precision)
    y = np.ascontiguousarray(targets.reshape(len(x), -1), dtype=precision)
    return Task(x, y, loss, min(batch, len(x)), steps, precision)
