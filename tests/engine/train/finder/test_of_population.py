"""The finder on a population: its curvature against torch's, its sweep against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fallline.engine.optim import Adam, GradientDescent, Momentum
from fallline.engine.schedules import AnnealExponential
from fallline.engine.train.finder.of_population import find_rate_of_population
from fallline.engine.train.finder.two_layers import TwoLayers
from fallline.engine.train.population import Member, Perceptron, population

RNG = np.random.default_rng(2)
X = RNG.standard_normal((40, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int64) + (X[:, 2] > 1)


def nets(count: int) -> TwoLayers:
    """Some nets on batches of their own."""
    shapes = ((3, 5), (5,), (5, 3), (3,))
    weights = tuple(RNG.standard_normal((count, *shape)) for shape in shapes)
    rows = RNG.integers(40, size=(count, 8))
    return TwoLayers(weights, X[rows].astype(np.float64), Y[rows])  # type: ignore[arg-type]  # four of them


def hessian_of(made: TwoLayers, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and Hessian of one of them, by torch's autograd."""
    sizes = [each[k].size for each in made.weights]

    def loss(flat: torch.Tensor) -> torch.Tensor:
        w1, b1, w2, b2 = torch.split(flat, sizes)
        hidden = torch.tanh(torch.from_numpy(made.x[k]) @ w1.view(3, 5) + b1)
        return torch.nn.functional.cross_entropy(hidden @ w2.view(5, 3) + b2, torch.from_numpy(made.y[k]))

    flat = torch.from_numpy(np.concatenate([each[k].ravel() for each in made.weights])).requires_grad_()
    (gradient,) = torch.autograd.grad(loss(flat), flat)
    return gradient.numpy(), torch.autograd.functional.hessian(loss, flat.detach()).numpy()


def test_products_and_sharpness_are_torchs() -> None:
    """Gradient and H·v to 1e-12; the largest eigenvalue, with and without a preconditioner, to a few per cent."""
    made = nets(3)
    direction = RNG.standard_normal((3, 38))
    divide = RNG.uniform(0.5, 2.0, (3, 38))
    plain = made.sharpness(np.ones((3, 38)), np.random.default_rng(0))
    scaled = made.sharpness(divide, np.random.default_rng(0))
    for k in range(3):
        gradient, hessian = hessian_of(made, k)
        np.testing.assert_allclose(made.gradient()[k], gradient, atol=1e-12)
        np.testing.assert_allclose(made.product(direction)[k], hessian @ direction[k], atol=1e-11)
        root = 1.0 / np.sqrt(divide[k])
        assert plain[k] == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=0.05)
        assert scaled[k] == pytest.approx(np.linalg.eigvalsh(root[:, None] * hessian * root)[-1], rel=0.05)


@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum(), Adam()])
def test_a_sweep_is_one_training_at_a_rising_rate(optimizer: GradientDescent | Momentum | Adam) -> None:
    """Losses are those of the member alone, whether curvature was looked at on the way or not."""
    found = find_rate_of_population((3, 5, 3), (X, Y), optimizer, low=1e-4, high=1.0, steps=40, seeds=2, batch=8)
    member = Member(optimizer, 1.0, AnnealExponential(1e-4, 1.0), 0, "xavier", order=1)
    alone = population(Perceptron((3, 5, 3), "tanh"), (X, Y), [member], steps=40, batch=8).advance()
    reached = len(found.sweeps[1].losses)
    np.testing.assert_array_equal(found.sweeps[1].losses, alone.losses[0, :reached])
    assert found.sweeps[1].rates[0] == pytest.approx(1e-4)
    assert found.sweeps[0].losses[0] != found.sweeps[1].losses[0]


def test_a_sweep_ends_where_it_blows_up() -> None:
    """Rates far beyond the limit are cut where the mean is four times its lowest, and nothing is said beyond."""
    found = find_rate_of_population((3, 5, 3), (X, Y), GradientDescent(), low=1e-2, high=1e4, steps=60, batch=8)
    for sweep in found.sweeps:
        assert sweep.blew_up
        assert len(sweep.rates) == len(sweep.losses) == len(sweep.smooth) < 60
        assert sweep.smooth[-1] > 4.0 * min(sweep.smooth) or not np.isfinite(sweep.smooth[-1])
        assert all(rate <= sweep.rates[-1] for rate, _ in sweep.looks)
    assert found.rate is not None
