"""The user's own file: CSV or Parquet, told apart by content and refused in one sentence when it cannot be used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa

from fallline.core.errors import DataError
from fallline.engine.data.schema import Reason
from fallline.runs.sources.container import container
from fallline.runs.sources.csv_file import read_csv
from fallline.runs.sources.parquet_file import read_parquet

MOST_BYTES = 2 << 30
"""The most bytes that a file may have."""


def read_file(path: Path, name: str | None = None, delimiter: str | None = None) -> tuple[pa.Table, tuple[Reason, ...]]:
    """Reads a table from a file.

    Args:
        path: the file.
        name: how to call it in an error; its own name when None.
        delimiter: between the values of a CSV line; found out when None.

    Returns:
        The table (strings from CSV, stored types from Parquet) and reasons about the file.

    Raises:
        DataError: whatever is wrong with it, in one sentence.
    """
    name = name or path.name
    try:
        if not path.is_file():
            raise DataError(f"{name} is not there, or is not a file: give the path of a CSV or Parquet file.")
        if path.stat().st_size > MOST_BYTES:
            raise DataError(
                f"{name} has {path.stat().st_size / 2**30:.1f} GiB: at most {MOST_BYTES >> 30} GiB are read."
            )
        with path.open("rb") as stream:
            head = stream.read(4096)
        if container(head, name) == "parquet":
            return read_parquet(path, name)
        return read_csv(path, name, delimiter)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.") from None


def file_sha256(path: Path) -> str:
    """Returns the SHA-256 of a file's bytes, as 64 hex digits.

    Raises:
        DataError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}.") from None
