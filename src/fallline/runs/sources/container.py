"""What a file really is: told from its first bytes, whatever its name says."""

from __future__ import annotations

from typing import Literal

from fallline.core.errors import DataError

_REMEDY = "save the table as CSV or Parquet"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"PK\x03\x04", "a ZIP archive (an .xlsx workbook is one too)", f"unpack it, or {_REMEDY}"),
    (b"PK\x05\x06", "an empty ZIP archive", f"unpack it, or {_REMEDY}"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", _REMEDY),
    (b"ARROW1", "an Arrow file", _REMEDY),
    (b"Obj\x01", "an Avro file", _REMEDY),
    (b"ORC", "an ORC file", _REMEDY),
    (b"\x89HDF", "an HDF5 file", _REMEDY),
    (b"SQLite format 3", "an SQLite database", _REMEDY),
    (b"%PDF", "a PDF document", _REMEDY),
    (b"\x89PNG", "a PNG picture", _REMEDY),
    (b"\xff\xd8\xff", "a JPEG picture", _REMEDY),
    (b"\x7fELF", "a program", _REMEDY),
    (b"\x80\x04\x95", "a Python pickle, which is never opened here", _REMEDY),
    (b"\x80\x05\x95", "a Python pickle, which is never opened here", _REMEDY),
)
_WIDE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def container(head: bytes, name: str) -> Literal["csv", "parquet"]:
    """Says whether a file holds Parquet or words, from its first bytes.

    Args:
        head: the first few hundred bytes.
        name: how to call the file in an error.

    Raises:
        DataError: it is empty or something else; says what, and what to do.

    >>> container(b"PAR1...", "x.csv"), container(b"a,b", "x.parquet")
    ('parquet', 'csv')
    """
    if not head:
        raise DataError(f"{name} is empty: it holds no byte.")
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise DataError(f"{name} is {what}, not a CSV or Parquet file: {remedy}.")
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            raise DataError(f"{name} is encoded as {encoding}: save it as UTF-8.")
    if len(head) >= 8 and (not any(head[1:64:2]) or not any(head[0:64:2])):
        raise DataError(f"{name} looks like UTF-16 without a byte order mark: save it as UTF-8.")
    _check_words(head, name)
    return "csv"


def _check_words(head: bytes, name: str) -> None:
    """Refuses blanks, and documents that are words but no table."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    if not start and len(head) < 512:
        raise DataError(f"{name} is empty: it holds blanks only.")
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError(f"{name} is a web page or XML document, not a CSV or Parquet file: download the table itself.")
    if start.startswith((b'{"', b"[{", b"[[", b"{\n", b"{\r")):
        raise DataError(f"{name} is a JSON document, not a CSV or Parquet file: {_REMEDY}.")
