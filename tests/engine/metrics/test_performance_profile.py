"""Performance profiles against their definition, problem by problem."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.engine.metrics.performance_profile import FURTHEST, performance_profiles

COST = st.one_of(st.none(), st.integers(1, 500).map(float))
TABLES = st.integers(1, 9).flatmap(
    lambda problems: st.lists(st.lists(COST, min_size=problems, max_size=problems), min_size=1, max_size=5)
)


def share_within(rows: list[list[float | None]], solver: int, factor: float) -> float:
    """Counts, in plain Python, how often a solver is within a factor of the fastest."""
    hits = 0
    for problem, cost in enumerate(rows[solver]):
        others = [row[problem] for row in rows if row[problem] is not None]
        hits += cost is not None and cost / min(others) <= factor
    return hits / len(rows[solver])


@given(TABLES, st.floats(1.0, FURTHEST))
def test_a_profile_is_the_share_of_problems_within_the_factor(rows: list[list[float | None]], factor: float) -> None:
    """At any factor the staircase says what counting says."""
    found = performance_profiles({str(place): row for place, row in enumerate(rows)})
    for place in range(len(rows)):
        profile = found[str(place)]
        step = np.searchsorted(profile.factors, factor, side="right") - 1
        assert profile.shares[step] == pytest.approx(share_within(rows, place, factor))


@given(TABLES)
def test_the_score_is_the_area_under_the_profile(rows: list[list[float | None]]) -> None:
    """A fine sum over the counted shares comes to the same area; a unit of cost changes nothing."""
    found = performance_profiles({str(place): row for place, row in enumerate(rows)})
    scaled = performance_profiles(
        {str(place): [None if cost is None else 8.0 * cost for cost in row] for place, row in enumerate(rows)}
    )
    middles = 1.0 + (np.arange(600) + 0.5) * (FURTHEST - 1.0) / 600
    for place in range(len(rows)):
        counted = np.mean([share_within(rows, place, float(factor)) for factor in middles])
        assert found[str(place)].score == pytest.approx(counted, abs=0.02)
        assert scaled[str(place)] == found[str(place)]


def test_who_is_fastest_everywhere_scores_one_and_who_solves_nothing_zero() -> None:
    """The ends of the scale."""
    found = performance_profiles({"fast": [3.0, 7.0], "never": [None, None], "slow": [30.0, 70.0]})
    assert found["fast"].score == 1.0
    assert found["never"].score == 0.0
    assert found["slow"].score == 0.0


def test_a_race_without_problems_has_empty_profiles() -> None:
    """Nothing was asked, so nothing was solved."""
    assert performance_profiles({"a": []})["a"].shares == (0.0, 0.0)
