"""The chosen threshold: stays on calibrated scores, moves on bad ones, and earns more on new rows by doing so."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from fallline.core.errors import SpecError
from fallline.engine.decide import NEVER, PayOff, choose_threshold, fairness, profit

PAYOFF = PayOff(tp=80, fp=-20)


def sample(seed: int, rows: int = 1409, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Draws labels, and probabilities whose logit is off by `shift`."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-1.2, 1.3, rows)
    return (rng.random(rows) < expit(z)).astype(int), expit(z + shift)


def test_calibrated_scores_rarely_move() -> None:
    """On 100 calibrated samples Elkan's threshold is left fewer than 25 times, the raw optimum never coinciding."""
    choices = [choose_threshold(*sample(seed), PAYOFF, np.random.default_rng(seed), 100) for seed in range(100)]
    assert sum(choice.moved for choice in choices) < 25
    assert all(choice.threshold == (choice.empirical if choice.moved else 0.2) for choice in choices)
    assert np.mean([choice.gain > choice.error for choice in choices]) > 0.4  # what the naive rule would have moved on


def test_shifted_scores_move_and_earn_more_on_new_rows() -> None:
    """Probabilities one logit too high: the threshold rises, and new rows confirm the gain."""
    y, p = sample(0, rows=5000, shift=1.0)
    choice = choose_threshold(y, p, PAYOFF, np.random.default_rng(0))
    assert choice.moved
    assert choice.threshold == choice.empirical > choice.elkan
    assert choice.gain - choice.optimism > choice.error > 0
    assert choice.profit == pytest.approx(profit(y, p, choice.threshold, PAYOFF))
    assert "moves from Elkan's 0.2" in choice.sentence
    new_y, new_p = sample(1, rows=50_000, shift=1.0)
    assert profit(new_y, new_p, choice.threshold, PAYOFF) > profit(new_y, new_p, choice.elkan, PAYOFF)


def test_sentence_and_numbers_agree() -> None:
    """A threshold that stays says so with the gain, the optimism and the error in it."""
    y, p = sample(3)
    choice = choose_threshold(y, p, PAYOFF, np.random.default_rng(0))
    assert not choice.moved
    assert choice.sentence.startswith("Elkan's threshold 0.2 stays")
    assert f"{choice.gain:,.0f} more" in choice.sentence
    assert f"{choice.error:,.0f}." in choice.sentence
    assert choice.profit == pytest.approx(profit(y, p, 0.2, PAYOFF))


def test_degenerate_payoffs() -> None:
    """Acting for free acts on all, acting for nothing on none, and inverted pay-offs are refused with a way out."""
    y, p = sample(4)
    always = choose_threshold(y, p, PayOff(10, 5), np.random.default_rng(0))
    assert (always.threshold, always.moved, always.gain) == (0.0, False, 0.0)
    never = choose_threshold(y, p, PayOff(0, -5), np.random.default_rng(0))
    assert (never.threshold, never.moved) == (NEVER, False)
    with pytest.raises(SpecError, match="Swap the classes"):
        choose_threshold(y, p, PayOff(-10, 5), np.random.default_rng(0))


@pytest.mark.parametrize(("y", "p"), [([1], [0.5]), ([0, 0], [0.3, 0.9]), ([1, 1], [0.0, 0.1]), ([0, 1], [0.4, 0.4])])
def test_tiny_and_tied_rows_give_a_finite_choice(y: list[int], p: list[float]) -> None:
    """One row, one class and one score are answered, not crashed on."""
    choice = choose_threshold(y, p, PAYOFF, np.random.default_rng(0))
    assert np.isfinite([choice.threshold, choice.gain, choice.optimism, choice.error, choice.profit]).all()


def test_same_generator_same_choice() -> None:
    """The choice is a function of rows, pay-offs and generator."""
    y, p = sample(5)
    first, second = (choose_threshold(y, p, PAYOFF, np.random.default_rng(1)) for _ in range(2))
    assert first == second


def test_fairness_names_the_groups_at_both_ends() -> None:
    """Rates, money per row and the sentence are those of the groups; a single group is said to be one."""
    rng = np.random.default_rng(0)
    groups = np.where(np.arange(400) < 200, "old", "young")
    y = rng.integers(0, 2, 400)
    p = np.where(groups == "old", 0.9, 0.1)
    found = fairness(y, p, groups, 0.5, PAYOFF, rng, attribute="age")
    assert found.sentence.startswith("By age, 100.0% of 'old' and 0.0% of 'young' are acted on: a gap of 100.0%")
    old = y[:200]
    assert found.profit_per_row == pytest.approx((np.where(old == 1, 80, -20).mean(), 0.0))
    alone = fairness(y, p, np.full(400, "all"), 0.5, PAYOFF, rng, attribute="age")
    assert "nothing is compared" in alone.sentence
