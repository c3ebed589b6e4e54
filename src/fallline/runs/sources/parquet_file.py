"""Parquet: flat columns of numbers, words, truths and dates, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from fallline.core.errors import DataError
from fallline.engine.data.schema import Reason
from fallline.runs.sources.header import column_names

MOST_BYTES = 4 << 30
"""The most bytes that the columns may take when unpacked."""


def read_parquet(path: Path, name: str) -> tuple[pa.Table, tuple[Reason, ...]]:
    """Reads a Parquet file.

    Args:
        path: the file.
        name: how to call it in an error.

    Returns:
        The table, and reasons about the file.

    Raises:
        DataError: whatever is wrong with it, in one sentence.
    """
    try:
        with parquet.ParquetFile(path) as file:
            schema, size = file.schema_arrow, _unpacked(file.metadata)
            names, reasons = column_names(schema.names, name)
            for each in schema:
                _check_type(each, name)
            if size > MOST_BYTES:
                raise DataError(f"{name} takes {size / 2**30:.1f} GiB when unpacked: at most 4 GiB are read.")
            if not file.metadata.num_rows:
                raise DataError(f"{name} has column names and no rows.")
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{name} is a damaged Parquet file: {str(error).splitlines()[0][:200]}.") from None
    return table.rename_columns(list(names)).replace_schema_metadata(None), reasons


def _unpacked(metadata: parquet.FileMetaData) -> int:
    return sum(metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups))


def _check_type(column: pa.Field, name: str) -> None:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_nested(kind):
        raise DataError(
            f"{name}: column {column.name!r} holds values within values ({str(kind)[:80]}): flatten it into columns of "
            "its own, or leave it out."
        )
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        raise DataError(f"{name}: column {column.name!r} holds bytes, not words or numbers: leave it out.")
