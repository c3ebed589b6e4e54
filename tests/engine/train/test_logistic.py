"""Logistic regression against scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from fallline.core.rng import generator
from fallline.engine.train import FAMILIES, LogisticModel, logistic

Small = tuple[NDArray[np.float32], NDArray[np.int8]]
FIT = FAMILIES["logistic"].fit


@pytest.mark.parametrize("strength", [1e-3, 0.1, 1.0, 100.0])
def test_telco_equals_scikit_learn(telco: Any, strength: float) -> None:
    """On Telco, weights and probabilities are those of scikit-learn at every strength."""
    model, ending = FIT(telco.train["linear"], telco.y, {"C": strength}, generator(0))
    reference = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-12, max_iter=200)
    reference.fit(telco.train["linear"].astype(np.float64), telco.y)
    assert isinstance(model, LogisticModel)
    np.testing.assert_allclose(model.weights, reference.coef_[0], atol=2e-5)
    expected = reference.predict_proba(telco.test["linear"].astype(np.float64))[:, 1]
    np.testing.assert_allclose(model.probabilities(telco.test["linear"]), expected, atol=1e-5)
    assert ending.kind == "converged"
    assert list(model.history["loss"]) == sorted(model.history["loss"], reverse=True)


def test_blocks_of_rows_change_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting the rows into blocks gives the same model as one block."""
    whole, _ = FIT(*small, {}, generator(0))
    monkeypatch.setattr(logistic, "CHUNK", 7)
    blocks, _ = FIT(*small, {}, generator(0))
    np.testing.assert_allclose(blocks.weights, whole.weights, rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-4, 1e6), st.floats(1e-3, 1e3))
def test_hard_problems_end_at_the_optimum(seed: int, strength: float, scale: float) -> None:
    """Separable rows, repeated columns and wild scales still end finite, with a gradient near zero."""
    rng = np.random.default_rng(seed)
    column = (rng.normal(size=(40, 1)) * scale).astype(np.float32)
    matrix = np.hstack([column, column, np.zeros_like(column), np.sign(column)])
    labels = (column[:, 0] > np.median(column)).astype(np.int8)
    model, _ = FIT(matrix, labels, {"C": strength}, rng)
    assert np.isfinite(model.logits(matrix)).all()
    assert model.weights[2] == 0
    np.testing.assert_allclose(model.weights[0], model.weights[1], rtol=1e-3, atol=1e-6)
    residual = model.probabilities(matrix) - labels
    slope = strength * matrix[:, 0].astype(np.float64) @ residual + float(model.weights[0])
    assert abs(slope) <= 1e-3 * (1.0 + strength * np.abs(matrix[:, 0]).sum())
