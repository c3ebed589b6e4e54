"""The lane of PyTorch against a loop written by hand, and against our own formulas."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from fallline.core.rng import generator
from fallline.engine.data.sets import Data
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS as OURS
from fallline.engine.train.loop.training import architecture_of, first_weights
from fallline.engine.train.race import Member, Problem
from fallline.engine.train.race.own import OwnLane
from fallline.peers.lanes import LANES, missing
from fallline.peers.torch_lane import OPTIMIZERS, TorchLane


def problem(*, noise: float = 0.0, steps: int = 30) -> Problem:
    """Two classes in the plane, a small perceptron, batches of eight."""
    rng = np.random.default_rng(2)
    y = np.arange(80) % 2
    x = rng.standard_normal((80, 2)) + np.where(y[:, None] == 1, 1.0, -1.0)
    data = Data("heaps", "binary", x, y, np.arange(60), np.arange(60, 80), classes=2)
    return Problem(Net("mlp", {"widths": (5,)}), data, None, 8, noise, steps)


def member(rate: float = 0.02, seed: int = 0) -> Member:
    """A run of that problem."""
    return Member(rate, seed)


def by_hand(of: Problem, who: Member, make: partial[torch.optim.Optimizer]) -> list[float]:
    """The loop as anyone would write it in torch, in float64, from the draws of the seed."""
    assert isinstance(of.net, Net)
    weights = first_weights(architecture_of(of.net, of.data), who.seed)
    net = torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.ReLU(), torch.nn.Linear(5, 1)).double()
    with torch.no_grad():
        for parameter, start in zip(net.parameters(), weights.values(), strict=True):
            parameter.copy_(torch.from_numpy(start))
    loss_of = torch.nn.BCEWithLogitsLoss()
    optimizer = make(net.parameters(), lr=who.rate)
    x, y = torch.tensor(of.data.x), torch.tensor(of.data.y).double()
    losses = [loss_of(net(x[60:])[:, 0], y[60:]).item()]
    orders, noises = generator(who.seed, "train", "order"), generator(who.seed, "train", "noise")
    queue: list[int] = []
    for _ in range(of.steps):
        queue = queue or orders.permutation(60).tolist()
        rows, queue = queue[:8], queue[8:]
        optimizer.zero_grad()
        loss_of(net(x[rows])[:, 0], y[rows]).backward()
        for parameter in net.parameters():
            parameter.grad += of.noise * torch.from_numpy(noises.standard_normal(parameter.shape)) if of.noise else 0.0
        optimizer.step()
        losses.append(loss_of(net(x[60:])[:, 0], y[60:]).item())
    return losses


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("name", ["gd", "nesterov", "adam", "rmsprop"])
def test_it_is_the_loop_anyone_would_write(name: str, noise: float) -> None:
    """Start, rows, noise and steps are those of the draw, to rounding."""
    kinds = {
        "gd": partial(torch.optim.SGD),
        "nesterov": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
        "adam": partial(torch.optim.Adam),
        "rmsprop": partial(torch.optim.RMSprop),
    }
    of = problem(noise=noise)
    ours = TorchLane().run(of, name, [member()])[0].losses
    assert ours == pytest.approx(by_hand(of, member(), kinds[name]), rel=1e-11)


@pytest.mark.parametrize("name", sorted(set(OURS) & set(OPTIMIZERS)))
def test_the_same_formula_gives_the_same_curve(name: str) -> None:
    """Our own optimizer in torch's dialect draws torch's curve; torch keeps a product of NAdam in float32."""
    of = problem()
    ours, theirs = (lane.run(of, name, [member()])[0].losses for lane in (OwnLane("torch"), TorchLane()))
    assert ours == pytest.approx(theirs, rel=1e-7 if name == "nadam" else 1e-10)


@pytest.mark.parametrize(("name", "numbers"), [("gd", 0), ("momentum", 1), ("adam", 2), ("amsgrad", 3)])
def test_what_it_remembers_is_counted_on_the_real_thing(name: str, numbers: int) -> None:
    """Numbers per weight, in torch and in ours: none, a velocity, two means, and the largest of one of them."""
    of = problem()
    assert TorchLane().remembers(of, name) == numbers
    assert OwnLane("torch").remembers(of, name) == numbers


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_starts_where_the_others_do_and_moves(name: str) -> None:
    """The first loss is that of the draw; a run gives one finite loss per point."""
    of = problem(steps=6)
    found = TorchLane().run(of, name, [member()])[0].losses
    first = TorchLane().run(of, "gd", [member()])[0].losses[0]
    assert found[0] == first
    assert len(found) == len(of.points)
    assert np.isfinite(found).all()
    assert found[-1] != first


def test_members_do_not_know_of_each_other() -> None:
    """Trained together or alone, a member's curve is the same to the bit."""
    of = problem()
    members = [member(rate, seed) for rate in (0.01, 0.1) for seed in (0, 1)]
    together = TorchLane().run(of, "adam", members)
    for one, curve in zip(members, together, strict=True):
        assert np.array_equal(TorchLane().run(of, "adam", [one])[0].losses, curve.losses)


def test_a_rate_that_is_far_too_large_breaks_off() -> None:
    """The run is stopped and its losses are infinite from there."""
    of = problem(steps=60)
    found = TorchLane().run(of, "momentum", [member(rate=1e9)])[0]
    assert found.best == np.inf
    assert np.isinf(found.losses[-1])


def test_a_lane_whose_tool_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the lane and the command that adds it; lanes whose tool is there say nothing."""
    assert all(missing(lane) is None for lane in LANES)
    monkeypatch.setattr("fallline.peers.lanes.find_spec", lambda name: None if name == "keras" else object())
    sentence = missing("keras")
    assert sentence is not None
    assert "Keras" in sentence
    assert "pip install" in sentence
    assert missing("torch") is None
