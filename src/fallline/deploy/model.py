"""ServedModel: what a Record gives to the service: the ONNX file, its columns, the threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import DataError, FallLineError
from fallline.runs.record import Record

MAX_ROWS = 10_000


@dataclass(frozen=True)
class InputColumn:
    """One column that the model reads.

    Attributes:
        name: as in the table.
        kind: ``number`` and ``date`` (days since 1970-01-01) travel as float32, ``word`` as a string.
        levels: the words seen in training; another one is taken as unseen, not refused.
    """

    name: str
    kind: Literal["number", "date", "word"]
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServedModel:
    """A model ready to be served.

    Attributes:
        name: in the URL.
        version: id of the Record.
        title: for people.
        columns: in the order of the graph's inputs.
        threshold: act at and above this probability.
        positive: what a positive is called.
        onnx: the graph.
    """

    name: str
    version: str
    title: str
    columns: tuple[InputColumn, ...]
    threshold: float
    positive: str
    onnx: bytes

    @staticmethod
    def of(record: Record, read: Callable[[str], bytes], variant: str = "") -> ServedModel:
        """Takes the model out of a Record.

        Args:
            record: of a capstone that ended well.
            read: reads an artifact by its SHA-256.
            variant: which of its variants; the one that the Record chose when empty.

        Raises:
            FallLineError: the Record has no exported model, or no such variant.
        """
        part = record.result.get("compress")
        if part is None:
            raise FallLineError(
                f"Record {record.id} has no exported model: it is of kind {record.kind}, or its run ended before "
                "stage compress. Only a capstone that finished can be served."
            )
        service = part["service"]
        wanted = variant or service["variant"]
        kept = {item.name: item for item in record.artifacts}
        files = {item["name"]: item["file"] for item in part["variants"] if item["file"] in kept}
        if wanted not in files:
            raise FallLineError(f"Record {record.id} keeps no variant {wanted!r}. It keeps: {', '.join(files)}.")
        artifact = kept[files[wanted]]
        columns = tuple(InputColumn(item["name"], item["kind"], tuple(item["levels"])) for item in service["columns"])
        return ServedModel(
            service["name"],
            record.id,
            record.title,
            columns,
            service["threshold"],
            service["positive"],
            read(artifact.sha256),
        )

    def from_rows(self, rows: object) -> dict[str, np.ndarray[Any, Any]]:
        """Turns rows, each a mapping of column → value, into the inputs of the graph.

        Raises:
            DataError: which row and column is wrong, and what was expected.
        """
        if not isinstance(rows, list) or not rows:
            raise DataError("Send a list of rows, each an object of column: value.")
        if len(rows) > MAX_ROWS:
            raise DataError(f"{len(rows):,} rows came in one request; send at most {MAX_ROWS:,}.")
        for number, row in enumerate(rows):
            if not isinstance(row, dict):
                raise DataError(f"Row {number} is not an object of column: value.")
            self._refuse_unknown(row, number)
        return {column.name: _column(column, [row.get(column.name) for row in rows]) for column in self.columns}

    def from_tensors(self, tensors: object) -> dict[str, np.ndarray[Any, Any]]:
        """Turns the ``inputs`` of an Open Inference Protocol request into the inputs of the graph.

        Raises:
            DataError: which input is wrong, and what was expected.
        """
        if not isinstance(tensors, list) or not all(isinstance(item, dict) and "name" in item for item in tensors):
            raise DataError('"inputs" must be a list of objects with name, shape, datatype and data.')
        given = {str(item["name"]): item for item in tensors}
        self._refuse_unknown(given, None)
        lengths = {name: _length(item) for name, item in given.items()}
        if len(set(lengths.values())) > 1:
            raise DataError(f"The inputs have different numbers of rows: {lengths}.")
        rows = next(iter(lengths.values()), 0)
        if not 0 < rows <= MAX_ROWS:
            raise DataError(f"{rows:,} rows came in one request; send 1 to {MAX_ROWS:,}.")
        missing = [None] * rows
        return {
            column.name: _column(column, given[column.name]["data"] if column.name in given else missing)
            for column in self.columns
        }

    def _refuse_unknown(self, given: Mapping[str, object], row: int | None) -> None:
        known = [column.name for column in self.columns]
        for name in given:
            if name not in known:
                close = nearest(str(name), known)
                where = "" if row is None else f"Row {row}: "
                hint = f" Did you mean {close!r}?" if close else f" Known: {', '.join(known)}."
                raise DataError(f"{where}the model has no column {name!r}.{hint}")


def _length(item: Mapping[str, Any]) -> int:
    data, shape = item.get("data"), item.get("shape")
    if not isinstance(data, list):
        raise DataError(f'Input {item["name"]!r}: "data" must be a list.')
    if shape is not None and shape not in ([len(data)], [len(data), 1]):
        raise DataError(
            f"Input {item['name']!r}: shape {shape} does not fit {len(data)} values; send [{len(data)}, 1]."
        )
    return len(data)


def _column(column: InputColumn, values: Sequence[object]) -> np.ndarray[Any, Any]:
    if column.kind != "word":
        read = _number if column.kind == "number" else _date
        numbers = [read(value, column, row) for row, value in enumerate(values)]
        return np.array(numbers, dtype=np.float32).reshape(-1, 1)
    texts = [_text(value, column, row) for row, value in enumerate(values)]
    return np.array(texts, dtype=object).reshape(-1, 1)


def _number(value: object, column: InputColumn, row: int) -> float:
    if value is None:
        return math.nan
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 3e38:
        return float(value)
    raise DataError(
        f"Row {row}, column {column.name!r}: {value!r} is not a number. Send a number, or null when missing."
    )


def _date(value: object, column: InputColumn, row: int) -> float:
    if not isinstance(value, str):
        return _number(value, column, row)
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp() / 86_400
    except ValueError:
        raise DataError(f"Row {row}, column {column.name!r}: {value!r} is not a date. Send it as 2026-01-31.") from None


def _text(value: object, column: InputColumn, row: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _boolean(value, column)
    if isinstance(value, str) and len(value) <= 10_000:
        return value.strip()  # as the table was read
    if isinstance(value, int | float):
        return f"{value:g}"
    raise DataError(f"Row {row}, column {column.name!r}: {value!r} is not text. Send text, or null when missing.")


def _boolean(value: bool, column: InputColumn) -> str:
    """JSON's true and false, in the words that the table used."""
    words = {level.casefold(): level for level in column.levels}
    for word in ("yes", "true", "1") if value else ("no", "false", "0"):
        if word in words:
            return words[word]
    return str(value)
