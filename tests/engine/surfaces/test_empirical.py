"""Losses over a person's own columns: against closed forms, scikit-learn and torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from fallline.core.errors import DataError, SpecError
from fallline.engine.surfaces import Surface, empirical_surface
from fallline.engine.surfaces.empirical import over_rows

RNG = np.random.default_rng(2)
X = RNG.normal(size=(120, 3)) * [1.0, 2.0, 0.5]
Y = 0.5 + X @ [1.0, -2.0, 3.0] + RNG.normal(size=120)
LABELS = (Y > 0.4).astype(float)
LABELS[:12] = 1.0 - LABELS[:12]  # so that no plane separates the classes


def _surface(loss: Any, ridge: float = 0.05) -> Surface:
    return empirical_surface(X, LABELS if loss == "logistic" else Y, loss, ridge=ridge, width=0.8)


def _torch(loss: str, w: torch.Tensor) -> torch.Tensor:
    features = torch.from_numpy(np.column_stack([np.ones(120), X]))
    z, labels = features @ w, torch.from_numpy(LABELS if loss == "logistic" else Y)
    functional = torch.nn.functional
    rows = {
        "squared": lambda: 0.5 * functional.mse_loss(z, labels),
        "huber": lambda: functional.huber_loss(z, labels, delta=0.8),
        "logistic": lambda: functional.binary_cross_entropy_with_logits(z, labels),
    }[loss]()
    return rows + 0.5 * 0.05 * (w * w).sum()


@pytest.mark.parametrize("loss", ["squared", "huber", "logistic"])
def test_loss_slope_and_curvature_agree_with_torch(loss: str) -> None:
    """Over many points at once, what torch's own losses give one by one."""
    surface, points = _surface(loss), RNG.normal(size=(7, 4))
    for at, value, slope, bend in zip(
        points, surface.value(points), surface.gradient(points), surface.hessian(points), strict=True
    ):
        w = torch.from_numpy(at)
        assert value == pytest.approx(float(_torch(loss, w)), rel=1e-12)
        jacobian = torch.autograd.functional.jacobian(lambda w: _torch(loss, w), w).numpy()
        hessian = torch.autograd.functional.hessian(lambda w: _torch(loss, w), w).numpy()
        assert np.allclose(slope, jacobian, rtol=1e-10, atol=1e-12)
        assert np.allclose(bend, hessian, rtol=1e-10, atol=1e-12)


def test_the_minimum_of_least_squares_is_the_normal_equations() -> None:
    """With and without ridge."""
    features = np.column_stack([np.ones(120), X])
    for ridge in (0.0, 0.3):
        normal = features.T @ features / 120 + ridge * np.eye(4)
        solution = np.linalg.solve(normal, features.T @ Y / 120)
        assert _surface("squared", ridge).minima[0].at == pytest.approx(tuple(solution), rel=1e-10)


def test_the_minimum_of_the_logistic_loss_is_that_of_scikit_learn() -> None:
    """Without a ridge, to its tolerance."""
    surface = _surface("logistic", 0.0)
    model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(X, LABELS)
    assert surface.minima[0].at == pytest.approx((float(model.intercept_[0]), *model.coef_[0]), rel=1e-5)


@pytest.mark.parametrize("loss", ["squared", "huber", "logistic"])
def test_the_minimum_is_stationary_and_inside_the_domain(loss: str) -> None:
    """The slope there vanishes, and a default descent may start and end on the map."""
    surface = _surface(loss)
    assert np.abs(surface.gradient(surface.minima[0].at)).max() < 1e-12
    for at, start, (low, high) in zip(surface.minima[0].at, surface.start, surface.domain, strict=True):
        assert low < at < high
        assert low < start < high


def test_classes_that_a_line_separates_have_no_minimum() -> None:
    """The weights would grow without end; a ridge keeps them."""
    line, labels = [[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1]
    apart = empirical_surface(line, labels, "logistic")
    assert (apart.minima, apart.minima_are) == ((), "found")
    assert len(empirical_surface(line, labels, "logistic", ridge=0.1).minima) == 1


def test_a_batch_is_the_mean_of_its_rows() -> None:
    """Batches that cover the table have gradients whose mean is the whole gradient."""
    surface, at = _surface("huber"), np.array([0.3, -1.0, 2.0, 0.1])
    parts = [over_rows(surface, rows).gradient(at) for rows in np.arange(120).reshape(10, 12)]
    assert np.allclose(np.mean(parts, axis=0), surface.gradient(at), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("features", "labels", "loss", "words"),
    [
        ([[1.0], [2.0]], [1.0], "squared", "do not fit"),
        ([], [], "squared", "do not fit"),
        ([[1.0], [np.nan]], [1.0, 2.0], "squared", "Row 2"),
        ([[1.0], [2.0]], [np.inf, 2.0], "squared", "Row 1"),
        ([[1.0], [2.0]], [1.0, 2.0], "logistic", "0 and 1"),
        (np.zeros((2, 101)), [0.0, 1.0], "squared", "columns"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(features: Any, labels: Any, loss: Any, words: str) -> None:
    """Which row or which labels, in a sentence."""
    with pytest.raises(DataError, match=words):
        empirical_surface(features, labels, loss)


@pytest.mark.parametrize(
    "bad", [{"ridge": -1.0}, {"ridge": np.inf}, {"width": 0.0}, {"loss": "hubber"}, {"width": np.nan}]
)
def test_settings_outside_their_range_are_refused(bad: dict[str, Any]) -> None:
    """By name."""
    with pytest.raises(SpecError, match=next(iter(bad))):
        empirical_surface(X, Y, **bad)
