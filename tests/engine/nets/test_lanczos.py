"""Lanczos and the net whose Hessian it looks at: against dense matrices, finite differences and torch."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.engine.nets.lanczos import lanczos
from fallline.engine.nets.one_hidden import OneHidden

RNG = np.random.default_rng(4)
NET = OneHidden(RNG.normal(size=(40, 3)), RNG.normal(size=40), 4)
W = NET.start(np.random.default_rng(1)) + 0.1


def dense() -> np.ndarray:
    """The Hessian, column by column."""
    return np.array([NET.hessian_vector(W, column) for column in np.eye(NET.dimension)])


def test_the_gradient_is_that_of_finite_differences() -> None:
    """Central differences of the loss along every weight."""
    step = 1e-6
    for j, axis in enumerate(np.eye(NET.dimension)):
        slope = (NET.loss(W + step * axis) - NET.loss(W - step * axis)) / (2 * step)
        assert NET.gradient(W)[j] == pytest.approx(slope, abs=1e-8)


def test_the_product_with_the_hessian_is_torchs() -> None:
    """The dense Hessian of torch's autograd, on the same weights in the same order."""
    import torch

    x, y = torch.from_numpy(NET.x), torch.from_numpy(NET.y)

    def loss(w: torch.Tensor) -> torch.Tensor:
        first, bias, second, last = w[:12].reshape(4, 3), w[12:16], w[16:20], w[20]
        return 0.5 * ((torch.tanh(x @ first.T + bias) @ second + last - y) ** 2).mean()

    there = torch.autograd.functional.hessian(loss, torch.from_numpy(W))
    assert dense() == pytest.approx(np.asarray(there), abs=1e-12)


def test_all_steps_give_all_eigenvalues() -> None:
    """As many products as weights: the whole spectrum of the dense Hessian."""
    found = lanczos(lambda v: NET.hessian_vector(W, v), NET.dimension, NET.dimension, np.random.default_rng(2))
    assert found == pytest.approx(np.linalg.eigvalsh(dense()), abs=1e-9)


def test_a_few_steps_give_the_ends_of_a_spectrum() -> None:
    """Of 200 eigenvalues the largest come out of 40 products, and every Ritz value lies between the ends."""
    rng = np.random.default_rng(3)
    turn, _ = np.linalg.qr(rng.normal(size=(200, 200)))
    spectrum = np.sort(np.concatenate([rng.uniform(-0.5, 1.0, 195), [3.0, 5.0, 9.0, 20.0, 50.0]]))
    matrix = (turn * spectrum) @ turn.T
    found = lanczos(lambda v: matrix @ v, 200, 40, rng)
    assert found[-5:] == pytest.approx(spectrum[-5:], rel=1e-6)
    assert spectrum[0] - 1e-9 <= found[0]
    assert len(found) == 40


def test_it_stops_where_nothing_is_left() -> None:
    """A matrix of two different eigenvalues is known after two products."""
    found = lanczos(lambda v: np.where(np.arange(9) < 4, 2.0, 7.0) * v, 9, 9, np.random.default_rng(0))
    assert found == pytest.approx([2.0, 7.0])


def test_training_lowers_the_loss() -> None:
    """The heavy ball on all rows."""
    assert NET.loss(NET.trained(W, 0.05, 0.9, 200)) < 0.8 * NET.loss(W)
