"""Profiles, against pandas and NumPy."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.engine.data import profile as profile_room
from fallline.engine.data.infer import infer_table
from fallline.engine.data.profile import Profile, profile


def frame(rows: int = 1000) -> pd.DataFrame:
    """A small table of every type."""
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "fee": np.where(rng.random(rows) < 0.1, np.nan, rng.gamma(2, 10, rows)),
            "calls": rng.integers(0, 6, rows),
            "plan": rng.choice([f"plan {letter}" for letter in "abcdefghijklmnop"], rows),
            "since": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D"),
            "churn": rng.choice(["No", "Yes"], rows, p=[0.7, 0.3]),
        }
    )


def profiled(table: pd.DataFrame) -> Profile:
    """Profiles what pandas holds."""
    return profile(infer_table(pa.Table.from_pandas(table, preserve_index=False)))


def test_counts_moments_and_quantiles_agree_with_pandas() -> None:
    """Count, missing, distinct, mean, deviation and quantiles are pandas' own."""
    data = frame()
    found = profiled(data)
    for column in found.columns:
        series = data[column.name]
        assert (column.count, column.missing) == (series.count(), series.isna().sum())
        assert (column.distinct, column.distinct_exact) == (series.nunique(), True)
    fee = found.columns[0]
    assert fee.mean == pytest.approx(data.fee.mean())
    assert fee.deviation == pytest.approx(data.fee.std(ddof=0))
    assert dict(fee.quantiles) == pytest.approx({q: data.fee.quantile(q) for q in profile_room.QUANTILES})
    since = found.columns[3]
    assert since.quantiles[-1][1] == data.since.max().timestamp()


def test_rates_of_levels_bins_and_gaps_agree_with_pandas() -> None:
    """The share of churn per level, per bin and among missing values is what grouping gives."""
    data = frame()
    found, yes = profiled(data), data.churn == "Yes"
    assert found.positive_rate == pytest.approx(yes.mean())
    plan = found.columns[2]
    counts = data.plan.value_counts()
    assert [level.count for level in plan.levels] == counts.tolist()[: profile_room.TOP_LEVELS]
    assert plan.others == sum(counts.tolist()[profile_room.TOP_LEVELS :])
    for level in plan.levels:
        assert level.rate == pytest.approx(yes[data.plan == level.level].mean())
    fee = found.columns[0]
    assert fee.missing_rate == pytest.approx(yes[data.fee.isna()].mean())
    assert fee.histogram is not None
    assert sum(fee.histogram.counts) == fee.count
    expected, edges = np.histogram(data.fee.dropna(), bins=profile_room.BINS)
    assert fee.histogram.counts == tuple(expected)
    assert fee.histogram.edges == pytest.approx(edges)
    hits, _ = np.histogram(data.fee[yes].dropna(), bins=edges)
    assert [rate for rate in fee.histogram.rates if rate is not None] == pytest.approx(
        hits[expected > 0] / expected[expected > 0]
    )


def test_few_whole_numbers_get_a_bin_and_a_level_each() -> None:
    """Calls from 0 to 5 are six bins around the whole numbers, and six levels."""
    calls = profiled(frame()).columns[1]
    assert calls.histogram is not None
    assert calls.histogram.edges == (-0.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5)
    assert {level.level for level in calls.levels} == {"0", "1", "2", "3", "4", "5"}


def test_a_profile_is_json() -> None:
    """Nothing in it is NaN or NumPy's own."""
    assert json.loads(json.dumps(profiled(frame()).to_dict(), allow_nan=False))["rows"] == 1000


@settings(max_examples=60)
@given(st.lists(st.one_of(st.none(), st.floats(-3.4e38, 3.4e38)), min_size=1, max_size=30), st.booleans())
def test_any_numbers_can_be_profiled(values: list[float | None], twice: bool) -> None:
    """Constants, near-equal floats, huge spans and all-missing columns neither fail nor lose a row."""
    table = infer_table(pa.table({"x": pa.array(values * (2 if twice else 1), pa.float64())}))
    column = profile(table).columns[0]
    assert column.count + column.missing == len(values) * (2 if twice else 1)
    if column.histogram:
        assert sum(column.histogram.counts) == column.count
        assert all(np.diff(column.histogram.edges) > 0)
        given_numbers = [value for value in values if value is not None] * (2 if twice else 1)
        assert [mark for _, mark in column.quantiles] == pytest.approx(
            np.quantile(given_numbers, profile_room.QUANTILES)
        )


def test_without_a_target_there_are_no_rates() -> None:
    """Rates are None, not zero."""
    found = profile(infer_table(pa.table({"a": ["x", "y", "z"] * 4, "n": [1.5, 2.5, 3.5] * 4})))
    assert found.positive_rate is None
    assert found.columns[0].levels[0].rate is None
    assert found.columns[1].histogram is not None
    assert found.columns[1].histogram.rates == ()


def test_distinct_values_of_a_large_column_are_estimated_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the estimate is marked, exact for few values and within its guaranteed factor √(n/r) for many."""
    monkeypatch.setattr(profile_room, "LARGE", 40_000)
    monkeypatch.setattr(profile_room, "SAMPLE", 10_000)
    rng = np.random.default_rng(0)
    few, many = rng.integers(0, 50, 90_000), rng.integers(0, 30_000, 90_000)
    words = {name: [f"k {value}" for value in values] for name, values in {"few": few, "many": many}.items()}
    columns = profile(infer_table(pa.table({**words, "all": [f"k {place}" for place in range(90_000)]}))).columns
    assert not any(column.distinct_exact or column.levels for column in columns)
    assert columns[0].distinct == 50
    for column, real in zip(columns[1:], (len(np.unique(many)), 90_000), strict=True):
        assert real / 3 <= column.distinct <= real * 3
