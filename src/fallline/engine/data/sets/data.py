"""What a net learns from: samples, what is to be said of each, and which of them teach, choose and judge."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError
from fallline.engine.data.splits import holdout, stratified

Task = Literal["regression", "binary", "classes", "tokens"]
"""What is to be said: numbers, one of two classes, one of several, or a token for each step."""
Rows = NDArray[np.int64]
Parts = tuple[Rows, Rows, Rows]
"""Rows that teach, choose and judge."""


@dataclass(frozen=True, eq=False)
class Data:
    """Samples set apart. The arrays cannot be changed.

    Attributes:
        name: for people and Records.
        task: what is to be said of a sample.
        x: float32 (n, p), (n, channels, length) or (n, channels, height, width); int64 (n, length) of tokens.
        y: float32 (n, k) of a regression; int64 (n,) classes from 0; int64 (n, length) tokens.
        train: rows that teach, sorted.
        validation: rows that choose: the best epoch, the learning rate.
        test: rows that judge at the end; may be empty.
        classes: how many classes; 0 where there are none.
        vocabulary: how many tokens; 0 where the samples are numbers.
        words: the classes or tokens as text, where they have one.
    """

    name: str
    task: Task
    x: NDArray[Any]
    y: NDArray[Any]
    train: Rows
    validation: Rows
    test: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    classes: int = 0
    vocabulary: int = 0
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.x, self.y, self.train, self.validation, self.test):
            array.flags.writeable = False
        if not len(self.train):
            raise DataError(f"{self.name}: no row is left to learn from.")

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one sample."""
        return tuple(self.x.shape[1:])

    @property
    def outputs(self) -> int:
        """How many numbers a net gives for a sample, or a step: log odds of classes, or the values themselves."""
        sizes = {"binary": 1, "classes": self.classes, "tokens": self.vocabulary}
        return sizes.get(self.task) or int(self.y.shape[1])

    @cached_property
    def sha256(self) -> str:
        """Of everything in it but the name."""
        whole = hashlib.sha256(f"{self.task}|{self.classes}|{self.vocabulary}".encode())
        for array in (self.x, self.y, self.train, self.validation, self.test):
            whole.update(f"|{array.dtype.str}{array.shape}|".encode() + np.ascontiguousarray(array).tobytes())
        return whole.hexdigest()


def set_apart(y: ArrayLike, task: Task, validation: float, test: float, rng: np.random.Generator) -> Parts:
    """Draws the rows that teach, choose and judge; of classes each keeps its share.

    Args:
        y: what is to be said of each row.
        task: tokens are kept in order, the last ones judge.
        validation: share of the rows that choose, from 0.
        test: share that judge, from 0.
        rng: where the draw comes from.

    Returns:
        train, validation and test.
    """
    labels = np.asarray(y)
    rows = np.arange(len(labels))
    if task == "tokens":
        ends = [round(len(rows) * (1.0 - validation - test)), round(len(rows) * (1.0 - test))]
        first, second, third = np.split(rows, ends)
        return first, second, third
    rest, judged = _cut(labels, rows, task, test, rng)
    train, chosen = _cut(labels, rest, task, validation / (1.0 - test), rng)
    return train, chosen, judged


def _cut(labels: NDArray[Any], rows: Rows, task: Task, share: float, rng: np.random.Generator) -> tuple[Rows, Rows]:
    if share == 0.0:
        return rows, rows[:0]
    classed = task in {"binary", "classes"} and np.unique(labels[rows], return_counts=True)[1].min() > 1
    split = (stratified if classed else holdout)(labels[rows], share, rng)
    return rows[split.train], rows[split.test]
