"""DataSpec: which table a run uses, and what its owner says about its columns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fallline.engine.data.schema import ColumnType, Override

Name = Annotated[str, Field(min_length=1, max_length=200)]
Delimiter = Literal[",", ";", "\t", "|"]


class _Part(BaseModel):
    """Cannot change, refuses unknown keys, converts nothing silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ColumnSpec(_Part):
    """What the owner says about one column, in place of what would be inferred.

    Attributes:
        type: what its values are.
        role: what it is for; the target is named by `target`, not here.
        sensitive: whether fairness is measured over it.
        missing_words: the words that mean a missing value in it, besides the blank.
    """

    type: ColumnType | None = None
    role: Literal["feature", "id", "constant", "ignored"] | None = None
    sensitive: bool | None = None
    missing_words: Annotated[tuple[Annotated[str, Field(max_length=100)], ...], Field(max_length=50)] | None = None

    def override(self) -> Override:
        """Returns the same as the engine takes it."""
        return Override(self.type, self.role, self.sensitive, self.missing_words)


class Source(_Part):
    """What every source has.

    Attributes:
        target: the column to predict; guessed when None.
        positive: the target's level that counts as 1; guessed when None.
        overrides: column → what the owner says about it.
        rows: use so many rows, evenly spaced; all when None.
    """

    target: Name | None = None
    positive: Name | None = None
    overrides: Annotated[dict[Name, ColumnSpec], Field(max_length=2000)] = Field(default_factory=dict)
    rows: Annotated[int, Field(ge=2, le=100_000_000)] | None = None


class Named(Source):
    """A table that Fall Line knows by name; see `fallline.runs.sources.NAMED`."""

    source: Literal["named"] = "named"
    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", max_length=60)]


class File(Source):
    """A CSV or Parquet file; for the command line and Python alone, a server refuses it.

    Attributes:
        path: where the file is, as seen from where the command runs.
        delimiter: between the values of a line; found out when None.
    """

    source: Literal["file"] = "file"
    path: Annotated[str, Field(min_length=1, max_length=4096)]
    delimiter: Delimiter | None = None


class Upload(Source):
    """A file that was uploaded before.

    Attributes:
        id: SHA-256 of its bytes, 64 hex digits.
        delimiter: between the values of a line; found out when None.
    """

    source: Literal["upload"] = "upload"
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    delimiter: Delimiter | None = None


DataSpec = Annotated[Named | File | Upload, Field(discriminator="source")]
"""Any source of a table."""
