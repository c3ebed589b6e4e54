"""The encoding of a CSV file: UTF-8 throughout, without NUL bytes, or the line where it is not."""

from __future__ import annotations

import codecs
from pathlib import Path

from fallline.core.errors import DataError

_CHUNK = 4 << 20
_FEW_BINARY = 0.05


def check_encoding(path: Path, name: str) -> bool:
    """Reads a whole file once and makes sure that it is text in UTF-8.

    Args:
        path: the file.
        name: how to call it in an error.

    Returns:
        Whether the number of quotation marks is odd, as it is when one is never closed.

    Raises:
        DataError: a NUL byte, or a byte that is not UTF-8; names the line.
    """
    line, quotes = 1, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            pending = decoder.getstate()[0]
            place = _first_nul(chunk)
            try:
                if not chunk.isascii() or pending:
                    decoder.decode(chunk)
            except UnicodeDecodeError as error:
                bad = error.start - len(pending)
                if place is None or bad < place:
                    raise DataError(_not_utf8(name, chunk, bad, line + chunk[: max(bad, 0)].count(b"\n"))) from None
            if place is not None:
                raise DataError(_nul(name, chunk, line + chunk[:place].count(b"\n")))
            line += chunk.count(b"\n")
            quotes += chunk.count(b'"')
    if decoder.getstate()[0]:
        raise DataError(f"{name} ends in the middle of a character: it was cut off, so copy it again.")
    return quotes % 2 == 1


def _first_nul(chunk: bytes) -> int | None:
    place = chunk.find(b"\0")
    return None if place < 0 else place


def _nul(name: str, chunk: bytes, line: int) -> str:
    if _is_binary(chunk):
        return f"{name} is not a table of words: it holds binary data. Give a CSV or Parquet file."
    return f"{name} has a NUL byte in line {line:,}: remove it, or write the file again as UTF-8."


def _not_utf8(name: str, chunk: bytes, bad: int, line: int) -> str:
    if _is_binary(chunk):
        return f"{name} is not a table of words: it holds binary data. Give a CSV or Parquet file."
    byte = chunk[max(bad, 0)]
    shown = chunk[max(bad, 0) : max(bad, 0) + 1].decode("cp1252", errors="replace")
    stray = f"line {line:,} has the byte 0x{byte:02X} ({shown!r} in Windows-1252)"
    if any(byte >= 0x80 for byte in chunk[: max(bad, 0)]):
        return f"{name} mixes encodings: it is UTF-8 at first, but {stray}. Write that line again as UTF-8."
    return f"{name} is not UTF-8: {stray}. Save the file as UTF-8."


def _is_binary(chunk: bytes) -> bool:
    """Says whether control characters make up more than a twentieth of the bytes."""
    sample = chunk[:65_536]
    control = len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 13})))
    return control > _FEW_BINARY * len(sample)
