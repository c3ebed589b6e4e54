"""Fairness by group at a threshold: rates of each group, and the gaps between groups with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError
from fallline.engine.metrics.binary import labels, scores
from fallline.engine.metrics.bootstrap import Interval
from fallline.engine.metrics.confusion import Confusion

Counts = NDArray[np.float64]
"""Shape (…, groups, 4): tp, fp, fn, tn of each group."""


@dataclass(frozen=True)
class GroupRates:
    """What the threshold does to one group.

    Attributes:
        name: the group's value; missing values are the group ``missing``.
        confusion: its four counts, with every rate.
        compared: whether it enters the gaps; a group with fewer than `least` rows is shown but not compared.
    """

    name: str
    confusion: Confusion
    compared: bool

    @property
    def count(self) -> int:
        """Rows of the group."""
        return int(self.confusion.rows)


@dataclass(frozen=True)
class GroupMetrics:
    """Rates by group and the largest differences between compared groups.

    Attributes:
        groups: in the order of their names.
        demographic_parity: largest minus smallest selection rate (Dwork et al. 2012); None with fewer than two groups.
        equal_opportunity: largest minus smallest true positive rate (Hardt, Price and Srebro 2016); None likewise, or
            where a compared group has no positive.
        least: rows below which a group is not compared.
    """

    groups: tuple[GroupRates, ...]
    demographic_parity: Interval | None
    equal_opportunity: Interval | None
    least: int


def group_metrics(
    y: ArrayLike,
    p: ArrayLike,
    groups: ArrayLike,
    threshold: float,
    rng: np.random.Generator,
    n: int = 1000,
    *,
    least: int = 20,
    level: float = 0.95,
) -> GroupMetrics:
    """Counts outcomes per group and bootstraps the gaps.

    The counts (group × label × act) hold all that the gaps depend on, so resampling rows is one multinomial draw over
    those few cells, whatever the number of rows. A gap is a maximum of differences and so never below zero: even a
    perfectly even rule shows one, and a percentile interval that starts near zero says no more than that.

    Args:
        y: labels 0 or 1, shape (n,).
        p: scores, shape (n,).
        groups: each row's group, shape (n,); None and NaN are the group ``missing``.
        threshold: act where p ≥ threshold.
        rng: where the resamples come from.
        n: how many resamples.
        least: smaller groups are shown but not compared.
        level: 0.95 for 95 % percentile intervals.

    Raises:
        DataError: `groups` is not one value per row.

    >>> found = group_metrics([1, 0] * 40, [0.9, 0.1] * 40, ["a"] * 40 + ["b"] * 40, 0.5, np.random.default_rng(0))
    >>> [(group.name, group.count) for group in found.groups], found.equal_opportunity.estimate
    ([('a', 40), ('b', 40)], 0.0)
    """
    positive = labels(y)
    act = scores(p, positive.size) >= threshold
    names, which = group_codes(groups, positive.size)
    cells = np.bincount(which * 4 + 2 * ~act + ~positive, minlength=len(names) * 4)
    counts = cells.reshape(-1, 4).astype(np.float64)
    compared = counts.sum(axis=1) >= least
    draws = rng.multinomial(positive.size, cells / positive.size, size=n).reshape(n, -1, 4).astype(np.float64)
    selection = _gap(counts, draws, compared, (0, 1), (0, 1, 2, 3), level)
    opportunity = _gap(counts, draws, compared, (0,), (0, 2), level)
    rates = tuple(
        GroupRates(name, Confusion(*map(float, row)), bool(kept))
        for name, row, kept in zip(names, counts, compared, strict=True)
    )
    return GroupMetrics(rates, selection, opportunity, least)


def group_codes(groups: ArrayLike, rows: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Returns the names in order and each row's number among them.

    Raises:
        DataError: not one value per row.
    """
    values = np.asarray(groups, dtype=object)
    if values.shape != (rows,):
        raise DataError(f"Groups have the shape {values.shape}: expected ({rows},), one for each row.")
    # NaN is the one value that differs from itself.
    text = np.array(["missing" if value is None or value != value else str(value) for value in values])  # noqa: PLR0124
    names, which = np.unique(text, return_inverse=True)
    return tuple(str(name) for name in names), which.astype(np.int64)


def _gap(
    counts: Counts,
    draws: Counts,
    compared: NDArray[np.bool_],
    above: tuple[int, ...],
    below: tuple[int, ...],
    level: float,
) -> Interval | None:
    """Returns largest minus smallest rate over the compared groups."""
    if compared.sum() < 2:
        return None
    estimate = float(_spread(counts[compared], above, below))
    values = _spread(draws[:, compared], above, below)
    values = values[np.isfinite(values)]
    if not np.isfinite(estimate) or values.size < 2:
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(estimate, float(low), float(high), float(values.std(ddof=1)), level, "percentile", values.size)


def _spread(counts: Counts, above: tuple[int, ...], below: tuple[int, ...]) -> Any:
    """Returns max − min over groups of Σ above / Σ below; NaN where a group has nothing below."""
    top, bottom = counts[..., list(above)].sum(axis=-1), counts[..., list(below)].sum(axis=-1)
    rate = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return rate.max(axis=-1) - rate.min(axis=-1)
