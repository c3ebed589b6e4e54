"""Pay-offs, profit, Elkan's rule, capacity and break-even against brute force and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fallline.core.errors import DataError, SpecError
from fallline.engine.decide import (
    NEVER,
    PayOff,
    RuleKind,
    break_even_prevalence,
    break_even_value,
    capacity_threshold,
    confusion_profit,
    elkan,
    profit,
    profit_at,
    profit_curve,
    profit_rows,
    total_profit,
)
from fallline.engine.metrics import Confusion, bootstrap, confusion, paired_bootstrap

CHURN = PayOff(tp=80, fp=-20, fn=-100, tn=5)
money = st.floats(-100, 100).map(lambda amount: round(amount, 1))
payoffs = st.builds(PayOff, money, money, money, money)
rows = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=1, max_size=40)


def split(drawn: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Returns labels and tied probabilities."""
    return np.array([int(row[0]) for row in drawn]), np.array([row[1] / 8 for row in drawn])


def by_hand(y: np.ndarray, p: np.ndarray, threshold: float, payoff: PayOff) -> float:
    """Adds the money row by row."""
    value = {(1, True): payoff.tp, (0, True): payoff.fp, (1, False): payoff.fn, (0, False): payoff.tn}
    return sum(value[int(label), bool(score >= threshold)] for label, score in zip(y, p, strict=True))


@settings(deadline=None)
@given(rows, payoffs, st.floats(-0.1, 1.1))
def test_profit_is_the_sum_over_rows(drawn: list[tuple[bool, int]], payoff: PayOff, threshold: float) -> None:
    """Total, by row and from the confusion, profit is what adding by hand gives."""
    y, p = split(drawn)
    expected = pytest.approx(by_hand(y, p, threshold, payoff), abs=1e-9)
    assert profit(y, p, threshold, payoff) == expected
    assert total_profit(profit_rows(y, p, threshold, payoff)) == expected
    assert confusion_profit(confusion(y, p, threshold), payoff) == expected


@settings(deadline=None)
@given(rows, payoffs)
def test_curve_is_profit_at_every_threshold(drawn: list[tuple[bool, int]], payoff: PayOff) -> None:
    """Each point is the profit of its threshold and of its cut, and no threshold at all earns more than the best."""
    y, p = split(drawn)
    curve = profit_curve(y, p, payoff)
    assert curve.threshold.size == len(set(p)) + 1
    for place, threshold in enumerate(curve.threshold):
        assert curve.profit[place] == pytest.approx(by_hand(y, p, threshold, payoff), abs=1e-9)
        assert curve.profit[place] == pytest.approx(by_hand(y, p, curve.cut(place), payoff), abs=1e-9)
        assert curve.counts(place) == confusion(y, p, threshold)
        assert curve.index(float(threshold)) == place
    best = curve.profit[curve.best()]
    for threshold in np.linspace(-0.1, 1.1, 49):
        assert by_hand(y, p, threshold, payoff) <= best + 1e-9
        assert by_hand(y, p, threshold, payoff) == pytest.approx(curve.profit[curve.index(threshold)], abs=1e-9)


@settings(deadline=None)
@given(rows, payoffs, st.integers(0, 45))
def test_capacity_is_kept_and_used_as_well_as_it_can_be(
    drawn: list[tuple[bool, int]], payoff: PayOff, capacity: int
) -> None:
    """The limited optimum is the best of those within the limit; the limiting threshold is the lowest that keeps it."""
    y, p = split(drawn)
    curve = profit_curve(y, p, payoff)
    best = curve.best(capacity)
    within = [place for place in range(curve.acted.size) if curve.acted[place] <= capacity]
    assert curve.profit[best] == max(curve.profit[within])
    threshold = capacity_threshold(p, capacity)
    assert np.sum(p >= threshold) == max(curve.acted[within])
    assert np.sum(p >= capacity_threshold(p, capacity, 0.5)) == np.sum(p >= max(threshold, 0.5))


@settings(deadline=None)
@given(payoffs, st.floats(0, 1))
def test_elkan_is_the_better_act_at_every_probability(payoff: PayOff, p: float) -> None:
    """Whatever the pay-offs, degenerate and inverted ones included, no act has a higher expected value."""
    rule = elkan(payoff)
    acts = {
        RuleKind.AT_LEAST: p >= rule.threshold,
        RuleKind.AT_MOST: p <= rule.threshold,
        RuleKind.ALWAYS: True,
        RuleKind.NEVER: False,
    }[rule.kind]
    acting = p * payoff.tp + (1 - p) * payoff.fp
    leaving = p * payoff.fn + (1 - p) * payoff.tn
    assert (acting if acts else leaving) >= max(acting, leaving) - 1e-9
    if rule.kind in {RuleKind.ALWAYS, RuleKind.NEVER}:
        assert (p >= rule.threshold) == acts


