"""Pools: rows from which mixed rows are put together, one raw column from here and another from there.

Every explanation asks what a model says about rows that mix the values of two real rows. A pool answers in row
numbers: ``mix(index)`` takes column j of row i from pool row ``index[i, j]``. So a category's one-hot columns always
move together, words are handled like numbers, and an encoded matrix need not be encoded again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fallline.core.choice import nearest
from fallline.core.errors import DataError

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


class Pool(Protocol):
    """Rows with named raw columns."""

    @property
    def names(self) -> tuple[str, ...]:
        """The raw columns."""
        ...

    @property
    def rows(self) -> int:
        """How many rows there are to take values from."""
        ...

    def mix(self, index: Rows) -> Any:
        """Returns rows in the form that the model reads; `index` has shape (m, columns)."""
        ...

    def same(self, rows: Rows) -> Rows:
        """Numbers the distinct values of each column among m rows, shape (m, p): equal numbers, equal values."""
        ...


@dataclass(frozen=True)
class MatrixPool:
    """Encoded rows: each raw column is one or several columns of a matrix.

    Attributes:
        matrix: float32 of shape (n, width).
        sources: the raw column of each matrix column; its order of first appearance is the order of `names`.
    """

    matrix: NDArray[np.float32]
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or self.matrix.shape[1] != len(self.sources) or not self.sources:
            raise DataError(
                f"A matrix of shape {self.matrix.shape} does not fit {len(self.sources)} sources: "
                "expected one source per column."
            )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The raw columns."""
        return tuple(dict.fromkeys(self.sources))

    @property
    def rows(self) -> int:
        """How many rows there are to take values from."""
        return len(self.matrix)

    @cached_property
    def which(self) -> Rows:
        """The place in `names` of each matrix column, shape (width,)."""
        return np.array([self.names.index(source) for source in self.sources], dtype=np.int64)

    def mix(self, index: Rows) -> NDArray[np.float32]:
        """Returns float32 of shape (m, width)."""
        return self.matrix[index[:, self.which], np.arange(len(self.sources))]

    def same(self, rows: Rows) -> Rows:
        """Numbers the distinct values of each raw column among these rows, shape (m, p)."""
        out = np.empty((len(rows), len(self.names)), dtype=np.int64)
        for place in range(len(self.names)):
            block = self.matrix[rows][:, self.which == place]
            out[:, place] = np.unique(block, axis=0, return_inverse=True)[1].ravel()
        return out


@dataclass(frozen=True)
class ColumnPool:
    """Raw rows: one array per column, words and numbers alike, None or NaN where missing.

    Attributes:
        columns: name → array of shape (n,).
    """

    columns: Mapping[str, NDArray[Any]]

    def __post_init__(self) -> None:
        shapes = {np.shape(values) for values in self.columns.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise DataError(f"Columns have the shapes {sorted(shapes)}: expected one common length, one value per row.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The raw columns."""
        return tuple(self.columns)

    @property
    def rows(self) -> int:
        """How many rows there are to take values from."""
        return len(next(iter(self.columns.values())))

    def mix(self, index: Rows) -> dict[str, NDArray[Any]]:
        """Returns name → array of shape (m,)."""
        return {name: values[index[:, place]] for place, (name, values) in enumerate(self.columns.items())}

    def same(self, rows: Rows) -> Rows:
        """Numbers the distinct values of each column among these rows, shape (m, p)."""
        out = np.empty((len(rows), len(self.columns)), dtype=np.int64)
        for place, values in enumerate(self.columns.values()):
            seen: dict[Any, int] = {}
            # NaN differs from itself, so all missing values are given one key.
            keys = (None if value is None or value != value else value for value in values[rows].tolist())  # noqa: PLR0124
            out[:, place] = [seen.setdefault(key, len(seen)) for key in keys]
        return out


def column_place(name: str, names: Sequence[str]) -> int:
    """Returns a column's place.

    Raises:
        DataError: no such column; names the nearest one.
    """
    if name not in names:
        close = nearest(name, names)
        raise DataError(f"There is no column {name!r} to explain." + (f" Did you mean {close!r}?" if close else ""))
    return list(names).index(name)


def unmixed(rows: Rows, columns: int) -> Rows:
    """Returns the index of whole rows, shape (m, columns)."""
    return np.repeat(np.asarray(rows, dtype=np.int64)[:, None], columns, axis=1)
