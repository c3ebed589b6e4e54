"""Schema: what each column of a table is, what it is for, and the sentence that says how that was inferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fallline.core.choice import nearest
from fallline.core.errors import DataError

ColumnType = Literal["number", "category", "boolean", "datetime", "text"]
"""What the values are."""
ColumnRole = Literal["feature", "target", "id", "constant", "ignored"]
"""What the column is for."""
Problem = Literal["binary", "multiclass", "regression"]
"""What predicting the target would be."""

TYPES: tuple[str, ...] = get_args(ColumnType)
ROLES: tuple[str, ...] = get_args(ColumnRole)


@dataclass(frozen=True)
class Reason:
    """Why something was inferred.

    Attributes:
        subject: the column, or empty for the table as a whole.
        about: what was inferred: ``type``, ``missing``, ``role``, ``target``, ``positive``, ``sensitive``, ``leakage``
            or ``file``.
        sentence: one sentence for a person.
    """

    subject: str
    about: str
    sentence: str


@dataclass(frozen=True)
class Override:
    """What a person says about a column, in place of the inference; None keeps what was inferred.

    Attributes:
        type: the type to read the column as; values that cannot be read become missing, and a reason says how many.
        role: the role to give it.
        sensitive: whether fairness is measured over it.
        missing_words: the words that mean a missing value here; the blank always does.
    """

    type: ColumnType | None = None
    role: ColumnRole | None = None
    sensitive: bool | None = None
    missing_words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: as in the header, trimmed.
        type: number, category, boolean, datetime or text.
        role: feature, target, id, constant or ignored.
        missing: rows without a value.
        levels: of a category, its values sorted; of a boolean, (no, yes); else empty.
        sensitive: fairness is measured over it.
        reading: how its words become values: ``plain``, ``thousands``, ``decimal comma``, ``percent``, ``currency`` for
            numbers; ``iso`` or a strptime format for dates.
        missing_words: the words read as missing, besides the blank.
    """

    name: str
    type: ColumnType
    role: ColumnRole = "feature"
    missing: int = 0
    levels: tuple[str, ...] = ()
    sensitive: bool = False
    reading: str = "plain"
    missing_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """What a table is.

    Attributes:
        columns: in the order of the table.
        target: the column to predict; None when none was named and none could be guessed.
        positive: the level of the target that counts as 1; None unless the problem is binary.
        problem: binary, multiclass or regression; None without a target.
        suspects: features that alone predict the target almost perfectly.
        reasons: one sentence per inference.
    """

    columns: tuple[Column, ...]
    target: str | None = None
    positive: str | None = None
    problem: Problem | None = None
    suspects: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that a model may use."""
        return tuple(column for column in self.columns if column.role == "feature")

    @property
    def id_columns(self) -> tuple[str, ...]:
        """Names of the columns that identify a row or a group of rows."""
        return tuple(column.name for column in self.columns if column.role == "id")

    @property
    def sensitive(self) -> tuple[str, ...]:
        """Names of the sensitive columns."""
        return tuple(column.name for column in self.columns if column.sensitive)

    def column(self, name: str) -> Column:
        """Returns the column called `name`.

        Raises:
            DataError: no such column; names the nearest one.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise DataError(unknown_column(name, self.names))

    def why(self, subject: str) -> tuple[str, ...]:
        """Returns the sentences about one column (or about the whole table, under the empty name)."""
        return tuple(reason.sentence for reason in self.reasons if reason.subject == subject)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data that `from_dict` reads back to an equal Schema."""
        return {
            "columns": [
                {**vars(column), "levels": list(column.levels), "missing_words": list(column.missing_words)}
                for column in self.columns
            ],
            "target": self.target,
            "positive": self.positive,
            "problem": self.problem,
            "suspects": list(self.suspects),
            "reasons": [dict(vars(reason)) for reason in self.reasons],
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Schema:
        """Reads what `to_dict` wrote.

        >>> schema = Schema((Column("age", "number"),), reasons=(Reason("age", "type", "All values are numbers."),))
        >>> Schema.from_dict(schema.to_dict()) == schema
        True
        """
        columns = tuple(
            Column(**{**each, "levels": tuple(each["levels"]), "missing_words": tuple(each["missing_words"])})
            for each in data["columns"]
        )
        return Schema(
            columns=columns,
            target=data["target"],
            positive=data["positive"],
            problem=data["problem"],
            suspects=tuple(data["suspects"]),
            reasons=tuple(Reason(**each) for each in data["reasons"]),
        )


def unknown_column(name: str, names: tuple[str, ...]) -> str:
    """Says that a table has no such column, and what it has.

    >>> unknown_column("churned", ("tenure", "churn"))
    "The table has no column 'churned'. Did you mean 'churn'?"
    """
    close = nearest(name, names)
    listed = ", ".join(repr(each) for each in names[:8]) + (", …" if len(names) > 8 else "")
    hint = f"Did you mean {close!r}?" if close else f"It has {listed}."
    return f"The table has no column {name[:80]!r}. {hint}"
