"""The bootstrap against SciPy's, against theory, and against plain row-by-row resampling."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from fallline.core.errors import DataError
from fallline.engine.metrics import (
    METRICS,
    bootstrap,
    brier,
    by_rows,
    log_loss,
    paired_bootstrap,
    resample_counts,
    roc_auc,
)
from fallline.engine.metrics.binary import Floats
from fallline.engine.metrics.weighted import mean, row_weights


def sample(seed: int, rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Draws calibrated probabilities and labels."""
    rng = np.random.default_rng(seed)
    p = rng.beta(1.5, 3.0, rows)
    return (rng.random(rows) < p).astype(np.int8), p


def average(values: Floats, *, weights: Floats | None = None) -> float | Floats:
    """The mean, as a weighted metric."""
    return mean(values, row_weights(weights, values.size))


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_agrees_with_scipy_on_a_skewed_mean(method: str) -> None:
    """Both ends agree with SciPy's bootstrap within the noise of the resampling."""
    values = np.random.default_rng(0).exponential(size=60)
    ours = bootstrap(average, (values,), np.random.default_rng(1), 20_000, method=method)
    name = {"percentile": "percentile", "bca": "BCa"}[method]
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method=name, rng=np.random.default_rng(2))
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.012)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.012)
    assert ours.error == pytest.approx(theirs.standard_error, rel=0.03)
    assert tuple(ours) == (ours.estimate, ours.low, ours.high)
    assert ours.estimate == pytest.approx(values.mean())


def test_bca_moves_towards_the_skew() -> None:
    """On a right-skewed mean both BCa ends lie above the percentile ends."""
    values = np.random.default_rng(0).exponential(size=60)
    plain = bootstrap(average, (values,), np.random.default_rng(1), 10_000)
    shifted = bootstrap(average, (values,), np.random.default_rng(1), 10_000, method="bca")
    assert shifted.low > plain.low
    assert shifted.high > plain.high


def test_bca_with_grouped_jackknife_is_close_to_the_full_one() -> None:
    """Above 400 rows groups are left out instead of rows; the ends hardly move."""
    values = np.random.default_rng(3).exponential(size=4000)
    ours = bootstrap(average, (values,), np.random.default_rng(1), 5000, method="bca")
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=5000, method="BCa", batch=200, rng=np.random.default_rng(2)
    )
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.004)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.004)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Over 300 data sets the 90 % interval of the Brier score holds its expectation 85 to 95 % of the time."""
    truth = 1.5 * 3.0 / ((1.5 + 3.0) * (1.5 + 3.0 + 1.0))  # E p(1 − p) of Beta(1.5, 3)
    held = 0
    for seed in range(300):
        y, p = sample(seed, rows=200)
        _, low, high = bootstrap(brier, (y, p), np.random.default_rng(seed), 400, level=0.9)
        held += low <= truth <= high
    assert 0.85 < held / 300 < 0.95


@pytest.mark.parametrize("name", sorted(METRICS))
def test_plain_functions_give_the_same_interval(name: str) -> None:
    """Counts as weights and repeated rows are the same bootstrap, draw by draw."""
    y, p = sample(4)
    fast = bootstrap(METRICS[name], (y, p), np.random.default_rng(5), 200)
    slow = bootstrap(by_rows(METRICS[name]), (y, p), np.random.default_rng(5), 200)
    assert [fast.estimate, fast.low, fast.high, fast.error] == pytest.approx(
        [slow.estimate, slow.low, slow.high, slow.error], rel=1e-10
    )


def test_pairing_narrows_the_difference() -> None:
    """Two nearly equal models differ with far less doubt on shared rows than on rows of their own."""
    y, p = sample(6, rows=1000)
    other = np.clip(p + 0.02, 0, 1)
    paired = paired_bootstrap(log_loss, (y, other), (y, p), np.random.default_rng(0))
    alone = bootstrap(log_loss, (y, p), np.random.default_rng(0))
    assert paired.estimate == pytest.approx(log_loss(y, other) - log_loss(y, p))
    assert paired.error < alone.error / 4
    swapped = paired_bootstrap(log_loss, (y, p), (y, other), np.random.default_rng(0))
    assert (swapped.estimate, swapped.low, swapped.high) == pytest.approx((-paired.estimate, -paired.high, -paired.low))


def test_a_model_against_itself_differs_by_nothing() -> None:
    """The paired difference of a model with itself is exactly zero, and does not exclude zero."""
    y, p = sample(8)
    same = paired_bootstrap(roc_auc, (y, p), (y, p), np.random.default_rng(0), method="bca")
    assert tuple(same) == (0.0, 0.0, 0.0)
    assert not same.excludes_zero


def test_counts_are_resamples_in_blocks() -> None:
    """Every resample has as many rows as the data; many rows are drawn in blocks."""
    blocks = list(resample_counts(300_000, 30, np.random.default_rng(0)))
    assert [block.shape[0] for block in blocks] == [13, 13, 4]
    assert all(np.all(block.sum(axis=1) == 300_000) for block in blocks)


def test_undefined_resamples_are_left_out_and_counted() -> None:
    """With one positive among few rows some resamples have none: they are dropped and the count says so."""
    y, p = np.array([1, 0, 0, 0, 0]), np.array([0.6, 0.7, 0.2, 0.1, 0.3])
    found = bootstrap(roc_auc, (y, p), np.random.default_rng(0), 500)
    assert 250 < found.resamples < 500
    assert found.to_dict()["method"] == "percentile"


def test_refusals() -> None:
    """Unequal lengths, an undefined metric, a hopeless bootstrap and fractional weights get a sentence."""
    y, p = sample(9)
    rng = np.random.default_rng(0)
    with pytest.raises(DataError, match="common length"):
        bootstrap(brier, (y, p[1:]), rng)
    with pytest.raises(DataError, match="undefined on these rows"):
        bootstrap(roc_auc, (np.ones(5), np.full(5, 0.5)), rng)
    with pytest.raises(DataError, match="n=1"):
        bootstrap(brier, (y, p), rng, 1)
    with pytest.raises(DataError, match="level=95"):
        bootstrap(brier, (y, p), rng, level=95)
    with pytest.raises(DataError, match="whole weights"):
        by_rows(brier)(y, p, weights=np.full(y.size, 0.5))


def test_same_generator_same_interval() -> None:
    """The interval is a function of the rows and the generator."""
    y, p = sample(10)
    assert bootstrap(roc_auc, (y, p), np.random.default_rng(1)) == bootstrap(roc_auc, (y, p), np.random.default_rng(1))
