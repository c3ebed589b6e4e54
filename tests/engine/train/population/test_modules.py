"""Modules of torch as a population: recognised, in blocks, or by the plain loop."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from fallline.core.ending import EndingKind
from fallline.core.errors import DataError, SpecError
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.train.population import Member, Perceptron, Population, population
from fallline.engine.train.population.order import epoch_order, order_key
from fallline.engine.train.population.recognise import perceptron_of


class Skip(nn.Module):
    """A net that no kernel knows: a connection goes round a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Returns 3 outputs a row."""
        x = torch.tanh(self.first(x))
        out: Tensor = self.last(x + functional.gelu(self.second(x)))
        return out


class Picture(nn.Module):
    """A small convolution over the same six numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.last = nn.Conv2d(1, 4, 2), nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Returns 3 outputs a row."""
        seen = torch.relu(self.look(x.view(-1, 1, 2, 3)))
        out: Tensor = self.last(seen.flatten(1))
        return out


class Fickle(Skip):
    """Looks at its data to decide what to do."""

    def forward(self, x: Tensor) -> Tensor:
        """Returns 3 outputs a row."""
        out = super().forward(x)
        return 2.0 * out if bool(x.sum() > 0) else out


def dropping() -> nn.Module:
    """A net that draws."""
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))


def normed() -> nn.Module:
    """A net that remembers."""
    return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))


def data(n: int = 90) -> tuple[NDArray[Any], NDArray[Any]]:
    """Three classes that follow from three of six columns."""
    x = np.random.default_rng(1).standard_normal((n, 6))
    return x, x[:, :3].argmax(1)


def members() -> list[Member]:
    """Five of five optimizers."""
    kinds = ("adam", "momentum", "adamw", "gd", "rmsprop")
    return [Member(OPTIMIZERS[kind](), rate=0.02, seed=seed) for seed, kind in enumerate(kinds)]


def torch_loop(make: Callable[[], nn.Module], member: Member, steps: int, batch: int) -> tuple[nn.Module, list[float]]:
    """The plain loop that a person would write, in float64."""
    with torch.random.fork_rng():
        torch.manual_seed(member.seed)
        module = make().double()
    x, y = (torch.tensor(part) for part in data())
    weights = list(module.parameters())
    optimizer: Any = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "gd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
    }.get(member.optimizer.name, torch.optim.SGD)(weights, lr=member.rate)
    if member.optimizer.name == "momentum":
        optimizer = torch.optim.SGD(weights, lr=member.rate, momentum=0.9)
    losses = []
    for step in range(steps):
        order = epoch_order(order_key(member.seed), step // -(-len(x) // batch), len(x))
        rows = order[step % -(-len(x) // batch) * batch :][:batch]
        loss = functional.cross_entropy(module(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    return module, losses


def apart(trained: Population, k: int, module: nn.Module) -> float:
    """The largest difference between a member's parameters and a module's."""
    pairs = zip(trained.weights(k).parameters(), module.parameters(), strict=True)
    return max(float((mine - theirs).detach().abs().max()) for mine, theirs in pairs)


@pytest.mark.parametrize("make", [Skip, Picture])
@pytest.mark.parametrize("block", [0, 1, 3, 5])
def test_every_way_gives_what_torchs_loop_gives(make: type[nn.Module], block: int) -> None:
    """Plain, traced alone, in blocks with one to fill up and all at once: weights are torch's to 1e-11 in float64."""
    trained = population(make, data(), members(), steps=60, batch=32, precision="float64", block=block).advance()
    for k, member in enumerate(members()):
        module, losses = torch_loop(make, member, 60, 32)
        assert apart(trained, k, module) < 1e-11
        assert np.abs(trained.losses[k] - losses).max() < 1e-11


