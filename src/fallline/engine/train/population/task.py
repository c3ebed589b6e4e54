"""What all members of a population share: the rows, the loss, the size of a batch, and how long they train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.choice import lookup
from fallline.core.errors import DataError, SpecError
from fallline.engine.data.sets import Data
from fallline.engine.train.loop.losses import default_loss
from fallline.engine.train.population.compiled import TYPES, Precision
from fallline.engine.train.population.losses import LOSSES

Streams = Literal["population", "train"]
Rows: TypeAlias = tuple[NDArray[Any], NDArray[Any]]
"""Inputs and targets."""
Given: TypeAlias = Data | tuple[ArrayLike, ArrayLike]


@dataclass(frozen=True, eq=False)
class Task:
    """The shared part.

    Attributes:
        x: inputs, (n, …), contiguous and in the precision of the training; whole numbers where they are tokens.
        y: one class a row, shape (n,), a token for each step, shape (n, length), or one number an output, shape
            (n, outputs).
        loss: a name in `LOSSES`.
        batch: rows a step; the last batch of an epoch holds what is left.
        steps: how many steps a member takes in all.
        precision: in which everything is computed.
        said: the targets as they came; noise on labels is drawn on them.
        kinds: how many classes or tokens there are to be said; 0 where they are numbers.
        validation: rows that are looked at and never taught; None where there are none.
        look: steps between two looks; 0 where nobody looks.
        streams: whose draws the members' seeds mean.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    loss: str
    batch: int
    steps: int
    precision: Precision
    said: NDArray[Any]
    kinds: int
    validation: Rows | None
    look: int
    streams: Streams

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.x)

    @property
    def tokens(self) -> bool:
        """Whether the inputs are tokens, with one to be said for each."""
        return self.x.dtype == np.int64

    @property
    def epoch(self) -> int:
        """How many steps an epoch has."""
        return -(-self.rows // self.batch)

    @property
    def looks(self) -> NDArray[np.int64]:
        """The steps before which, and at last after which, it is looked: 0, then every `look` steps, then the end."""
        if not self.look:
            return np.empty(0, dtype=np.int64)
        return np.array([*range(0, self.steps, self.look), self.steps], dtype=np.int64)


def task_of(  # noqa: PLR0917 - data first, as everywhere
    data: Given,
    loss: str | None,
    batch: int,
    steps: int,
    precision: Precision = "float32",
    look: int | None = None,
    streams: Streams = "population",
    *,
    looks: bool = False,
) -> Task:
    """Checks and prepares what a population shares.

    Args:
        data: inputs and targets; or `Data`, whose validation rows are looked at.
        loss: a name in `LOSSES`; None takes the data's own, of arrays cross-entropy.
        batch: rows a step, ≥ 1.
        steps: ≥ 1.
        precision: float32 or float64.
        look: steps between two looks; an epoch when None.
        streams: whose draws the members' seeds mean.
        looks: whether somebody asks to be looked at.

    Raises:
        SpecError: a name or number outside its range.
        DataError: rows that do not fit together, or a value that is no number.
    """
    if loss is None:
        loss = default_loss(data.task) if isinstance(data, Data) else "cross_entropy"
    lookup(loss, LOSSES, "loss")
    lookup(precision, TYPES, "precision")
    lookup(streams, {"population": 0, "train": 0}, "streams")
    for name, value in (("batch", batch), ("steps", steps), ("look", 1 if look is None else look)):
        if value < 1:
            raise SpecError(name, value, "a whole number of at least 1")
    held: Rows | None = None
    if isinstance(data, Data):
        taught, kinds = (data.x[data.train], data.y[data.train]), data.vocabulary or data.classes
        if len(data.validation):
            held = _prepared((data.x[data.validation], data.y[data.validation]), loss, precision)
    else:
        taught, kinds = (np.asarray(data[0]), np.asarray(data[1])), 0
    x, y = _prepared(taught, loss, precision)
    kinds = kinds or _kinds(y, loss)
    batch = min(batch, len(x))
    every = (look or -(-len(x) // batch)) if held is not None or looks else 0
    return Task(x, y, loss, batch, steps, precision, taught[1], kinds, held, every, streams)


def _prepared(rows: Rows, loss: str, precision: Precision) -> Rows:
    """Inputs and targets as they are computed with."""
    x, said = rows
    tokens = LOSSES[loss].classes and x.dtype.kind in "iu" and x.ndim == 2 and said.shape == x.shape
    x = np.ascontiguousarray(x, dtype=np.int64 if tokens else precision)
    if x.ndim < 2 or len(x) == 0 or len(x) != len(said):
        raise DataError(f"Inputs of shape {x.shape} and targets of shape {said.shape}: each row needs one of both.")
    if not (np.isfinite(x).all() and np.isfinite(said).all()):
        raise DataError("Inputs and targets must be finite numbers: fill or leave out what is missing.")
    y = targets(said if tokens else said.reshape(len(x), -1), loss, precision, tokens=tokens)
    if LOSSES[loss].classes and (y.size != said.size or (y.reshape(-1) != said.reshape(-1)).any() or y.min() < 0):
        raise DataError(f"The loss {loss} wants one class a row, a whole number from 0 on.")
    return x, y


def targets(said: NDArray[Any], loss: str, precision: Precision, *, tokens: bool) -> NDArray[Any]:
    """Returns targets as they are computed with: classes (n,), tokens (n, length) or numbers (n, outputs)."""
    if not LOSSES[loss].classes:
        return np.ascontiguousarray(said.reshape(len(said), -1), dtype=precision)
    return np.ascontiguousarray(said if tokens else said.reshape(len(said), -1)[:, 0], dtype=np.int64)


def _kinds(y: NDArray[Any], loss: str) -> int:
    """How many classes there are; 0 for numbers."""
    if LOSSES[loss].classes:
        return int(y.max()) + 1
    return 2 if loss == "log_loss" and set(np.unique(y).tolist()) <= {0.0, 1.0} else 0
