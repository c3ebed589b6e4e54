"""Table: columns whose values have been read as their schema says, ready to split, encode and profile.

In a Table every value is stored in one way per type, whatever the file held: a number as float64, a datetime as
timestamp[us] without zone, and a category, boolean or text as a string. A missing value is a null, never a NaN or a
blank. A boolean keeps its own two words: ``levels`` is (no, yes), such as ``("No", "Yes")`` or ``("0", "1")``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fallline.core.errors import DataError
from fallline.engine.data.conversion import read_as
from fallline.engine.data.schema import Schema, unknown_column
from fallline.engine.data.target import require_binary


@dataclass(frozen=True)
class Table:
    """A table and what its columns are.

    Attributes:
        columns: the values, one column per `schema.columns`, in that order.
        schema: what each column is.
    """

    columns: pa.Table
    schema: Schema

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.columns.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """Returns one column's values.

        Raises:
            DataError: no such column; names the nearest one.
        """
        self.schema.column(name)
        return self.columns.column(name)

    def take(self, rows: NDArray[np.int64]) -> Table:
        """Returns the table with only these rows, in this order."""
        return Table(self.columns.take(pa.array(rows)), self.schema)


def conform(raw: pa.Table, schema: Schema) -> Table:
    """Reads raw values (words of a file, JSON sent to a service) in the types that a schema says.

    Values that cannot be read become missing, as they did when the schema was inferred with an override.

    Args:
        raw: at least the columns of the schema other than the target; others are dropped.
        schema: what to read them as.

    Returns:
        A table with the schema's columns in its order; a target that is not there is all missing.

    Raises:
        DataError: a column is not there.
    """
    arrays = []
    for column in schema.columns:
        if column.name in raw.column_names:
            arrays.append(read_as(raw.column(column.name), column))
        elif column.role == "target":
            arrays.append(pa.chunked_array([pa.nulls(raw.num_rows, pa.string())]))
        else:
            raise DataError(unknown_column(column.name, tuple(raw.column_names)))
    return Table(pa.table(arrays, names=list(schema.names)), schema)


def target_vector(table: Table) -> NDArray[np.int8]:
    """Returns the target as 0 and 1, where 1 is the positive class.

    Returns:
        int8 of shape (n,).

    Raises:
        DataError: there is no target, it is not binary, or a row has no value in it.
    """
    name = require_binary(table.schema)
    values = table.columns.column(name)
    if values.null_count:
        raise DataError(
            f"{values.null_count:,} rows have no value in the target {name!r}: remove them or fill them in."
        )
    return np.asarray(pc.equal(values, table.schema.positive), dtype=np.int8)
