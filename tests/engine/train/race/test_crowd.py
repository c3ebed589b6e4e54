"""Members of a race trained together: each has the curve that the training loop gives it alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from fallline.core.rng import generator
from fallline.engine.data.sets import load_set
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS, Dialect, Elementwise, optimizers_of
from fallline.engine.train.race import Member, Problem
from fallline.engine.train.race.crowd import follow_all, together
from fallline.engine.train.race.follow import follow
from fallline.engine.train.race.own import OwnLane

MEMBERS = [Member(rate, seed) for rate in (0.003, 0.03) for seed in (1, 2)]


def own_net(seed: int) -> nn.Module:
    """A person's own net, torch's first weights drawn from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 6), nn.SiLU(), nn.Linear(6, 10))


def problem(
    net: Net | Callable[[int], nn.Module], data: str, batch: int = 0, noise: float = 0.0, loss: str | None = None
) -> Problem:
    """A small workload on a named set."""
    return Problem(net, load_set(data, generator(0, "race", "tests")), loss, batch, noise, 40)


PROBLEMS = {
    "regression": problem(Net("linear", {"initialiser": "xavier"}), "line"),
    "absolute error": problem(Net("mlp", {"widths": (8,)}), "line", loss="absolute"),
    "Huber": problem(Net("mlp", {"widths": (8,)}), "line", batch=16, loss="huber"),
    "two classes": problem(Net("logistic", {"initialiser": "xavier"}), "moons", batch=4),
    "noisy": problem(Net("mlp", {"widths": (8,)}), "digits", batch=16, noise=0.03),
    "own code": problem(own_net, "digits", batch=16),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("dialect", ["torch", "keras"])
def test_together_is_what_each_is_alone(name: str, dialect: Dialect) -> None:
    """Starts, rows, noise and looks are the loop's: curves are equal to 1e-9 of the loss, in either dialect."""
    of = PROBLEMS[name]
    for optimizer in ("momentum", "adamw", "nadam"):
        chosen = optimizers_of(dialect)[optimizer]()
        assert isinstance(chosen, Elementwise)
        assert together(of, chosen, MEMBERS)
        for found, member in zip(follow_all(of, chosen, MEMBERS), MEMBERS, strict=True):
            np.testing.assert_allclose(found.losses, follow(of, chosen, member).losses, rtol=1e-9, atol=1e-12)


def test_who_breaks_off_breaks_off_alone() -> None:
    """A rate far too high ends its own curve where it ends it alone; the others go on."""
    of, members = PROBLEMS["regression"], [Member(0.01, 1), Member(50.0, 1), Member(0.02, 1)]
    gone = [curve.losses for curve in OwnLane("torch").run(of, "gd", members)]
    assert np.isinf(gone[1][-1])
    assert np.isfinite(gone[0]).all()
    assert np.isfinite(gone[2]).all()
    assert np.array_equal(np.isfinite(gone[1]), np.isfinite(follow(of, OPTIMIZERS["gd"](), members[1]).losses))


def test_a_curve_does_not_depend_on_who_runs_beside_it() -> None:
    """Bit for bit, as the contract of a lane says."""
    lane, of = OwnLane("torch"), PROBLEMS["noisy"]
    among = lane.run(of, "adam", MEMBERS)
    for member, found in zip(MEMBERS, among, strict=True):
        assert np.array_equal(lane.run(of, "adam", [member])[0].losses, found.losses)


def test_other_nets_and_whole_layers_are_followed_one_by_one() -> None:
    """Kernels do not know convolutions; rules of whole layers step in the loop."""
    adam = OPTIMIZERS["adam"]()
    assert isinstance(adam, Elementwise)
    of = problem(Net("cnn", {"widths": (2,)}), "digits", batch=16)
    assert not together(of, adam, MEMBERS)
    assert len(OwnLane("torch").run(of, "adam", MEMBERS[:2])) == 2
    assert len(OwnLane("torch").run(PROBLEMS["regression"], "lamb", MEMBERS[:1])) == 1
