"""Group rates by hand, gaps against row-by-row resampling."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import DataError
from fallline.engine.metrics import confusion, group_metrics


def sample(seed: int, rows: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws three groups of which one is selected more."""
    rng = np.random.default_rng(seed)
    groups = rng.choice(["a", "b", "c"], rows, p=[0.5, 0.3, 0.2])
    p = np.clip(rng.beta(2, 2, rows) + 0.1 * (groups == "a"), 0, 1)
    return (rng.random(rows) < p).astype(int), p, groups


def test_rates_are_those_of_each_group_alone() -> None:
    """Each group's counts are the confusion of its own rows, and the gaps are their spreads."""
    y, p, groups = sample(0)
    found = group_metrics(y, p, groups, 0.5, np.random.default_rng(0))
    assert [group.name for group in found.groups] == ["a", "b", "c"]
    for group in found.groups:
        mine = groups == group.name
        assert group.confusion == confusion(y[mine], p[mine], 0.5)
        assert group.count == mine.sum()
    selection = [group.confusion.selection for group in found.groups]
    recall = [group.confusion.recall for group in found.groups]
    assert found.demographic_parity.estimate == pytest.approx(max(selection) - min(selection))
    assert found.equal_opportunity.estimate == pytest.approx(max(recall) - min(recall))


def test_gap_interval_is_that_of_resampled_rows() -> None:
    """Drawing counts from the cells gives the same interval as resampling rows one set at a time."""
    y, p, groups = sample(1)
    found = group_metrics(y, p, groups, 0.5, np.random.default_rng(0), 4000)
    rng = np.random.default_rng(1)
    gaps = []
    for _ in range(2000):
        rows = rng.integers(0, y.size, y.size)
        rates = [np.mean(p[rows][groups[rows] == name] >= 0.5) for name in "abc"]
        gaps.append(max(rates) - min(rates))
    low, high = np.quantile(gaps, [0.025, 0.975])
    assert found.demographic_parity.low == pytest.approx(low, abs=0.01)
    assert found.demographic_parity.high == pytest.approx(high, abs=0.01)
    assert found.demographic_parity.error == pytest.approx(np.std(gaps), rel=0.08)


def test_missing_values_are_a_group_and_small_groups_are_not_compared() -> None:
    """None and NaN make the group `missing`; a group of three rows is shown and left out of the gaps."""
    y = np.array([0, 1] * 40 + [1, 1, 1])
    p = np.where(y == 1, 0.9, 0.1)
    groups = np.array(["a"] * 40 + [None] * 20 + [float("nan")] * 20 + ["few"] * 3, dtype=object)
    found = group_metrics(y, p, groups, 0.5, np.random.default_rng(0))
    assert [(group.name, group.count, group.compared) for group in found.groups] == [
        ("a", 40, True),
        ("few", 3, False),
        ("missing", 40, True),
    ]
    assert found.demographic_parity.estimate == 0.0


def test_no_gap_without_two_groups_or_without_positives() -> None:
    """One group has no gap; a compared group without positives has no true positive rate to compare."""
    rng = np.random.default_rng(0)
    alone = group_metrics([0, 1] * 20, [0.2, 0.8] * 20, ["a"] * 40, 0.5, rng)
    assert alone.demographic_parity is None
    assert alone.equal_opportunity is None
    without = group_metrics([0, 1] * 20 + [0] * 30, [0.2, 0.8] * 20 + [0.9] * 30, ["a"] * 40 + ["b"] * 30, 0.5, rng)
    assert without.demographic_parity.estimate == pytest.approx(0.5)
    assert without.equal_opportunity is None


def test_groups_must_be_one_per_row() -> None:
    """A list of another length is refused with both shapes."""
    with pytest.raises(DataError, match="expected \\(2,\\)"):
        group_metrics([0, 1], [0.1, 0.2], ["a"], 0.5, np.random.default_rng(0))
