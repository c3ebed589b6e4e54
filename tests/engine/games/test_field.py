"""The field of a game: torch's slopes, its penalty and its Jacobian; the bilinear game in closed form."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import softplus

from fallline.engine.games import GAME_LOSSES, rotation, turning
from fallline.engine.games.field import Game
from fallline.engine.games.net import Net

MAKER, JUDGE = Net((2, 4, 2)), Net((2, 5, 3, 1))
RNG = np.random.default_rng(3)
G, D = MAKER.start(RNG), JUDGE.start(RNG) * 1.5
X, Z = RNG.standard_normal((7, 2)), RNG.standard_normal((7, 2))


def out(net: Net, w: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The net in torch, from the same flat weights."""
    for layer, (matrix, offsets, shape) in enumerate(net.places):
        x = x @ w[matrix].reshape(shape) + w[offsets]
        x = torch.tanh(x) if layer < len(net.places) - 1 else x
    return x


def losses(name: str, penalty: float, g: torch.Tensor, d: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """G's and D's loss in torch."""
    x = torch.tensor(X, requires_grad=True)
    real, fake = out(JUDGE, d, x), out(JUDGE, d, out(MAKER, g, torch.tensor(Z)))
    slope = torch.autograd.grad(real.sum(), x, create_graph=True)[0]
    held = 0.5 * penalty * slope.square().sum(dim=1).mean()
    if name == "squares":
        return 0.5 * (fake - 1).square().mean(), 0.5 * ((real - 1).square().mean() + fake.square().mean()) + held
    fool = softplus(-fake).mean() if name == "log" else -softplus(fake).mean()
    return fool, softplus(-real).mean() + softplus(fake).mean() + held


def field(name: str, penalty: float, both: torch.Tensor) -> torch.Tensor:
    """Both slopes as one vector, G's first, which can be differentiated again."""
    g, d = both[: MAKER.count], both[MAKER.count :]
    of_g, of_d = losses(name, penalty, g, d)
    slope_g = torch.autograd.grad(of_g, g, create_graph=True)[0]
    return torch.cat([slope_g, torch.autograd.grad(of_d, d, create_graph=True)[0]])


@pytest.mark.parametrize("penalty", [0.0, 1.5])
@pytest.mark.parametrize("name", GAME_LOSSES)
def test_losses_and_slopes_are_torchs(name: str, penalty: float) -> None:
    """To 1e-12, the penalty's slope by a complex step included."""
    game = Game(MAKER, JUDGE, name, penalty)
    both = torch.tensor(np.concatenate([G, D]), requires_grad=True)
    slopes = field(name, penalty, both).detach().numpy()
    assert game.made(D, G, Z)[0] == pytest.approx(slopes[: MAKER.count], abs=1e-12)
    assert game.judged(D, G, X, Z) == pytest.approx(slopes[MAKER.count :], abs=1e-12)
    of_g, of_d = losses(name, 0.0, torch.tensor(G), torch.tensor(D))
    assert game.losses(D, G, X, Z) == pytest.approx((of_d.item(), of_g.item()), abs=1e-12)


@pytest.mark.parametrize(("penalty", "slack"), [(0.0, 1e-11), (1.5, 1e-6)])
@pytest.mark.parametrize("name", GAME_LOSSES)
def test_the_jacobian_and_its_turning_share_are_torchs(name: str, penalty: float, slack: float) -> None:
    """Column by column; and the estimate from many probes is the share within four errors."""
    game, size = Game(MAKER, JUDGE, name, penalty), MAKER.count + JUDGE.count
    both = torch.tensor(np.concatenate([G, D]))
    theirs = torch.autograd.functional.jacobian(lambda at: field(name, penalty, at), both).numpy()
    ours = np.stack([game.along(D, G, X, Z, each) for each in np.eye(size)], axis=1)
    assert ours == pytest.approx(theirs, abs=slack)
    found = turning(lambda v: game.along(D, G, X, Z, v), size, np.random.default_rng(0), probes=60)
    assert abs(found.share - rotation(theirs)) < 4.0 * found.error + 0.01


@given(scale=st.floats(1e-3, 1e3))
def test_the_bilinear_game_turns_and_a_shared_loss_does_not(scale: float) -> None:
    """Min over x, max over y of x·y has the field (y, −x), whose Jacobian is antisymmetric; a valley's is symmetric."""
    bilinear = scale * np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert rotation(bilinear) == pytest.approx(1.0)
    assert rotation(scale * np.array([[2.0, 1.0], [1.0, 3.0]])) == pytest.approx(0.0)
    assert rotation(bilinear + scale * np.eye(2)) == pytest.approx(0.5)
    found = turning(lambda v: bilinear @ v, 2, np.random.default_rng(0))
    assert found.share == pytest.approx(1.0)
    assert found.error == pytest.approx(0.0, abs=1e-12)


def test_the_estimate_is_without_bias() -> None:
    """Over many draws of few probes, the means of both parts are |A|² and |S|²; so is the share of large matrices."""
    rng = np.random.default_rng(5)
    jacobian = rng.standard_normal((40, 40)) + 1.2 * np.diag(rng.standard_normal(40) * 4.0)
    shares = [turning(lambda v: jacobian @ v, 40, rng, probes=8).share for _ in range(200)]
    assert np.mean(shares) == pytest.approx(rotation(jacobian), abs=4.0 * np.std(shares) / 200**0.5 + 0.01)


def test_a_field_that_vanishes_turns_nothing() -> None:
    """No division by zero."""
    assert rotation(np.zeros((3, 3))) == 0.0
    assert turning(lambda v: 0.0 * v, 3, np.random.default_rng(0)).share == 0.0
