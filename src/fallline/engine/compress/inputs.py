"""The raw columns that an exported graph reads: their names, their types, and the values of a table in that form.

A number is float32, missing as NaN. A date is the float32 number of days since 1970-01-01. A word is a string, missing
as the empty string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode, as_float32
from fallline.engine.data.encode_words import FlagCode
from fallline.engine.data.table import Table

OUTPUTS = ("probability", "logit")
INSIDE = "fallline:"
"""Names inside the graph begin so; an input that does too is renamed."""


@dataclass(frozen=True)
class Input:
    """One input of the graph.

    Attributes:
        column: the raw column.
        name: the input's name: the column's own, unless the graph cannot use it.
        kind: ``number``, ``date`` or ``word``.
        words: of a boolean, (no, yes); of a category, its common levels.
        boolean: whether only the two words mean anything.
    """

    column: str
    name: str
    kind: Literal["number", "date", "word"]
    words: tuple[str, ...] = ()
    boolean: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return {**asdict(self), "words": list(self.words)}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Input:
        """Reads what `to_dict` wrote."""
        return Input(**{**data, "words": tuple(data["words"])})


def inputs_of(encoding: Encoding) -> tuple[Input, ...]:
    """Returns one input per raw column that the encoding uses, in its order.

    A column called like an output, like a name inside the graph or not at all is renamed after its place.
    """
    taken = {code.source for code in encoding.codes} | {""}
    found = []
    for place, code in enumerate(encoding.codes, start=1):
        name = code.source
        if name in {"", *OUTPUTS} or name.startswith(INSIDE):
            name = f"column {place}"
            while name in taken:
                name += "'"
            taken.add(name)
        if isinstance(code, NumberCode):
            found.append(Input(code.source, name, "date" if code.date else "number"))
        elif isinstance(code, FlagCode):
            found.append(Input(code.source, name, "word", (code.no, code.yes), boolean=True))
        else:
            found.append(Input(code.source, name, "word", code.levels))
    return tuple(found)


def raw_values(encoding: Encoding, table: Table, rows: ArrayLike | None = None) -> dict[str, NDArray[Any]]:
    """Returns the columns of a table as the graph reads them.

    Args:
        encoding: says which columns.
        table: with those columns, in the types of its schema.
        rows: indices of the rows wanted; all when None.

    Returns:
        input name → shape (n, 1), float32 or objects that are strings.
    """
    values: dict[str, NDArray[Any]] = {}
    for each in inputs_of(encoding):
        column = table.column(each.column)
        if rows is not None:
            column = column.take(pa.array(np.asarray(rows, dtype=np.int64)))
        word = each.kind == "word"
        plain = pc.fill_null(column, "").to_numpy().astype(object) if word else as_float32(column)
        values[each.name] = plain.reshape(-1, 1)
    return values