@settings(deadline=None)
@given(payoffs, st.floats(0.1, 10), money, money)
def test_elkan_ignores_units_and_what_cannot_be_changed(
    payoff: PayOff, unit: float, positive: float, negative: float
) -> None:
    """Another currency, and money that comes with a class whatever one does, leave the rule as it is."""
    assume(min(abs(payoff.gain), abs(payoff.cost)) > 0.05)
    same = elkan(PayOff(payoff.tp * unit, payoff.fp * unit, payoff.fn * unit, payoff.tn * unit))
    shifted = elkan(
        PayOff(payoff.tp + positive, payoff.fp + negative, payoff.fn + positive, payoff.tn + negative),
    )
    rule = elkan(payoff)
    assert same.kind == shifted.kind == rule.kind
    assert same.threshold == pytest.approx(rule.threshold, abs=1e-9)
    assert shifted.threshold == pytest.approx(rule.threshold, abs=1e-9)


@pytest.mark.parametrize(
    ("payoff", "kind", "threshold"),
    [
        (PayOff(0, 0), RuleKind.NEVER, NEVER),
        (PayOff(10, 0), RuleKind.ALWAYS, 0.0),
        (PayOff(10, 5), RuleKind.ALWAYS, 0.0),
        (PayOff(0, 5), RuleKind.ALWAYS, 0.0),
        (PayOff(0, -5), RuleKind.NEVER, NEVER),
        (PayOff(-10, 0), RuleKind.NEVER, NEVER),
        (PayOff(-10, 5), RuleKind.AT_MOST, 1 / 3),
        (PayOff(0, -300, -700, 0), RuleKind.AT_LEAST, 0.3),
        (CHURN, RuleKind.AT_LEAST, 25 / 205),
    ],
)
def test_elkan_by_hand(payoff: PayOff, kind: RuleKind, threshold: float) -> None:
    """Ordinary, free, hopeless and inverted pay-offs, worked out by hand; the sentence names the amounts."""
    rule = elkan(payoff)
    assert rule.kind is kind
    assert rule.threshold == pytest.approx(threshold)
    assert f"{payoff.gain:,.6g} on a positive" in rule.sentence


def test_profit_bootstraps_as_a_metric_and_between_thresholds() -> None:
    """The interval of one threshold and of the difference between two hold the expected values."""
    rng = np.random.default_rng(0)
    p = rng.random(1409)
    y = (rng.random(1409) < p).astype(int)
    found = bootstrap(profit_at(0.2, CHURN), (y, p), rng)
    truth = 1409 * 30.9  # ∫ (100 p − 20) over 0.2 … 1 plus ∫ (5 − 105 p) over 0 … 0.2
    assert found.low < truth < found.high
    rows = [profit_rows(y, p, threshold, CHURN) for threshold in (0.122, 0.8)]
    gap = paired_bootstrap(total_profit, (rows[0],), (rows[1],), rng)
    assert gap.estimate == pytest.approx(profit(y, p, 0.122, CHURN) - profit(y, p, 0.8, CHURN))
    assert gap.excludes_zero


@settings(deadline=None)
@given(st.tuples(*[st.integers(1, 200)] * 4), payoffs)
def test_break_even_prevalence_is_where_policies_are_worth_the_same(counts: tuple[int, ...], payoff: PayOff) -> None:
    """At the rate found the model earns what acting on no one (or everyone) does; at the rate seen, its own profit."""
    seen = Confusion(*map(float, counts))
    found = break_even_prevalence(seen, payoff, [seen.base_rate])
    assert found.model[0] * seen.rows == pytest.approx(confusion_profit(seen, payoff), abs=1e-6)
    for rate, name in ((found.against_never, "never"), (found.against_always, "always")):
        if rate is not None:
            there = break_even_prevalence(seen, payoff, [rate])
            assert there.model[0] == pytest.approx(getattr(there, name)[0], abs=1e-6)
            assert 0 <= rate <= 1


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 200)] * 4), payoffs, st.sampled_from(["tp", "fp", "fn", "tn"]))
def test_break_even_value_is_where_policies_are_worth_the_same(
    counts: tuple[int, ...], payoff: PayOff, outcome: str
) -> None:
    """At the amount found the model earns what acting on no one (or everyone) does."""
    seen = Confusion(*map(float, counts))
    found = break_even_value(seen, payoff, outcome, [getattr(payoff, outcome)])
    assert found.model[0] == pytest.approx(confusion_profit(seen, payoff), abs=1e-6)
    for amount, name in ((found.against_never, "never"), (found.against_always, "always")):
        if amount is not None:
            there = break_even_value(seen, payoff, outcome, [amount])
            assert there.model[0] == pytest.approx(getattr(there, name)[0], rel=1e-6, abs=1e-6)


def test_refusals() -> None:
    """Amounts that are not money, negative capacities, missing classes and bad rows get a sentence."""
    for wrong in (float("nan"), float("inf"), "80", True, 1e300):
        with pytest.raises(SpecError, match=r"payoff\.fp"):
            PayOff(1, wrong)
    with pytest.raises(SpecError, match="capacity"):
        capacity_threshold([0.1], -1)
    with pytest.raises(SpecError, match="capacity"):
        profit_curve([0], [0.1], CHURN).best(-1)
    with pytest.raises(SpecError, match="both classes"):
        break_even_prevalence(Confusion(1.0, 0.0, 1.0, 0.0), CHURN)
    with pytest.raises(DataError, match="expected 0 or 1"):
        profit_rows([3], [0.2], 0.5, CHURN)
    with pytest.raises(DataError, match="not finite"):
        profit_curve([1], [np.nan], CHURN)
