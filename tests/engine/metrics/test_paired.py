"""The signed-rank test against scipy and against counting; Holm against its definition; quartiles with infinities."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, wilcoxon

from fallline.engine.metrics.paired import holm, signed_rank
from fallline.engine.metrics.quartiles import quartiles


@given(st.lists(st.floats(-5, 5).filter(lambda x: abs(x) > 1e-6), min_size=3, max_size=14, unique_by=abs))
def test_without_ties_it_is_scipys_exact_test(differences: list[float]) -> None:
    """Different sizes of difference: the textbook case."""
    ours = signed_rank(differences, [0.0] * len(differences))
    assert ours == pytest.approx(wilcoxon(differences, method="exact").pvalue, abs=1e-12)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=9))
def test_with_ties_it_is_what_all_signs_give(differences: list[int]) -> None:
    """Every choice of signs is as likely: the p-value is a share of them, counted one by one."""
    told = [difference for difference in differences if difference]
    ours = signed_rank([float(x) for x in differences], [0.0] * len(differences))
    if not told:
        assert ours == 1.0
        return
    ranks = rankdata(np.abs(told))
    total = ranks.sum()
    seen = min(ranks[np.array(told) > 0].sum(), ranks[np.array(told) < 0].sum())
    sums = [sum(rank for rank, on in zip(ranks, signs, strict=True) if on) for signs in
            itertools.product((0, 1), repeat=len(told))]  # fmt: skip
    extreme = sum(min(each, total - each) <= seen + 1e-9 for each in sums)
    assert ours == pytest.approx(min(1.0, extreme / len(sums)))


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=12), st.data())
def test_who_is_first_does_not_matter(first: list[float], data: st.DataObject) -> None:
    """The p-value is the same with the two exchanged."""
    second = data.draw(st.lists(st.floats(0.1, 10), min_size=len(first), max_size=len(first)))
    assert signed_rank(first, second) == signed_rank(second, first)


def test_a_run_that_broke_off_loses_by_more_than_any_other() -> None:
    """Infinite against finite is the largest difference; infinite against infinite is none."""
    even = signed_rank([math.inf, 1.0, 1.0, 1.0], [0.5, 2.0, 3.0, 4.0])
    assert even == signed_rank([9.0, 1.0, 1.0, 1.0], [0.5, 2.0, 3.0, 4.0])
    assert signed_rank([math.inf] * 6, [math.inf] * 6) == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_rejects_what_the_step_down_procedure_rejects(values: list[float]) -> None:
    """Smallest first, each against level / (remaining tests), until one is not below it."""
    level = 0.05
    rejected = set()
    for place, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        if values[index] * (len(values) - place) >= level:
            break
        rejected.add(index)
    assert {index for index, value in enumerate(holm(values)) if value < level} == rejected


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_never_lowers_and_keeps_the_order(values: list[float]) -> None:
    """An adjusted value is at least its own, and at most Bonferroni's."""
    adjusted = holm(values)
    assert all(
        value <= each <= min(1.0, len(values) * value) + 1e-12 for value, each in zip(values, adjusted, strict=True)
    )
    for first, second in itertools.pairwise(sorted(range(len(values)), key=values.__getitem__)):
        assert adjusted[first] <= adjusted[second]


@given(st.lists(st.one_of(st.floats(-9, 9), st.just(math.inf), st.just(math.nan)), min_size=1, max_size=15))
def test_quartiles_are_values_that_occurred(values: list[float]) -> None:
    """A NaN counts as infinite, and no infinity leaks into a quartile below it."""
    known = sorted(math.inf if math.isnan(value) else value for value in values)
    found = quartiles(values)
    for share, value in ((0.25, found.low), (0.5, found.median), (0.75, found.high)):
        assert float(value) in known
        assert abs(known.index(float(value)) - share * (len(known) - 1)) <= 0.5 or known.count(float(value)) > 1
