"""The loss over a table's rows as a surface: which columns, in what units."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from fallline.core.errors import DataError
from fallline.engine.data.table import Table
from fallline.engine.surfaces import Surface, empirical_surface
from fallline.runs.spec.descent import RowsSpec

Floats = NDArray[np.float64]


def rows_surface(table: Table, rows: RowsSpec) -> Surface:
    """Returns the loss of a linear model over a table; rows with a missing value are left out.

    Args:
        table: the data.
        rows: loss, target and columns.

    Raises:
        DataError: a column is not there or holds no numbers, or the loss cannot take the labels.
    """
    features = np.stack([_numbers(table, name) for name in rows.columns], axis=1)
    labels = _labels(table, rows)
    whole = np.isfinite(features).all(axis=1) & np.isfinite(labels)
    if whole.sum() < 2:
        raise DataError("Fewer than two rows have a value in every column: take other columns.")
    features, labels = features[whole], labels[whole]
    if rows.standard:
        features = _standard(features, rows.columns)
    return empirical_surface(
        features,
        labels,
        rows.loss,  # type: ignore[arg-type]  # looked up by name there
        intercept=rows.intercept,
        ridge=rows.ridge,
        width=rows.width,
        columns=rows.columns,
    )


def _numbers(table: Table, name: str) -> Floats:
    """A column of numbers; NaN where a value is missing."""
    column = table.column(name)
    if table.schema.column(name).type != "number":
        raise DataError(f"The column {name!r} holds no numbers but {table.schema.column(name).type} values.")
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _labels(table: Table, rows: RowsSpec) -> Floats:
    """The target: numbers as they are; of two levels the positive one is 1."""
    schema, column = table.schema, table.column(rows.target)
    if schema.column(rows.target).type == "number":
        return _numbers(table, rows.target)
    levels = sorted(str(level) for level in pc.unique(column.drop_null()).to_pylist())
    if len(levels) != 2:
        raise DataError(
            f"The target {rows.target!r} has {len(levels)} levels: take a column of numbers or of two levels."
        )
    positive = schema.positive if schema.positive in levels else levels[1]
    values = pc.if_else(pc.is_null(column), np.nan, pc.cast(pc.equal(column, positive), "float64"))
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _standard(features: Floats, columns: tuple[str, ...]) -> Floats:
    spread = features.std(axis=0)
    if (spread == 0.0).any():
        name = columns[int(np.argmin(spread))]
        raise DataError(f"The column {name!r} has one value in all rows: leave it out.")
    return np.asarray((features - features.mean(axis=0)) / spread)
