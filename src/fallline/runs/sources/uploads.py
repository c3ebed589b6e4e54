"""Uploads: files that people sent, checked before they are kept, each under the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from fallline.core.errors import DataError
from fallline.runs.sources.files import read_file

MOST_BYTES = 200 << 20
"""The most bytes that an upload may have."""

_CHUNK = 1 << 20
_PART = ".part-"
_STALE = 24 * 3600.0


def store_upload(stream: BinaryIO, home: Path, *, name: str = "The file", limit: int = MOST_BYTES) -> str:
    """Keeps an uploaded table.

    The bytes go to a hidden file beside their final place; only when they have been read as a table is it renamed, so
    a bad or broken upload leaves nothing.

    Args:
        stream: the bytes, from where it stands to its end.
        home: the folder that holds all state; uploads live in its ``uploads``.
        name: how to call the file in an error.
        limit: the most bytes that are taken.

    Returns:
        The SHA-256 of the bytes, which is the upload's id; the same bytes again give the same id.

    Raises:
        DataError: it is too large, or not a table.
    """
    folder = home / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    handle, part = tempfile.mkstemp(prefix=_PART, dir=folder)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as out:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise DataError(
                        f"{name} is larger than {_megabytes(limit)}: give fewer rows or columns, or Parquet."
                    )
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        read_file(Path(part), name)
        Path(part).replace(folder / digest.hexdigest())
    finally:
        Path(part).unlink(missing_ok=True)
    return digest.hexdigest()


def upload_path(id_: str, uploads: Path) -> Path:
    """Returns where an upload lies.

    Raises:
        DataError: there is none with this id.
    """
    path = uploads / id_
    if len(id_) != 64 or not set(id_) <= set("0123456789abcdef") or not path.is_file():
        raise DataError(f"No upload has the id {id_[:12]!r}…: upload the file again.")
    return path


def _sweep(folder: Path) -> None:
    """Removes what uploads that were killed more than a day ago left behind."""
    for part in folder.glob(f"{_PART}*"):
        try:
            if time.time() - part.stat().st_mtime > _STALE:
                part.unlink(missing_ok=True)
        except FileNotFoundError:  # its own upload ended meanwhile
            continue


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB" if size >= 2**20 else f"{size:,} bytes"
