"""Rows: the table, its target and how its rows are set apart; the same for every stage, from the Spec and the seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import DataError
from fallline.core.rng import generator
from fallline.engine.data.splits import Split, grouped, holdout, k_folds, stratified, time_ordered
from fallline.engine.data.table import Table, target_vector
from fallline.runs.spec.capstone import CapstoneSpec, SplitSpec
from fallline.runs.stage import Context

Labels = NDArray[np.int8]
Indices = NDArray[np.int64]

FEWEST = 20
"""Rows of the rarer class below which no fold says anything."""


@dataclass(frozen=True)
class Rows:
    """A table set apart.

    Attributes:
        spec: of the run.
        table: all rows.
        y: 0 or 1 per row.
        split: training and test rows.
    """

    spec: CapstoneSpec
    table: Table
    y: Labels
    split: Split

    @cached_property
    def folds(self) -> tuple[Split, ...]:
        """The folds of the training rows, as indices into the whole table; every stage shares them."""
        within = k_folds(
            _folding(self.spec.frame.split, self.table, self.y, self.split.train),
            self.spec.train.folds,
            generator(self.spec.seed, "frame", "folds"),
            _fold_kind(self.spec.frame.split),
        )
        train = self.split.train
        return tuple(Split(train[fold.train], train[fold.test]) for fold in within)


def rows_of(context: Context) -> Rows:
    """Loads the table and sets its rows apart.

    Raises:
        DataError: too few rows, or a split that its column does not allow.
    """
    spec = context.spec
    assert isinstance(spec, CapstoneSpec)  # noqa: S101 - only capstones have these stages
    table = context.data().table
    y = target_vector(table)
    rarer = int(min(y.sum(), len(y) - y.sum()))
    if rarer < FEWEST:
        raise DataError(f"Only {rarer} rows are of the rarer class; at least {FEWEST} are needed to learn and to test.")
    return Rows(spec, table, y, _set_apart(spec, table, y))


def _set_apart(spec: CapstoneSpec, table: Table, y: Labels) -> Split:
    split, rng = spec.frame.split, generator(spec.seed, "frame", "split")
    if split.kind == "holdout":
        return holdout(y, split.test, rng)
    if split.kind == "stratified":
        return stratified(y, split.test, rng)
    values = _values(table, split.column or "")
    return grouped(values, split.test, rng) if split.kind == "grouped" else time_ordered(values, split.test)


def _folding(split: SplitSpec, table: Table, y: Labels, train: Indices) -> NDArray[np.generic]:
    """What the folds keep together: classes, groups or time."""
    if split.kind in {"holdout", "stratified"}:
        return y[train]
    return _values(table, split.column or "")[train]


def _fold_kind(split: SplitSpec) -> str:
    return {"holdout": "plain", "stratified": "stratified", "grouped": "grouped", "time": "time"}[split.kind]


def _values(table: Table, column: str) -> NDArray[np.generic]:
    values = table.column(column)
    if values.null_count:
        raise DataError(f"{values.null_count:,} rows have no value in {column!r}, by which rows are to be set apart.")
    return np.asarray(values.to_numpy(zero_copy_only=False))
