"""The finder: what it finds on problems with a known limit, and that it leaves everything as it was."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from fallline.core.errors import Cancelled, SpecError
from fallline.engine.train.finder import RULES
from fallline.engine.train.finder.find import find_rate

X = torch.randn(48, 6, generator=torch.Generator().manual_seed(0))
Y = (X[:, :1] * X[:, 1:2] > 0).float()
LIST = [(X[place : place + 8], Y[place : place + 8]) for place in range(0, 48, 8)]
LOSS = nn.BCEWithLogitsLoss()


class Net(nn.Module):
    """Batch norm, dropout of torch's, dropout from a generator of its own, and a weight that is not trained."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Dropout(0.3), nn.Linear(12, 1))
        self.own = torch.Generator().manual_seed(5)
        self.fixed = nn.Parameter(torch.ones(1), requires_grad=False)
        self.register_buffer("seen", torch.zeros(1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Counts its calls in a buffer that no state dict holds."""
        self.seen += 1
        kept = torch.rand(x.shape, generator=self.own) > 0.1
        return self.layers(x * kept) * self.fixed


def digest(value: Any, whole: Any = None) -> str:
    """SHA-256 of plain data with tensors in it."""
    first = whole is None
    whole = hashlib.sha256() if first else whole
    if isinstance(value, Tensor):
        whole.update(str(value.dtype).encode() + value.detach().numpy().tobytes())
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            whole.update(str(key).encode())
            digest(value[key], whole)
    elif isinstance(value, list | tuple):
        for each in value:
            digest(each, whole)
    else:
        whole.update(repr(value).encode())
    return whole.hexdigest() if first else ""


class World:
    """A net half-way through its training, with everything that a finder might move."""

    def __init__(self) -> None:
        torch.manual_seed(3)
        self.net = Net()
        self.optimizer = torch.optim.AdamW(
            [{"params": self.net.layers[0].parameters(), "lr": 1e-3}, {"params": self.net.layers[1:].parameters()}],
            lr=1e-2,
        )
        self.generator = torch.Generator().manual_seed(11)
        self.loader = DataLoader(TensorDataset(X, Y), 8, shuffle=True, generator=self.generator)
        for x, y in LIST[:3]:
            self.optimizer.zero_grad()
            LOSS(self.net(x), y).backward()
            self.optimizer.step()

    def digests(self) -> dict[str, str]:
        """A hash of every part of the world."""
        return {
            "weights": digest(dict(self.net.named_parameters())),
            "gradients": digest({name: each.grad for name, each in self.net.named_parameters()}),
            "buffers": digest(dict(self.net.named_buffers())),
            "modes": digest([each.training for each in self.net.modules()]),
            "optimizer": digest(self.optimizer.state_dict()),
            "torch": digest(torch.get_rng_state()),
            "loader": digest(self.generator.get_state()),
            "own": digest(self.net.own.get_state()),
            "numpy": digest(repr(np.random.get_state())),  # noqa: NPY002
            "python": digest(random.getstate()),
        }

    def order(self) -> str:
        """The order of the next pass."""
        state = self.generator.get_state()
        found = digest([x for x, _ in self.loader])
        self.generator.set_state(state)
        return found


def found(world: World, batches: Any = None, **more: Any) -> Any:
    """A short search in a world."""
    short = {"steps": 30, "seeds": 2, "low": 1e-5, "high": 3.0, **more}
    return find_rate(world.net, batches or world.loader, LOSS, world.optimizer, **short)


def raising(after: int, error: Exception) -> Callable[[int, int], None]:
    """A watch that raises at a step of the second sweep."""

    def watch(seed: int, step: int) -> None:
        if (seed, step) == (1, after):
            raise error

    return watch


@pytest.mark.parametrize("eval_mode", [False, True])
def test_nothing_is_changed(eval_mode: bool) -> None:
    """Weights, gradients, buffers, optimizer state, streams and data order have the same hashes afterwards."""
    world = World()
    world.net.train(not eval_mode)
    before, order = world.digests(), world.order()
    finding = found(world)
    assert finding.rate is not None
    assert world.digests() == before
    assert world.order() == order


@pytest.mark.parametrize("error", [Cancelled("stop"), KeyboardInterrupt(), ValueError("odd")], ids=repr)
def test_nothing_is_changed_when_it_is_stopped_or_fails(error: BaseException) -> None:
    """Cancelled, interrupted or broken in the middle of the second sweep: the same hashes, and the error comes out."""
    world = World()
    before, order = world.digests(), world.order()
    with pytest.raises(type(error)):
        found(world, watch=raising(13, error))  # type: ignore[arg-type]
    assert world.digests() == before
    assert world.order() == order


def test_nothing_is_changed_when_the_data_fail() -> None:
    """A loss that raises within the sweep, after draws from every stream there is."""
    world, calls = World(), []

    def broken(generator: torch.Generator) -> Any:
        for batch in LIST:
            torch.rand(3), np.random.rand(3), random.random(), torch.rand(2, generator=generator)  # noqa: NPY002
            calls.append(1)
            if len(calls) == 20:
                raise ArithmeticError
            yield batch

    before = world.digests()
    with pytest.raises(ArithmeticError):
        found(world, broken)
    assert world.digests() == before


def test_it_goes_on_as_if_there_had_been_no_finder() -> None:
    """Training after a search has the very bits of training without one."""
    with_it, without = World(), World()
    torch.manual_seed(9)
    found(with_it)
    ends = []
    for world in (with_it, without):
        torch.manual_seed(9)
        for x, y in world.loader:
            world.optimizer.zero_grad()
            LOSS(world.net(x), y).backward()
            world.optimizer.step()
        ends.append(world.digests())
    assert ends[0] == ends[1]


def test_the_same_seed_finds_the_same_and_looking_at_curvature_changes_no_sweep() -> None:
    """Deterministic; the sweeps with and without curvature are bit-equal, and another seed has another."""
    world = World()
    first, again, plain = found(world), found(world), found(world, curvature=False)
    assert first == again
    assert [each.losses for each in first.sweeps] == [each.losses for each in plain.sweeps]
    assert first.sweeps[0].losses != first.sweeps[1].losses
    assert found(world, seed=7).sweeps[0].losses != first.sweeps[0].losses


def test_groups_keep_the_ratios_of_their_rates() -> None:
    """At each step of a sweep the first group has a tenth of the second's rate."""
    seen = []

    class Told(torch.optim.SGD):
        def step(self) -> None:  # type: ignore[override]
            seen.append([group["lr"] for group in self.param_groups])
            super().step()

    net = nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 1))
    groups = [{"params": net[0].parameters(), "lr": 0.01}, {"params": net[1].parameters(), "lr": 0.1}]
    finding = find_rate(net, LIST, LOSS, Told(groups, lr=1.0), steps=25, seeds=1, high=0.1)
    assert np.allclose(np.array(seen)[:, 0] * 10, np.array(seen)[:, 1])
    assert np.allclose(np.array(seen)[:, 1], finding.rates)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_on_least_squares_the_curvature_rule_knows_the_limit(momentum: float) -> None:
    """The limit it measures over one batch of all rows is c/λmax of the matrix, and the loss blows up beyond it."""
    x = X * torch.tensor([3.0, 1.0, 1.0, 0.5, 0.5, 0.1])
    net = nn.Linear(6, 1, bias=False)
    curve = float(torch.linalg.eigvalsh(2.0 * x.T @ x / len(x))[-1])
    sgd = torch.optim.SGD(net.parameters(), lr=0.1, momentum=momentum)
    finding = find_rate(net, [(x, x[:, :1])], nn.MSELoss(), sgd, seeds=1, steps=200, low=1e-4, high=100.0)
    limit = 2.0 * (1.0 + momentum) / curve
    assert finding.limit[0].median == pytest.approx(limit, rel=1e-3)
    assert finding.sweeps[0].blew_up
    assert limit / 3 < finding.sweeps[0].rates[-1] < limit * 30
    said = finding.suggestion("curvature").rate
    assert said is not None
    assert said == pytest.approx(limit / 3, rel=1e-3)
    assert 0.0 < finding.rate < limit