def test_a_module_that_is_a_perceptron_goes_to_the_kernels() -> None:
    """It gives what torch's loop gives, and comes back as a module with its outputs."""

    def make() -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(6, 9), nn.GELU()), nn.Identity(), nn.Linear(9, 3))

    trained = population(make, data(), members(), steps=50, batch=32, precision="float64").advance()
    assert "kernels" in trained.sentence
    for k, member in enumerate(members()):
        module, _ = torch_loop(make, member, 50, 32)
        assert apart(trained, k, module) < 1e-11
    x = data()[0]
    assert np.allclose(trained.outputs(0, x), trained.weights(0)(torch.tensor(x)).detach().numpy(), atol=1e-12)


@pytest.mark.parametrize(
    ("parts", "sizes"),
    [
        ([nn.Linear(4, 3)], (4, 3)),
        ([nn.Linear(4, 3), nn.Linear(3, 2)], (4, 3, 2)),
        ([nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2), nn.ELU(), nn.Linear(2, 2)], (4, 3, 2, 2)),
        ([nn.Linear(4, 3, bias=False)], None),
        ([nn.ReLU(), nn.Linear(4, 3)], None),
        ([nn.Linear(4, 3), nn.ReLU()], None),
        ([nn.Linear(4, 3), nn.ReLU(), nn.Tanh(), nn.Linear(3, 2)], None),
        ([nn.Linear(4, 3), nn.GELU("tanh"), nn.Linear(3, 2)], None),
        ([nn.Linear(4, 3), nn.LeakyReLU(0.2), nn.Linear(3, 2)], None),
        ([nn.Linear(3, 3)] * 2, None),
        ([nn.Conv1d(1, 1, 1)], None),
        ([], None),
    ],
)
def test_a_perceptron_is_recognised_and_nothing_else(parts: list[nn.Module], sizes: tuple[int, ...] | None) -> None:
    """Layers with biases and known activations between them; shared layers and other settings are something else."""
    found = perceptron_of(nn.Sequential(*parts))
    assert (found and found.sizes) == sizes


def test_frozen_or_watched_layers_are_left_to_torch() -> None:
    """Kernels would move what is frozen and would not call a hook."""
    frozen, watched = nn.Linear(4, 3), nn.Linear(4, 3)
    frozen.weight.requires_grad_(requires_grad=False)
    watched.register_forward_hook(lambda *_: None)
    assert perceptron_of(nn.Sequential(frozen)) is None
    assert perceptron_of(nn.Sequential(watched)) is None


@pytest.mark.parametrize(
    ("make", "word"), [(dropping, "dropout"), (normed, "batch normalisation"), (Fickle, "cannot trace")]
)
def test_what_cannot_be_traced_is_said_and_trained_by_the_plain_loop(make: Any, word: str) -> None:
    """A sentence says why; each member still gives what it gives alone, in one stretch or in several."""
    together = population(make, data(), members(), steps=25, batch=32)
    assert word in together.sentence
    assert "plain loop" in together.sentence
    in_parts = population(make, data(), members(), steps=25, batch=32).advance(9).advance()
    together = together.advance()
    for k, member in enumerate(members()):
        alone = population(make, data(), [member], steps=25, batch=32).advance()
        assert np.array_equal(together.fleet.weights[k], alone.fleet.weights[0])
        assert np.array_equal(together.fleet.weights[k], in_parts.fleet.weights[k])


def test_a_member_keeps_its_own_running_means() -> None:
    """Batch normalisation's buffers are those that torch's own loop leaves, for each member."""
    trained = population(normed, data(), members(), steps=30, batch=30, precision="float64").advance()
    for k, member in enumerate(members()):
        module, _ = torch_loop(normed, member, 30, 30)
        mine, theirs = dict(trained.weights(k).named_buffers()), dict(module.named_buffers())
        assert all(torch.allclose(mine[name].double(), theirs[name].double(), atol=1e-11) for name in theirs)


def test_torchs_random_state_is_left_alone() -> None:
    """Building, tracing and dropout draw from streams of their own."""
    before = torch.get_rng_state()
    population(dropping, data(), members()[:2], steps=3, batch=32).advance()
    population(Skip, data(), members()[:2], steps=3, batch=32).advance()
    assert torch.equal(before, torch.get_rng_state())


