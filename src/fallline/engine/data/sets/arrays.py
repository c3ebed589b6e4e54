"""Data from a person's own arrays or tensors."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError, SpecError
from fallline.engine.data.sets.data import Data, Task, set_apart


def data_of(  # noqa: PLR0917 - x and y first, as everywhere
    x: ArrayLike,
    y: ArrayLike,
    rng: np.random.Generator,
    task: Task | None = None,
    validation: float = 0.2,
    test: float = 0.0,
    name: str = "arrays",
) -> Data:
    """Sets arrays apart for training.

    Args:
        x: (n, …) numbers, or whole numbers from 0 as tokens (n, length) where the task is ``tokens``.
        y: (n,) or (n, k).
        rng: where the split comes from.
        task: guessed from y when None: floats are a regression, whole numbers are classes.
        validation: share of the rows that choose.
        test: share that judge.
        name: for people.

    Raises:
        DataError: the arrays do not fit each other or the task, or are not finite.
        SpecError: an unknown task, or shares that leave nothing to learn from.

    >>> data = data_of([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1], np.random.default_rng(0), validation=0.5)
    >>> data.task, data.x.shape, data.y.tolist()
    ('binary', (4, 1), [0, 1, 0, 1])
    """
    xs, ys = np.array(x), np.array(y)
    if task is not None and task not in get_args(Task):
        raise SpecError("task", task, f"one of {', '.join(get_args(Task))}")
    if not (validation >= 0.0 and test >= 0.0 and validation + test < 1.0):
        raise SpecError("validation", validation, "a share that, with that of the test, leaves rows to learn from")
    if xs.ndim < 2 or len(xs) != len(ys) or not len(xs):
        raise DataError(f"x has the shape {xs.shape} and y {ys.shape}: expected one row of each per sample.")
    kind: Task = task or _guessed(ys)
    if kind == "tokens":
        xs, ys = _whole(xs, "x"), _whole(ys, "y")
        if xs.shape != ys.shape:
            raise DataError(f"Tokens need a token of y for each of x: {xs.shape} and {ys.shape} differ.")
        vocabulary, classes = int(max(xs.max(), ys.max())) + 1, 0
    else:
        xs, vocabulary = _finite(xs, "x"), 0
        ys, classes = _targets(ys, kind)
    return Data(name, kind, xs, ys, *set_apart(ys, kind, validation, test, rng), classes, vocabulary)


def _guessed(y: NDArray[Any]) -> Task:
    if y.dtype.kind == "f":
        return "regression"
    return "binary" if y.ndim == 1 and len(np.unique(y)) == 2 else "classes"


def _targets(y: NDArray[Any], task: Task) -> tuple[NDArray[Any], int]:
    """Returns y as the task wants it, and how many classes there are."""
    if task == "regression":
        return _finite(y.reshape(len(y), -1), "y"), 0
    if y.ndim != 1:
        raise DataError(f"Classes need one label per row; y has the shape {y.shape}.")
    found, codes = np.unique(y, return_inverse=True)
    if len(found) < 2 or (task == "binary" and len(found) != 2):
        raise DataError(f"y has {len(found)} classes; expected {'two' if task == 'binary' else 'at least two'}.")
    return codes.reshape(-1).astype(np.int64), len(found)


def _finite(values: NDArray[Any], name: str) -> NDArray[np.float32]:
    try:
        numbers = values.astype(np.float32)
    except (TypeError, ValueError):
        raise DataError(f"{name} holds {values.dtype}: expected numbers.") from None
    if not np.isfinite(numbers).all():
        place = np.argwhere(~np.isfinite(numbers))[0].tolist()
        raise DataError(f"{name} is not a finite float32 at {place}: fill or leave out what is missing.")
    return numbers


def _whole(values: NDArray[Any], name: str) -> NDArray[np.int64]:
    if values.dtype.kind not in "iu" or values.ndim != 2 or values.min() < 0:
        raise DataError(f"{name} holds {values.dtype} of shape {values.shape}: expected tokens, whole numbers from 0.")
    return values.astype(np.int64)