def test_batches_may_be_a_list_a_loader_or_a_function() -> None:
    """All three give a finding with every rule and a sentence; what can be passed over once is refused."""
    world = World()
    for batches in (LIST, world.loader, lambda _: iter(LIST)):
        finding = found(world, batches)
        assert [each.rule for each in finding.suggestions] == list(RULES)
        assert all(each.rate is not None for each in finding.suggestions)
        assert finding.to_dict()["ending"]["sentence"].startswith("Start at ")
    with pytest.raises(SpecError, match="passed over again"):
        found(world, iter(LIST))
    with pytest.raises(SpecError, match="pair of inputs and target"):
        found(world, [X])
    with pytest.raises(SpecError, match="at least one batch"):
        found(world, lambda _: iter([]))


def test_a_module_without_second_derivative_has_four_rules() -> None:
    """Where torch cannot differentiate twice, the curvature rule says why it is silent, and the others speak."""

    class Once(torch.autograd.Function):
        @staticmethod
        def forward(_: Any, x: Tensor) -> Tensor:
            return 2 * x

        @staticmethod
        @torch.autograd.function.once_differentiable
        def backward(_: Any, grad: Tensor) -> Tensor:
            return 2 * grad

    class Wrapped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(6, 1)

        def forward(self, x: Tensor) -> Tensor:
            return Once.apply(self.layer(x))  # type: ignore[no-any-return]

    finding = find_rate(Wrapped(), LIST, LOSS, torch.optim.SGD, seeds=1)
    assert "second derivative" in finding.suggestion("curvature").note
    assert finding.rate is not None


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("low", {"low": 0.0}),
        ("low", {"low": float("nan")}),
        ("high", {"high": 1e-9}),
        ("steps", {"steps": 19}),
        ("seeds", {"seeds": 0}),
        ("smoothing", {"smoothing": 1.0}),
        ("blow_up", {"blow_up": 1.0}),
    ],
)
def test_a_number_outside_its_range_is_refused(name: str, more: dict[str, Any]) -> None:
    """The error names it."""
    with pytest.raises(SpecError, match=f"^{name}: "):
        found(World(), **more)


def test_an_optimizer_that_does_not_fit_is_refused() -> None:
    """One of another module, and one that searches its own step."""
    net = nn.Linear(6, 1)
    with pytest.raises(SpecError, match="this module's parameters"):
        find_rate(net, LIST, LOSS, torch.optim.SGD(nn.Linear(6, 1).parameters(), lr=0.1))
    with pytest.raises(SpecError, match="LBFGS"):
        find_rate(net, LIST, LOSS, torch.optim.LBFGS(net.parameters()))


def test_a_sweep_that_blows_up_at_once_says_so() -> None:
    """Rates that are all too high leave no rule anything to say."""
    finding = find_rate(nn.Linear(6, 1), [(1e3 * X, Y)], nn.MSELoss(), torch.optim.SGD, low=1e3, high=1e6, seeds=2)
    assert finding.rate is None
    assert finding.sure == "low"
    assert "Begin it at a lower rate" in finding.ending.sentence
