"""Every metric against scikit-learn, with and without weights, and under resamples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from fallline.core.errors import DataError
from fallline.engine.metrics import METRICS, accuracy, confusion, f1, log_loss, log_loss_rows, pr_auc, roc_auc

SKLEARN = {
    "log_loss": reference.log_loss,
    "brier": reference.brier_score_loss,
    "roc_auc": reference.roc_auc_score,
    "pr_auc": reference.average_precision_score,
    "accuracy": lambda y, p, sample_weight: reference.accuracy_score(y, p >= 0.5, sample_weight=sample_weight),
    "f1": lambda y, p, sample_weight: reference.f1_score(y, p >= 0.5, sample_weight=sample_weight),
}


def sample(seed: int, rows: int = 300, levels: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Draws labels with tied probabilities, both classes present."""
    rng = np.random.default_rng(seed)
    p = rng.integers(0, levels + 1, rows) / levels
    y = (rng.random(rows) < p).astype(np.int8)
    y[:2] = [0, 1]
    return y, p


@pytest.mark.parametrize("name", sorted(METRICS))
@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_scikit_learn(name: str, seed: int) -> None:
    """Tied, weighted and unweighted data give scikit-learn's value."""
    y, p = sample(seed)
    weights = np.random.default_rng(seed).random(y.size)
    assert METRICS[name](y, p) == pytest.approx(SKLEARN[name](y, p, sample_weight=None), rel=1e-12)
    assert METRICS[name](y, p, weights=weights) == pytest.approx(SKLEARN[name](y, p, sample_weight=weights), rel=1e-12)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_counts_as_weights_are_repeated_rows(name: str) -> None:
    """A block of counts gives, row by row, the metric of the data repeated that often."""
    y, p = sample(7)
    counts = np.random.default_rng(1).integers(0, 4, (6, y.size)).astype(float)
    expected = [METRICS[name](np.repeat(y, row.astype(int)), np.repeat(p, row.astype(int))) for row in counts]
    assert METRICS[name](y, p, weights=counts) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_direction_says_which_way_is_better(name: str) -> None:
    """Probabilities nearer the labels are better in the stated direction, and `loss` is lower."""
    y, p = sample(3)
    nearer = 0.5 * p + 0.5 * y
    metric = METRICS[name]
    assert metric.loss(metric(y, nearer)) < metric.loss(metric(y, p))
    assert (metric.direction == "minimize") == (metric(y, nearer) < metric(y, p))


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-5, 5))
def test_ranking_ignores_scale(seed: int, slope: float, shift: float) -> None:
    """The areas depend on the order of the scores alone, and reversing it mirrors the ROC area."""
    y, p = sample(seed, rows=40, levels=8)
    assert roc_auc(y, slope * p + shift) == pytest.approx(roc_auc(y, p))
    assert pr_auc(y, slope * p + shift) == pytest.approx(pr_auc(y, p))
    assert roc_auc(y, -p) == pytest.approx(1 - roc_auc(y, p))


def test_log_loss_of_certain_mistakes_is_finite() -> None:
    """A probability of exactly 0 or 1 on the wrong side costs 36 nats, not infinity."""
    assert log_loss([1, 0], [0.0, 1.0]) == pytest.approx(36.04, abs=0.01)
    assert log_loss_rows([1, 0, 1], [0.0, 0.5, 1.0]) == pytest.approx([36.04, np.log(2), 0.0], abs=0.01)


def test_one_class_has_no_area() -> None:
    """With one class alone the areas and rates that divide by the other are NaN, and no warning is given."""
    assert np.isnan(roc_auc([1, 1], [0.2, 0.3]))
    assert np.isnan(pr_auc([0, 0], [0.2, 0.3]))
    found = confusion([0, 0], [0.2, 0.3], 0.5)
    assert np.isnan(found.precision)
    assert np.isnan(found.recall)
    assert np.isnan(found.f1)
    assert found.fall_out == 0.0
    assert found.selection == 0.0


@settings(deadline=None)
@given(st.integers(0, 10_000), st.floats(-0.2, 1.2))
def test_confusion_matches_scikit_learn_at_any_threshold(seed: int, threshold: float) -> None:
    """All four counts and the rates at any threshold, a score equal to it counting as an act."""
    y, p = sample(seed, rows=50, levels=10)
    threshold = round(threshold, 1)
    found = confusion(y, p, threshold)
    tn, fp, fn, tp = reference.confusion_matrix(y, p >= threshold, labels=[0, 1]).ravel()
    assert (found.tp, found.fp, found.fn, found.tn) == (tp, fp, fn, tn)
    assert found.rows == y.size
    assert accuracy(y, p, threshold) == pytest.approx((tp + tn) / y.size)
    assert f1(y, p, threshold) == pytest.approx(reference.f1_score(y, p >= threshold, zero_division=0.0))
    assert found.base_rate == pytest.approx(y.mean())


@pytest.mark.parametrize(
    ("y", "p", "words"),
    [
        ([], [], "at least one row"),
        ([[0, 1]], [[0.1, 0.2]], "one label per row"),
        ([0, 2], [0.1, 0.2], "expected 0 or 1"),
        ([0.5, 1], [0.1, 0.2], "expected 0 or 1"),
        (["No", "Yes"], [0.1, 0.2], "expected 0 or 1"),
        ([0, np.nan], [0.1, 0.2], "expected 0 or 1"),
        ([0, 1], [0.1], "expected \\(2,\\)"),
        ([0, 1], [0.1, np.nan], "row 1 is not finite"),
        ([0, 1], [0.1, np.inf], "row 1 is not finite"),
        ([0, 1], [0.1, 1.5], "row 1 is 1.5"),
        ([0, 1], [-0.1, 0.5], "row 0 is -0.1"),
    ],
)
def test_refuses_what_is_not_labels_and_probabilities(y: list[float], p: list[float], words: str) -> None:
    """Bad input gets one sentence that names the row or the shape."""
    with pytest.raises(DataError, match=words):
        log_loss(y, p)


@pytest.mark.parametrize("weights", [[1.0], [1.0, -1.0], [1.0, np.nan], [[[1.0, 1.0]]]])
def test_refuses_bad_weights(weights: list[float]) -> None:
    """Weights must be as many as rows, finite and not negative."""
    with pytest.raises(DataError, match=r"[Ww]eight"):
        log_loss([0, 1], [0.2, 0.8], weights=weights)
