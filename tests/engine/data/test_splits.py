"""Laws of splits, held against random tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import DataError, SpecError
from fallline.engine.data import FOLDS, SPLITS
from fallline.engine.data.splits import Split, grouped, holdout, k_folds, stratified, time_ordered

shares = st.floats(0.1, 0.9)
seeds = st.integers(0, 2**32)


def is_partition(split: Split, rows: int) -> bool:
    """Says whether every row is on exactly one side, both sides are filled and sorted."""
    both = np.concatenate([split.train, split.test])
    in_order = bool((np.diff(split.train) > 0).all() and (np.diff(split.test) > 0).all())
    return in_order and len(split.train) > 0 and len(split.test) > 0 and sorted(both.tolist()) == list(range(rows))


@given(rows=st.integers(10, 300), share=shares, seed=seeds)
def test_a_holdout_is_a_partition_of_the_size_asked_for(rows: int, share: float, seed: int) -> None:
    """Every row is on one side, the test has the rounded share, and the same seed draws the same rows."""
    split = holdout(np.zeros(rows), share, np.random.default_rng(seed))
    again = holdout(np.zeros(rows), share, np.random.default_rng(seed))
    assert is_partition(split, rows)
    assert abs(len(split.test) - rows * share) <= 0.5
    assert np.array_equal(split.test, again.test)


@given(y=st.lists(st.integers(0, 1), min_size=12, max_size=300), share=shares, seed=seeds)
def test_a_stratified_split_keeps_class_shares_within_one_row(y: list[int], share: float, seed: int) -> None:
    """Each class has its share of the test to within one row, and the test its size to within half a row."""
    labels = np.array([0, 0, 1, 1, *y])
    split = stratified(labels, share, np.random.default_rng(seed))
    assert is_partition(split, len(labels))
    assert abs(len(split.test) - share * len(labels)) <= 0.5
    for label in (0, 1):
        exact = (labels == label).sum() * len(split.test) / len(labels)
        assert abs((labels[split.test] == label).sum() - exact) < 1
    again = stratified(labels, share, np.random.default_rng(seed))
    assert np.array_equal(split.test, again.test)


@given(groups=st.lists(st.integers(0, 12), min_size=8, max_size=200), share=shares, seed=seeds)
def test_a_grouped_split_never_cuts_a_group(groups: list[int], share: float, seed: int) -> None:
    """No group is on both sides."""
    which = np.array([98, 99, *groups])
    split = grouped(which, share, np.random.default_rng(seed))
    assert is_partition(split, len(which))
    assert not set(which[split.train]) & set(which[split.test])


def test_a_grouped_split_comes_near_its_share() -> None:
    """With many small groups the test is within one group of the share, whatever the seed."""
    which = np.repeat(np.arange(200), 5)
    sizes = {len(grouped(which, 0.3, np.random.default_rng(seed)).test) for seed in range(20)}
    assert all(abs(size - 300) <= 5 for size in sizes)


@given(times=st.lists(st.integers(0, 40), min_size=8, max_size=200), share=shares)
def test_a_time_ordered_split_tests_on_what_comes_after(times: list[int], share: float) -> None:
    """Every test row is later than every train row, ties included."""
    moments = np.array([-1, 99, *times])
    split = time_ordered(moments, share)
    assert is_partition(split, len(moments))
    assert moments[split.train].max() < moments[split.test].min()


def test_time_may_be_dates_and_may_not_be_missing() -> None:
    """Dates order like numbers; a missing date is refused, as is a table of one moment."""
    days = np.array(["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-04"], dtype="M8[D]")
    assert time_ordered(days, 0.5).test.tolist() == [0, 3]
    with pytest.raises(DataError, match="1 rows have none"):
        time_ordered(np.array(["2024-01-03", "NaT"], dtype="M8[D]"), 0.5)
    with pytest.raises(DataError, match="at least two moments"):
        time_ordered(np.zeros(9), 0.5)


@given(
    rows=st.integers(12, 120), k=st.integers(2, 6), seed=seeds, kind=st.sampled_from(["plain", "stratified", "grouped"])
)
def test_folds_test_every_row_once(rows: int, k: int, seed: int, kind: str) -> None:
    """The tests of the folds are disjoint and cover the table, and the same seed cuts the same folds."""
    values = np.arange(rows) % (2 if kind == "stratified" else 7)
    folds = k_folds(values, k, np.random.default_rng(seed), kind)
    assert len(folds) == k
    assert all(is_partition(fold, rows) for fold in folds)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(rows))
    again = k_folds(values, k, np.random.default_rng(seed), kind)
    assert all(np.array_equal(one.test, two.test) for one, two in zip(folds, again, strict=True))
    if kind == "grouped":
        assert all(not set(values[fold.train]) & set(values[fold.test]) for fold in folds)


@given(y=st.lists(st.sampled_from("abc"), max_size=120), k=st.integers(2, 6), seed=seeds)
def test_stratified_folds_have_equal_classes_within_one_row(y: list[str], k: int, seed: int) -> None:
    """Per class and in all, the folds differ by one row at most."""
    labels = np.array(["a", "b", "c"] * 6 + y)
    folds = k_folds(labels, k, np.random.default_rng(seed))
    for label in "abc":
        counts = [(labels[fold.test] == label).sum() for fold in folds]
        assert max(counts) - min(counts) <= 1
    sizes = [len(fold.test) for fold in folds]
    assert max(sizes) - min(sizes) <= 1


@given(times=st.lists(st.integers(0, 60), min_size=10, max_size=120), k=st.integers(2, 5))
def test_folds_in_time_go_forward(times: list[int], k: int) -> None:
    """Each fold is taught on everything before its test; the tests are disjoint and reach the last row."""
    moments = np.array([100, 101, 102, 103, 104, 105, *times])
    folds = k_folds(moments, k, np.random.default_rng(0), "time")
    assert len(folds) == k
    for fold in folds:
        assert moments[fold.train].max() < moments[fold.test].min()
        assert np.array_equal(fold.train, np.flatnonzero(moments < moments[fold.test].min()))
    tested = np.concatenate([fold.test for fold in folds])
    assert len(set(tested.tolist())) == len(tested)
    assert folds[-1].test.tolist()[-1] == len(moments) - 1 or moments[folds[-1].test].max() == moments.max()


def test_other_seeds_draw_other_rows() -> None:
    """The draw really comes from the generator."""
    drawn = {tuple(holdout(np.zeros(100), 0.2, np.random.default_rng(seed)).test) for seed in range(10)}
    assert len(drawn) == 10


def test_what_cannot_be_split_is_refused() -> None:
    """Too few rows, lone classes, lone groups and unknown kinds each get a sentence."""
    rng = np.random.default_rng(0)
    for share in (0.0, 1.0, float("nan"), -0.2, 0.001):
        with pytest.raises(DataError, match="leaves one side empty"):
            holdout(np.zeros(10), share, rng)
    with pytest.raises(DataError, match="Class 1 has a single row"):
        stratified([0, 0, 0, 1], 0.5, rng)
    with pytest.raises(DataError, match="at least two groups"):
        grouped(["a"] * 5, 0.5, rng)
    with pytest.raises(DataError, match="'yes' has 2 rows, fewer than the 5 folds"):
        k_folds(["no"] * 20 + ["yes"] * 2, 5, rng)
    with pytest.raises(DataError, match="3 grouped folds need at least 3 groups"):
        k_folds(["a", "b"] * 5, 3, rng, "grouped")
    with pytest.raises(DataError, match="folds cannot be cut"):
        k_folds([1, 2], 3, rng, "plain")
    with pytest.raises(SpecError, match="Did you mean 'stratified'"):
        k_folds([0, 1] * 9, 3, rng, "stratifed")


def test_the_registries_name_every_kind() -> None:
    """Hold-outs and folds are found by name."""
    assert set(SPLITS) == {"holdout", "stratified", "grouped", "time"}
    assert set(FOLDS) == {"plain", "stratified", "grouped", "time"}
