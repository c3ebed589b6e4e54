"""How words become columns of the matrix: a boolean as one column, a category as one column per level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float32]
RARE = 5
"""A level in fewer training rows than this is pooled with the other rare ones."""
MOST = 40
"""No category gets more columns than this: the most frequent levels do, the rest are pooled."""


@dataclass(frozen=True)
class FlagCode:
    """A boolean → 1 for yes, 0 for no, the share of yes where it is missing or another word stands there.

    The share is neutral to a linear model, and a tree that splits at one half sends it to the commoner side.

    Attributes:
        source: the raw column.
        no: the word that counts as 0.
        yes: the word that counts as 1.
        share: of yes among the training rows that have a value.
        indicator: whether a column says that it was missing.
    """

    source: str
    no: str
    yes: str
    share: float
    indicator: bool = False
    kind: str = "flag"

    @property
    def names(self) -> tuple[str, ...]:
        """One name per matrix column."""
        return (self.source, f"{self.source} (missing)") if self.indicator else (self.source,)

    def columns(self, values: pa.ChunkedArray) -> Floats:
        """Returns the matrix columns of these raw values, shape (n, 1 or 2)."""
        place = places(values, (self.no, self.yes))
        out = np.empty((place.size, len(self.names)), dtype=np.float32)
        out[:, 0] = np.array([0.0, 1.0, self.share], dtype=np.float32)[place]
        if self.indicator:
            out[:, 1] = place == 2
        return out

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return dict(vars(self))


@dataclass(frozen=True)
class LevelsCode:
    """A category → one column per common level, and one each for the rare ones and for missing if training had them.

    A level never seen in training counts as rare where rare ones were pooled. Otherwise, like a missing value that
    training never had, it is zero in every column.

    Attributes:
        source: the raw column.
        levels: the common levels, sorted.
        pooled: whether a column stands for all other levels.
        missing: whether a column stands for a missing value.
    """

    source: str
    levels: tuple[str, ...]
    pooled: bool = False
    missing: bool = False
    kind: str = "levels"

    @property
    def names(self) -> tuple[str, ...]:
        """One name per matrix column."""
        extra = ((self.pooled, "other"), (self.missing, "missing"))
        marks = tuple(f"{self.source} ({word})" for there, word in extra if there)
        return tuple(f"{self.source} = {level}" for level in self.levels) + marks

    def columns(self, values: pa.ChunkedArray) -> Floats:
        """Returns the matrix columns of these raw values, shape (n, len(names))."""
        place, count = places(values, self.levels), len(self.levels)
        gone = np.asarray(pc.is_null(values))
        # one row of `rows` per level, then one for another word and one for a missing value
        rows = np.zeros((count + 2, len(self.names)), dtype=np.float32)
        rows[np.arange(count), np.arange(count)] = 1.0
        if self.pooled:
            rows[count, count] = 1.0
        if self.missing:
            rows[count + 1, -1] = 1.0
        out: Floats = rows[np.where(gone, count + 1, place)]
        return out

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return {**vars(self), "levels": list(self.levels)}


def places(values: pa.ChunkedArray, words: tuple[str, ...]) -> NDArray[np.int64]:
    """Returns the place of each value among the words, and ``len(words)`` for any other and for a missing one.

    >>> places(pa.chunked_array([["b", None, "z"]]), ("a", "b")).tolist()
    [1, 2, 2]
    """
    found = pc.fill_null(pc.index_in(values, value_set=pa.array(words, values.type)), len(words))
    return np.asarray(found.to_numpy(), dtype=np.int64)


def fit_flag(source: str, values: pa.ChunkedArray, levels: tuple[str, ...]) -> FlagCode | str:
    """Fits the code of a boolean on training rows; returns the reason where the column tells nothing."""
    no, yes = levels
    place = places(values, (no, yes))
    counts = np.bincount(place, minlength=3)
    if counts[0] + counts[1] == 0:
        return "it has no value in the training rows"
    if counts.max() == place.size:
        return "it has one value only in the training rows"
    share = float(np.float32(counts[1] / (counts[0] + counts[1])))
    return FlagCode(source=source, no=no, yes=yes, share=share, indicator=bool(counts[2]))


def fit_levels(source: str, values: pa.ChunkedArray) -> LevelsCode | str:
    """Fits the code of a category on training rows; returns the reason where the column tells nothing."""
    counted = pc.value_counts(values.drop_null())
    words, rows = counted.field("values").to_pylist(), counted.field("counts").to_numpy()
    common = sorted((-int(count), word) for word, count in zip(words, rows, strict=True) if count >= RARE)[:MOST]
    levels = tuple(sorted(word for _, word in common))
    pooled, missing = len(words) > len(levels), bool(values.null_count)
    if not words:
        return "it has no value in the training rows"
    if not levels and not missing:
        return f"none of its {len(words):,} levels is in {RARE} training rows or more"
    if len(levels) + pooled + missing < 2:
        return "it has one value only in the training rows"
    return LevelsCode(source=source, levels=levels, pooled=pooled, missing=missing)
