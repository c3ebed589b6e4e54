"""The rules of the finder on curves whose answer is known."""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fallline.engine.train.finder.finding import SweepTrace
from fallline.engine.train.finder.rules import RULES, kept, minimum, slide, smoothed, steep, suggest, valley
from fallline.engine.train.finder.verdict import SHARE, concluded, limit_of

RATES = np.logspace(-6, 0, 61)
CURVES = st.lists(st.floats(0.0, 10.0), min_size=20, max_size=60)


def longest_fall(losses: list[float]) -> int:
    """The length of the longest strictly falling subsequence, by patience sorting."""
    tops: list[float] = []
    for loss in losses:
        place = bisect_left(tops, -loss)
        tops[place : place + 1] = [-loss]
    return len(tops)


def test_a_parabola_has_its_minimum_over_ten_and_its_steepest_fall_at_its_edge() -> None:
    """The loss (log₁₀ η + 2)² is lowest at 0.01 and falls fastest at the lowest rate."""
    losses = (np.log10(RATES) + 2.0) ** 2
    assert minimum(RATES, losses) == pytest.approx(0.001)
    assert steep(RATES, losses) == pytest.approx(1e-6)


def test_the_steepest_fall_of_a_step_is_in_the_step() -> None:
    """A logistic fall about 10⁻³ is steepest there."""
    losses = 1.0 / (1.0 + np.exp(5.0 * (np.log10(RATES) + 3.0)))
    assert steep(RATES, losses) == pytest.approx(1e-3, rel=0.3)


def test_a_valley_is_left_half_way_down() -> None:
    """Flat, a fall over thirty points, and a rise: the valley rule names the middle of the fall."""
    losses = np.concatenate([np.full(11, 3.0), np.linspace(2.9, 0.1, 30), np.linspace(0.2, 3.0, 20)])
    assert valley(RATES, losses) == pytest.approx(RATES[9 + 10 + 5])  # points 10 to 40 are 31: back from 40 is 9


@settings(max_examples=25)
@given(CURVES)
def test_the_valley_lies_within_the_longest_fall(losses: list[float]) -> None:
    """Half of the longest falling subsequence before its end, its length found in another way."""
    length, rates = longest_fall(losses), np.logspace(-5, 0, len(losses))
    place = int(np.argmin(np.abs(rates - valley(rates, np.array(losses)))))
    third = length / 3
    ends = [end for end in range(len(losses)) if longest_fall(losses[: end + 1]) == length]
    assert place == max(ends[0] - length, 0) + int(third) + int(third / 2)


def test_the_slide_stops_where_the_slope_no_longer_changes() -> None:
    """Level up to 10⁻², then exploding: the left edge of the window comes to rest on the level part."""
    losses = np.where(RATES < 1e-2, 1.0, 1.0 + (np.log10(RATES) + 2.0) ** 4)
    found = slide(RATES, losses)
    slope = np.gradient(losses)
    place = int(np.argmin(np.abs(RATES - found)))
    assert found < 1e-2
    assert abs(slope[place - 1 + 15] - slope[place - 1]) <= 0.005 < abs(slope[place + 15] - slope[place])


@example([0.0] * 10 + [1.0, 0.0, 1.0] + [0.0] * 7, "steep", 2.0)  # two falls that are alike
@given(CURVES, st.sampled_from([name for name in RULES if name != "curvature"]), st.floats(0.1, 10.0))
def test_a_rule_names_a_rate_of_the_sweep_and_scales_with_it(losses: list[float], name: str, factor: float) -> None:
    """All rates times a factor give the suggestion times the factor."""
    rates, heights = np.logspace(-5, 0, len(losses)), np.array(losses)
    found = suggest(name, rates, heights)
    assert found is not None
    assert rates[0] / 11 <= found <= rates[-1] * (1 + 1e-9)
    assert suggest(name, factor * rates, heights) == pytest.approx(factor * found, rel=1e-3)


def test_of_a_few_points_nothing_is_said() -> None:
    """Seven points are no sweep, and the ends are left out first."""
    assert suggest("valley", RATES[:7], np.ones(7)) is None
    rates, losses = kept(RATES, np.ones(61), 100)
    assert len(rates) == len(losses) == 61 - 10 - 5
    assert rates[0] == RATES[10]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(0.0, 0.99))
def test_smoothing_is_a_weighted_mean_of_the_past(losses: list[float], share: float) -> None:
    """Each value is the mean of what came before, the weight of each look back a share of the one after it."""
    found = smoothed(losses, share)
    for place in range(len(losses)):
        weights = share ** np.arange(place, -1, -1.0)
        assert found[place] == pytest.approx(np.average(losses[: place + 1], weights=weights), abs=1e-9)


def sweep(turn: float = 1e-2, looks: tuple[tuple[float, float], ...] = ()) -> SweepTrace:
    """A parabola with its lowest loss at a rate."""
    losses = tuple(float(x) for x in (np.log10(RATES) - math.log10(turn)) ** 2)
    return SweepTrace(tuple(map(float, RATES)), losses, losses, looks, blew_up=False)


def test_curvature_counts_only_until_the_loss_turns() -> None:
    """The smallest limit before the lowest loss; what is thrown about later is another net."""
    looks = ((1e-5, 0.3), (1e-3, 0.09), (1e-1, 1e-9))
    found = concluded(list(RATES), [sweep(looks=looks)], looked=True, known=True)
    assert limit_of(sweep(looks=looks)) == 0.09
    assert found.suggestion("curvature").rate == pytest.approx(0.09 * SHARE)
    assert limit_of(sweep()) is None


def test_bands_are_quartiles_on_a_logarithmic_axis() -> None:
    """Five sweeps whose minima are a factor of ten apart."""
    turns = (1e-4, 10**-3.5, 1e-3, 10**-2.5, 1e-2)
    found = concluded(list(RATES), [sweep(turn) for turn in turns], looked=False, known=True)
    said = found.suggestion("minimum")
    assert (said.low, said.rate, said.high) == pytest.approx((10**-4.5, 1e-4, 10**-3.5))
    assert said.n == found.seeds == 5
    assert found.suggestion("curvature").rate is None
    assert "not measured" in found.suggestion("curvature").note
    assert f"Start at {found.rate:.2g}" in found.ending.sentence
    assert "5 sweeps" in found.ending.sentence


def test_it_is_surer_where_sweeps_agree() -> None:
    """Five equal sweeps are not less sure than five that differ by decades, and one is never sure."""
    order = ["low", "fair", "high"]
    same = concluded(list(RATES), [sweep()] * 5, looked=False, known=True)
    apart = concluded(list(RATES), [sweep(10.0**power) for power in (-5, -4, -3, -2, -1)], looked=False, known=True)
    assert order.index(same.sure) > order.index(apart.sure)
    assert concluded(list(RATES), [sweep()], looked=False, known=True).sure != "high"