def test_the_clock_decides_about_the_block() -> None:
    """Where every pass takes as long as any other, all at once is best; the sentence says by how much."""
    ticks = itertools.count()
    trained = population(Skip, data(), members(), steps=2, batch=32, clock=lambda: float(next(ticks)))
    assert "in blocks of 5" in trained.sentence
    assert "200000 µs a member and step where the plain loop takes 1000000" in trained.sentence


def test_without_a_clock_the_bytes_of_a_pass_decide() -> None:
    """A small net goes in the largest block, one whose pass fills the cache alone; the choice is the same each time."""
    small = [population(Skip, data(), members(), steps=2, batch=32).sentence for _ in range(2)]
    assert small[0] == small[1]
    assert "in blocks of 5" in small[0]
    assert "KiB" in small[0]
    wide = nn.Sequential(nn.Linear(6, 4000), nn.Softplus(), nn.Linear(4000, 3))
    rows = np.random.default_rng(0).standard_normal((900, 6))
    assert "one by one" in population(wide, (rows, rows[:, :3].argmax(1)), members(), steps=1, batch=900).sentence


def test_who_runs_away_in_a_block_is_named_and_the_rest_go_on() -> None:
    """The ending names the part of the module, and its neighbours have the bits that they have without it."""
    crowd = members()
    crowd[1] = Member(OPTIMIZERS["gd"](), rate=1e30, seed=1)
    trained = population(Skip, data(), crowd, steps=30, batch=32, block=5).advance()
    gone = trained.endings[1]
    assert gone is not None
    assert gone.kind is EndingKind.DIVERGED
    assert any(name in gone.sentence for name in ("first", "second", "last"))
    usual = population(Skip, data(), members(), steps=30, batch=32, block=5).advance()
    for k in (0, 2, 3, 4):
        assert np.abs(trained.fleet.weights[k] - usual.fleet.weights[k]).max() < 1e-5


def test_a_named_net_trains_as_a_population() -> None:
    """An architecture's weights are drawn by each member's seed."""
    plan = Net("cnn", {"widths": (3, 4)}).architecture(Inputs((1, 8, 8)), Outputs(3))
    x = np.random.default_rng(0).standard_normal((40, 1, 8, 8))
    trained = population(plan, (x, np.arange(40) % 3), members(), steps=4, batch=20).advance()
    assert np.isfinite(trained.losses).all()
    assert np.abs(trained.fleet.weights[0] - trained.fleet.weights[1]).max() > 0.0


def test_a_module_gives_every_member_its_own_weights_to_start_from() -> None:
    """They start equal and part by their settings; the module itself does not move."""
    module = Skip()
    before = [part.detach().clone() for part in module.parameters()]
    begun = population(module, data(), members(), steps=3, batch=32)
    assert (begun.fleet.weights == begun.fleet.weights[0]).all()
    begun.advance()
    assert all(torch.equal(mine, was) for mine, was in zip(module.parameters(), before, strict=True))
    given = [np.zeros(part.shape) for part in before]
    assert not population(module, data(), [Member(weights=given)], steps=1).fleet.weights.any()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: population(3, data(), [Member()], steps=1), SpecError),
        (lambda: population(lambda: 3, data(), [Member()], steps=1), SpecError),
        (lambda: population(nn.ReLU(), data(), [Member()], steps=1), SpecError),
        (lambda: population(Skip, data(), [Member(weights=[np.zeros(2)])], steps=1), SpecError),
        (lambda: population(nn.Conv1d(5, 3, 1), data(), [Member()], steps=1), DataError),
        (lambda: population(Skip, (data()[0], np.arange(90)), [Member()], steps=1), DataError),
        (lambda: population(Skip, (data()[0], data()[0]), [Member()], steps=1, loss="squared"), DataError),
        (
            lambda: population(Perceptron((6, 2)), (data()[0], data()[0]), [Member()], steps=1, loss="squared"),
            DataError,
        ),
    ],
)
def test_what_is_no_net_or_does_not_fit_is_refused(make: Any, error: type[Exception]) -> None:
    """Before anything is trained, and in a sentence."""
    with pytest.raises(error):
        make()
