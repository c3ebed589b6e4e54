"""CSV: read whole as words, or refused in one sentence that names the line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from fallline.core.errors import DataError
from fallline.engine.data.schema import Reason
from fallline.runs.sources.delimiter import DELIMITERS, find_delimiter
from fallline.runs.sources.encoding import check_encoding
from fallline.runs.sources.header import column_names

LONGEST_VALUE = 100_000
"""The most bytes that one value may have."""

_HEAD = 1 << 20
_LONGEST_LINE = 4 << 20


def read_csv(path: Path, name: str, delimiter: str | None = None) -> tuple[pa.Table, tuple[Reason, ...]]:
    """Reads a CSV file as words, without guessing types, so that codes keep their zeros.

    Args:
        path: the file.
        name: how to call it in an error.
        delimiter: between values; found out when None.

    Returns:
        A table of strings, and reasons about the file.

    Raises:
        DataError: whatever is wrong with it, in one sentence.
    """
    odd_quotes = check_encoding(path, name)
    head = _head(path)
    mark = delimiter or find_delimiter(head, name)
    names, reasons = column_names(_first_record(head, mark, name), name)
    if odd_quotes:
        diagnose(path, name, mark, len(names))
    table = _words(path, name, mark, len(names))
    if not table.num_rows:
        raise DataError(f"{name} has a header and no rows below it.")
    table = table.rename_columns(list(names))
    if _check_words(table, name):
        diagnose(path, name, mark, len(names))
    if mark != "," and delimiter is None:
        found = Reason("", "file", f"The {DELIMITERS[mark]} splits every line evenly, so it is read as the delimiter.")
        reasons = (found, *reasons)
    return table, reasons


def _head(path: Path) -> str:
    """Returns the start of a file, up to the end of a line."""
    with path.open("rb") as stream:
        start = stream.read(_HEAD)
        if stream.read(1):
            end = max(start.rfind(b"\n"), start.rfind(b"\r"))
            start = start[: end + 1] if end > 0 else start
    return start.decode("utf-8-sig", errors="ignore")


def _first_record(head: str, mark: str, name: str) -> list[str]:
    try:
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=mark):
            if record:
                return record
    except csv.Error:
        raise DataError(
            f"{name} has a name of more than 131,072 characters in its header: is a quote left open?"
        ) from None
    raise DataError(f"{name} is empty: it holds blank lines only.")


def _words(path: Path, name: str, mark: str, width: int) -> pa.Table:
    kinds = {f"f{place}": pa.string() for place in range(width)}
    try:
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True, block_size=_LONGEST_LINE),
            parse_options=arrow_csv.ParseOptions(delimiter=mark, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        diagnose(path, name, mark, width)
        if "straddl" in str(error):
            raise DataError(
                f"{name} has a line of more than {_LONGEST_LINE >> 20} MiB: leave out its widest columns."
            ) from None
        raise DataError(f"{name} cannot be read as CSV: {str(error).splitlines()[0][:200]}.") from None
    if table.num_columns != width:
        diagnose(path, name, mark, width)
        raise DataError(f"{name} has {table.num_columns} values in a line where the header has {width} names.")
    return table.slice(1)


def diagnose(path: Path, name: str, mark: str, width: int) -> None:
    """Reads a file strictly, line by line, to say what is wrong and where; returns when nothing is.

    Raises:
        DataError: a line with too few or too many values, a quotation mark out of place, or a huge value.
    """
    line = 1
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=mark, strict=True)
        try:
            for record in reader:
                if record and len(record) != width:
                    raise DataError(
                        f"{name}: line {line:,} has {len(record):,} values where the header has {width:,} names. "
                        f"Mend that line; a value that holds the {DELIMITERS[mark]} must stand in quotation marks."
                    )
                line = reader.line_num + 1
        except csv.Error as error:
            raise DataError(f"{name}: {_quoted_wrongly(str(error), line)}") from None


def _quoted_wrongly(error: str, line: int) -> str:
    if "field limit" in error:
        return f"a value in line {line:,} is longer than 131,072 characters: is a quotation mark left open there?"
    if "unexpected end" in error:
        return f"a quotation mark in line {line:,} is never closed: close it or take it out."
    return f"line {line:,} has words after a closing quotation mark: double the marks inside a value."


def _check_words(table: pa.Table, name: str) -> bool:
    """Refuses huge values; returns whether some value spans lines, as it does when a quotation mark is out of place."""
    spans = False
    for column in table.column_names:
        words = table.column(column)
        longest = pc.max(pc.binary_length(words)).as_py()
        if longest > LONGEST_VALUE:
            row = pc.index(pc.binary_length(words), longest).as_py() + 1
            raise DataError(
                f"{name}: the value of {column!r} in row {row:,} has {longest:,} bytes; at most {LONGEST_VALUE:,} are "
                "read. Is a quotation mark left open?"
            )
        spans = spans or (longest > 1 and bool(pc.any(pc.match_substring(words, "\n")).as_py()))
    return spans
