"""The SHA-256 of a table's content: the same values, the same digest, however they are stored."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def content_sha256(table: pa.Table) -> str:
    """Returns the SHA-256 of names, types and values.

    Words are hashed as UTF-8 with their lengths, numbers as little-endian bytes, each column with the mask of its
    missing values; a NaN is a missing value. Wide and narrow storage of words is the same.

    >>> whole = pa.table({"a": pa.chunked_array([["x", None, "yz"]])})
    >>> content_sha256(whole) == content_sha256(pa.table({"a": pa.chunked_array([["x"], [None, "yz"]])}))
    True
    """
    digest = hashlib.sha256(f"{table.num_rows}\n".encode())
    for name in table.column_names:
        digest.update(_column(name, table.column(name)))
    return digest.hexdigest()


def _column(name: str, values: pa.ChunkedArray) -> bytes:
    if pa.types.is_dictionary(values.type):
        values = pc.cast(values, values.type.value_type)
    kind = values.type
    if pa.types.is_integer(kind):
        values = pc.cast(values, pa.int64())
    elif pa.types.is_floating(kind):
        values = pc.cast(values, pa.float64())
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    elif pa.types.is_boolean(kind):
        values = pc.cast(values, pa.int8())
    elif not pa.types.is_string(kind):
        values = pc.cast(values, pa.string())
    digest = hashlib.sha256(f"{len(name.encode())}\n{name}{values.type}".encode())
    digest.update(np.packbits(np.asarray(pc.is_valid(values), dtype=bool)).tobytes())
    if pa.types.is_string(values.type):
        words = pc.fill_null(values, "")
        digest.update(np.asarray(pc.binary_length(words), dtype="<i8").tobytes())
        for chunk in words.chunks:
            digest.update("".join(chunk.to_pylist()).encode())
    else:
        filled = np.asarray(pc.fill_null(values, 0))
        digest.update(filled.astype(filled.dtype.newbyteorder("<")).tobytes())
    return digest.digest()
