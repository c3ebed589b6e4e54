"""Encoding: the one way from the columns of a table to the float32 matrix that every model reads.

It is fitted on the training rows alone and is plain data afterwards: the same numbers go into the Python model, the
exported graph and the Record. Everything is float32 before a model sees it, so all three agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError, SpecError
from fallline.engine.data.encode_number import NumberCode, fit_number
from fallline.engine.data.encode_words import FlagCode, LevelsCode, fit_flag, fit_levels
from fallline.engine.data.schema import Column
from fallline.engine.data.table import Table

Style = Literal["linear", "trees"]
"""``linear`` standardises numbers, for linear models and nets; ``trees`` leaves them on their own scale."""
Code = NumberCode | FlagCode | LevelsCode
CODES: dict[str, type[NumberCode | FlagCode | LevelsCode]] = {
    "number": NumberCode,
    "flag": FlagCode,
    "levels": LevelsCode,
}


@dataclass(frozen=True)
class Encoding:
    """How each feature of a table becomes columns of the matrix.

    Attributes:
        style: ``linear`` or ``trees``.
        codes: one per feature that is used, in the order of the table.
        left_out: feature → why it is not used.
    """

    style: Style
    codes: tuple[Code, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """One name per matrix column."""
        return tuple(name for code in self.codes for name in code.names)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The raw column that each matrix column comes from."""
        return tuple(code.source for code in self.codes for _ in code.names)

    @property
    def width(self) -> int:
        """Number of matrix columns."""
        return len(self.names)

    def matrix(self, table: Table, rows: ArrayLike | None = None) -> NDArray[np.float32]:
        """Encodes rows of a table.

        Missing values, levels never seen, numbers outside the range seen: each has its meaning, written in the codes.
        Nothing here raises for a value.

        Args:
            table: with at least the raw columns of the codes, in the types of the schema it was fitted with.
            rows: indices of the rows wanted, in the order wanted; all when None.

        Returns:
            float32 of shape (rows, width), finite.

        Raises:
            DataError: a raw column is not there or is of another type.
        """
        for code in self.codes:
            _check(code, table)
        wanted = table.columns.select([code.source for code in self.codes])
        if rows is not None:
            wanted = wanted.take(pa.array(np.asarray(rows, dtype=np.int64)))
        out = np.empty((wanted.num_rows, self.width), dtype=np.float32)
        place = 0
        for position, code in enumerate(self.codes):
            columns = code.columns(wanted.column(position))
            out[:, place : place + columns.shape[1]] = columns
            place += columns.shape[1]
        return out

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data that `from_dict` reads back to an equal Encoding."""
        return {
            "style": self.style,
            "codes": [code.to_dict() for code in self.codes],
            "left_out": [list(pair) for pair in self.left_out],
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Encoding:
        """Reads what `to_dict` wrote.

        >>> encoding = Encoding("trees", (LevelsCode("plan", ("basic", "full")),), (("note", "it is free text"),))
        >>> Encoding.from_dict(encoding.to_dict()) == encoding
        True
        """
        codes: list[Code] = []
        for each in data["codes"]:
            plain = {**each, "levels": tuple(each["levels"])} if each["kind"] == "levels" else dict(each)
            codes.append(CODES[each["kind"]](**plain))
        left_out = tuple((name, why) for name, why in data["left_out"])
        return Encoding(data["style"], tuple(codes), left_out)


def fit_encoding(table: Table, rows: ArrayLike, *, style: Style) -> Encoding:
    """Fits an encoding on the training rows of a table; no other row is looked at.

    Args:
        table: the table.
        rows: indices of the training rows.
        style: ``linear`` for linear models and nets, ``trees`` for trees.

    Raises:
        SpecError: an unknown style.
        DataError: there are no training rows, or no feature is left that tells anything.
    """
    if style not in get_args(Style):
        raise SpecError("style", style, "'linear' or 'trees'")
    chosen = np.asarray(rows, dtype=np.int64)
    if not chosen.size:
        raise DataError("An encoding needs training rows; there are none.")
    features = table.schema.features
    taught = table.columns.select([column.name for column in features]).take(pa.array(chosen))
    codes: list[Code] = []
    left_out: list[tuple[str, str]] = []
    for position, column in enumerate(features):
        code = _fit(column, taught.column(position), standardise=style == "linear")
        if isinstance(code, str):
            left_out.append((column.name, code))
        else:
            codes.append(code)
    if not codes:
        why = "; ".join(f"{name!r}: {reason}" for name, reason in left_out[:5]) or "the schema names none"
        raise DataError(f"No feature is left to learn from ({why}).")
    return Encoding(style, tuple(codes), tuple(left_out))


def _fit(column: Column, values: pa.ChunkedArray, *, standardise: bool) -> Code | str:
    """Fits one column's code, or says why it has none."""
    if column.type in {"number", "datetime"}:
        return fit_number(column.name, values, standardise=standardise)
    if column.type == "boolean" and len(column.levels) == 2:
        return fit_flag(column.name, values, column.levels)
    if column.type in {"category", "boolean"}:
        return fit_levels(column.name, values)
    return "it is free text"


def _check(code: Code, table: Table) -> None:
    """Refuses a table whose column is not of the type that was fitted."""
    kind = table.column(code.source).type
    words = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if isinstance(code, NumberCode):
        fits = pa.types.is_temporal(kind) if code.date else not words and not pa.types.is_temporal(kind)
        expected = "dates" if code.date else "numbers"
    else:
        fits, expected = words, "words"
    if not fits:
        raise DataError(
            f"Column {code.source!r} holds {kind} where the encoding was fitted on {expected}: "
            "read the table with the schema of the training data."
        )
