"""Splits: which rows teach and which rows judge.

A hold-out keeps a share of the rows for the test; k folds let every row be tested once. Plain draws rows, stratified
keeps each class's share, grouped keeps each group on one side, time-ordered tests on what comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.choice import lookup
from fallline.core.errors import DataError

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Rows that teach and rows that judge, each sorted, without a row in common.

    Attributes:
        train: indices, shape (n_train,).
        test: indices, shape (n_test,).
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]


def holdout(y: ArrayLike, share: float, rng: np.random.Generator) -> Split:
    """Draws a share of the rows for the test, whatever their class.

    Args:
        y: one value per row; only its length counts.
        share: of the rows that go to the test, in (0, 1); rounded to whole rows.
        rng: where the draw comes from.

    Raises:
        DataError: a side would be empty.

    >>> split = holdout(range(10), 0.3, np.random.default_rng(0))
    >>> len(split.train), len(split.test)
    (7, 3)
    """
    rows = len(np.asarray(y))
    count = _count(rows, share)
    return _split(rng.permutation(rows)[:count], rows)


def stratified(y: ArrayLike, share: float, rng: np.random.Generator) -> Split:
    """Draws a share of each class for the test, to within one row, and of all rows exactly.

    The rows left over by rounding go to the classes with the largest remainders (Hamilton's method).

    Args:
        y: the class of each row, shape (n,).
        share: of the rows that go to the test, in (0, 1).
        rng: where the draw comes from.

    Raises:
        DataError: a side would be empty, or a class has a single row.
    """
    classes, codes, sizes = _classes(y)
    rows = len(codes)
    count = _count(rows, share)
    if sizes.min() < 2:
        alone = classes[int(sizes.argmin())]
        raise DataError(f"Class {alone!r} has a single row, so it cannot be in both train and test: leave it out.")
    exact = sizes * (count / rows)
    quota = np.floor(exact).astype(np.int64)
    largest = np.argsort(-(exact - quota), kind="stable")[: count - int(quota.sum())]
    quota[largest] += 1
    drawn = [rng.permutation(np.flatnonzero(codes == code))[:each] for code, each in enumerate(quota)]
    return _split(np.concatenate(drawn), rows)


def grouped(groups: ArrayLike, share: float, rng: np.random.Generator) -> Split:
    """Draws whole groups for the test until it holds about a share of the rows.

    Groups are taken in random order while they bring the test nearer to its share.

    Args:
        groups: the group of each row, shape (n,).
        share: of the rows that go to the test, in (0, 1).
        rng: where the draw comes from.

    Raises:
        DataError: there is one group only.
    """
    _, codes, sizes = _classes(groups)
    if len(sizes) < 2:
        raise DataError("A grouped split needs at least two groups; every row is of the same one.")
    goal, taken, chosen = _count(len(codes), share), 0, np.zeros(len(sizes), dtype=bool)
    order = rng.permutation(len(sizes))
    for group in order:
        size = int(sizes[group])
        if abs(goal - taken - size) < abs(goal - taken) and chosen.sum() < len(sizes) - 1:
            chosen[group], taken = True, taken + size
    if not chosen.any():
        chosen[int(sizes.argmin())] = True
    return _split(np.flatnonzero(chosen[codes]), len(codes))


def time_ordered(times: ArrayLike, share: float) -> Split:
    """Keeps the latest rows for the test; rows of one moment stay on one side, so nothing is drawn.

    Args:
        times: numbers or datetime64, shape (n,), none missing.
        share: of the rows that go to the test, in (0, 1); moved to the nearest change of moment.

    Raises:
        DataError: a time is missing, or all rows are of one moment.

    >>> time_ordered([3, 1, 2, 3], 0.25).test.tolist()
    [0, 3]
    """
    moments = _moments(times)
    ordered = np.sort(moments)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    if not len(changes):
        raise DataError("A time-ordered split needs at least two moments; every row is of the same one.")
    goal = len(moments) - _count(len(moments), share)
    cut = changes[int(np.argmin(np.abs(changes - goal)))]
    return _split(np.flatnonzero(moments >= ordered[cut]), len(moments))


def k_folds(y: ArrayLike, k: int, rng: np.random.Generator, kind: str = "stratified") -> tuple[Split, ...]:
    """Cuts the rows into k folds and tests on each in turn.

    Args:
        y: what the kind goes by, shape (n,): the classes of ``stratified``, the groups of ``grouped``, the times of
            ``time``; of ``plain`` only the length counts.
        k: number of folds, ≥ 2.
        rng: where the draw comes from; ``time`` draws nothing.
        kind: a key of `FOLDS`.

    Returns:
        k splits. Their tests are disjoint and cover all rows, except under ``time``: there the rows are cut into
        k + 1 stretches, and each but the first is tested by a model taught on all before it.

    Raises:
        DataError: fewer rows, groups or moments than folds, or a class with fewer rows than folds.
        SpecError: an unknown kind.

    >>> [split.test.tolist() for split in k_folds([0, 1, 2, 3], 2, np.random.default_rng(0), "plain")]
    [[1, 2], [0, 3]]
    """
    if k < 2 or k > len(np.asarray(y)):
        raise DataError(
            f"{k} folds cannot be cut from {len(np.asarray(y)):,} rows: choose from 2 to the number of rows."
        )
    if kind == "time":
        return _time_folds(y, k)
    fold = lookup(kind, FOLDS, "kind")(y, k, rng)
    return tuple(_split(np.flatnonzero(fold == each), len(fold)) for each in range(k))


def _plain_folds(y: ArrayLike, k: int, rng: np.random.Generator) -> Rows:
    rows = len(np.asarray(y))
    fold = np.empty(rows, dtype=np.int64)
    fold[rng.permutation(rows)] = np.arange(rows) % k
    return fold


def _stratified_folds(y: ArrayLike, k: int, rng: np.random.Generator) -> Rows:
    """Deals the shuffled rows of each class out in turn, each class going on where the last one stopped."""
    classes, codes, sizes = _classes(y)
    if sizes.min() < k:
        few = classes[int(sizes.argmin())]
        raise DataError(
            f"Class {few!r} has {sizes.min()} rows, fewer than the {k} folds: use fewer folds or more rows."
        )
    shuffled = rng.permutation(len(codes))
    fold = np.empty(len(codes), dtype=np.int64)
    fold[shuffled[np.argsort(codes[shuffled], kind="stable")]] = np.arange(len(codes)) % k
    return fold


def _grouped_folds(y: ArrayLike, k: int, rng: np.random.Generator) -> Rows:
    """Gives each group, the largest first and equals in random order, to the fold with the fewest rows so far."""
    _, codes, sizes = _classes(y)
    if len(sizes) < k:
        raise DataError(f"{k} grouped folds need at least {k} groups; there are {len(sizes)}.")
    shuffled = rng.permutation(len(sizes))
    home, load = np.empty(len(sizes), dtype=np.int64), np.zeros(k, dtype=np.int64)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        lightest = int(load.argmin())
        home[group], load[lightest] = lightest, load[lightest] + sizes[group]
    return home[codes]


def _time_folds(times: ArrayLike, k: int) -> tuple[Split, ...]:
    moments = _moments(times)
    ordered = np.sort(moments)
    changes = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    if len(changes) < k:
        raise DataError(f"{k} folds in time need at least {k + 1} moments; there are {len(changes) + 1}.")
    # the nearest change of moment to each even cut, leaving one for each cut still to come
    cuts: list[int] = []
    for number in range(1, k + 1):
        first = int(np.searchsorted(changes, cuts[-1], side="right")) if cuts else 0
        free = changes[first : len(changes) - (k - number)]
        cuts.append(int(free[int(np.argmin(np.abs(free - len(moments) * number / (k + 1))))]))
    order = np.argsort(moments, kind="stable")
    ends = [*cuts[1:], len(moments)]
    return tuple(Split(np.sort(order[:cut]), np.sort(order[cut:end])) for cut, end in zip(cuts, ends, strict=True))


FOLDS: dict[str, Callable[[ArrayLike, int, np.random.Generator], Any]] = {
    "plain": _plain_folds,
    "stratified": _stratified_folds,
    "grouped": _grouped_folds,
    "time": lambda times, k, _rng: _time_folds(times, k),
}
"""How folds may be cut."""


def _split(test: Rows, rows: int) -> Split:
    """Sorts a test set and gives all other rows to the train set."""
    chosen = np.zeros(rows, dtype=bool)
    chosen[test] = True
    return Split(train=np.flatnonzero(~chosen), test=np.flatnonzero(chosen))


def _count(rows: int, share: float) -> int:
    """Turns a share into a number of test rows."""
    count = int(np.floor(rows * share + 0.5)) if 0 < share < 1 else 0
    if not 0 < count < rows:
        raise DataError(
            f"A test share of {share} of {rows:,} rows leaves one side empty: choose a share between 0 and 1."
        )
    return count


def _classes(y: ArrayLike) -> tuple[list[object], Rows, Rows]:
    """Returns the different values, the code of each row and the rows of each code."""
    values = np.asarray(y)
    if values.dtype.kind == "O":
        values = values.astype(str)
    different, codes, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return different.tolist(), codes.reshape(-1), sizes


def _moments(times: ArrayLike) -> NDArray[Any]:
    moments = np.asarray(times)
    gone = np.isnat(moments) if moments.dtype.kind in "mM" else np.isnan(moments.astype(float))
    if gone.any():
        raise DataError(f"A time-ordered split needs a time in every row; {int(gone.sum()):,} rows have none.")
    return moments
