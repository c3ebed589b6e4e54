"""The training loop against a plain torch loop, against itself, and against interruptions."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from fallline.core.errors import DataError, SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import Net
from fallline.engine.nets.modules import as_module
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.train.loop import Recipe, Trace
from fallline.engine.train.loop.going import Hooks
from fallline.engine.train.loop.snapshot import Snapshot
from fallline.engine.train.loop.training import architecture_of, first_weights, train

Kind = Any


@pytest.fixture(scope="module")
def moons() -> Data:
    """Returns 120 points of two moons, 90 of which teach."""
    return load_set("moons", generator(0, "moons"), rows=120)


@pytest.fixture(scope="module")
def text() -> Data:
    """Returns 40 stretches of text."""
    return load_set("text", generator(0, "text"), rows=40)


def same(first: Trace, second: Trace) -> bool:
    """Whether two traces agree bit by bit."""
    series = ("losses", "grad_norms", "rates", "looks", "train", "validation", "scores")
    weights = all(
        np.array_equal(array, second.last_weights[name], equal_nan=True) for name, array in first.last_weights.items()
    )
    best = all(np.array_equal(array, second.best_weights[name]) for name, array in first.best_weights.items())
    numbers = all(np.array_equal(getattr(first, name), getattr(second, name)) for name in series)
    return numbers and weights and best and first.best == second.best and first.ending == second.ending


@pytest.mark.parametrize("batch", [7, 1, "full"])
def test_it_is_what_a_plain_torch_loop_does(moons: Data, batch: int | str) -> None:
    """Batch, mini-batch and single rows: the losses of torch's own loop over the same order, bit by bit."""
    recipe = Recipe(partial(torch.optim.SGD, lr=0.1, momentum=0.9), epochs=2, batch=batch, seed=5)  # type: ignore[arg-type]
    trace = train(Net("mlp"), moons, recipe)
    plan = architecture_of(Net("mlp"), moons)
    net = as_module(plan, first_weights(plan, 5))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    x, y = torch.from_numpy(moons.x[moons.train]), torch.from_numpy(moons.y[moons.train]).float()
    rng, losses = generator(5, "train", "order"), []
    for _ in range(2):
        for rows in torch.from_numpy(rng.permutation(len(x))).split(len(x) if batch == "full" else int(batch)):
            optimizer.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(net(x[rows])[:, 0], y[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert trace.losses.tolist() == losses
    assert all(np.array_equal(trace.last_weights[name], each.numpy()) for name, each in net.state_dict().items())


@pytest.mark.parametrize("name", ["momentum", "adam", "adamw", "rmsprop"])
def test_our_optimizers_train_as_torchs_do(moons: Data, name: str) -> None:
    """In float64 the losses of our step and of torch.optim's agree to 1e-12 over 60 steps."""
    make: dict[str, Kind] = {
        "momentum": partial(torch.optim.SGD, momentum=0.9),
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop,
    }
    ours = train(Net("mlp"), moons, Recipe(OPTIMIZERS[name](), 0.01, steps=60, precision="float64"))
    theirs = train(Net("mlp"), moons, Recipe(make[name], 0.01, steps=60, precision="float64"))
    assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-12)


NETS: dict[str, Net] = {
    "mlp": Net("mlp", {"widths": (8, 8), "norm": "batch", "dropout": 0.3}),
    "gru": Net("gru", {"widths": (8,), "dropout": 0.3}),
    "transformer": Net("transformer", {"widths": (8,), "dropout": 0.3}),
}
FACTORIES: dict[str, Kind] = {
    "SGD": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    "Adam": partial(torch.optim.Adam, amsgrad=True, fused=True),
    "NAdam": torch.optim.NAdam,
}
KINDS = [*((name, kind()) for name, kind in OPTIMIZERS.items()), *FACTORIES.items()]


def resumed(net: Net, data: Data, recipe: Recipe, at: int) -> Trace:
    """Trains to a look, throws everything away but the snapshot's bytes, and goes on from there."""
    kept: dict[int, bytes] = {}
    train(net, data, recipe, Hooks(checkpoint=lambda snapshot: kept.update({snapshot.step: snapshot.to_bytes()})))
    return train(net, data, recipe, Hooks(resume=Snapshot.from_bytes(kept[at])))


@pytest.mark.parametrize(("name", "optimizer"), KINDS, ids=[name for name, _ in KINDS])
def test_every_optimizer_goes_on_bit_for_bit(moons: Data, name: str, optimizer: Kind) -> None:
    """Resumed in the middle of an epoch, with dropout, batch norm and noise, it ends as if never interrupted."""
    schedule = SCHEDULES["cosine"]()
    recipe = Recipe(optimizer, 0.01, schedule, steps=20, batch=16, look=5, noise=0.01, label_noise=0.1)
    assert same(train(NETS["mlp"], moons, recipe), resumed(NETS["mlp"], moons, recipe, at=10))


@pytest.mark.parametrize("name", ["gru", "transformer"])
def test_every_net_goes_on_bit_for_bit(text: Data, name: str) -> None:
    """The same for recurrent and attending nets with dropout, stopped early by their patience."""
    recipe = Recipe(OPTIMIZERS["adam"](), 0.05, steps=24, batch=8, look=3, patience=3)
    assert same(train(NETS[name], text, recipe), resumed(NETS[name], text, recipe, at=6))


def test_a_snapshot_of_another_training_is_refused(moons: Data) -> None:
    """Other data, seed, batch or optimizer cannot go on from it; bytes of something else are no snapshot."""
    recipe = Recipe(OPTIMIZERS["adam"](), 0.01, steps=4)
    state = train(Net("mlp"), moons, recipe).state
    with pytest.raises(SpecError, match="resume"):
        train(Net("mlp"), moons, Recipe(OPTIMIZERS["adam"](), 0.01, steps=4, seed=1), Hooks(resume=state))
    with pytest.raises(DataError, match="no snapshot"):
        Snapshot.from_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}")


def test_nobody_outside_notices(moons: Data) -> None:
    """Torch's random state and threads are as before; the same recipe gives the same trace, another seed another."""
    torch.manual_seed(12)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    recipe = Recipe(OPTIMIZERS["adam"](), 0.01, epochs=3)
    first = train(NETS["mlp"], moons, recipe)
    assert torch.equal(before, torch.get_rng_state())
    assert torch.get_num_threads() == threads
    torch.manual_seed(99)
    assert same(first, train(NETS["mlp"], moons, recipe))
    other = train(NETS["mlp"], moons, Recipe(OPTIMIZERS["adam"](), 0.01, epochs=3, seed=1))
    assert not np.array_equal(first.losses, other.losses)


def test_a_callback_that_draws_changes_nothing(moons: Data) -> None:
    """What a checkpoint or report does with torch's random stream is not felt by dropout."""
    recipe = Recipe(OPTIMIZERS["adam"](), 0.01, epochs=3)
    noisy = Hooks(checkpoint=lambda _: torch.rand(3), report=lambda *_: torch.rand(3))
    assert same(train(NETS["mlp"], moons, recipe), train(NETS["mlp"], moons, recipe, noisy))


def test_any_module_is_trained_in_place(moons: Data) -> None:
    """A person's own module ends with the last weights of the trace, and its outputs and loss are its own affair."""

    class Mine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Linear(2, 3)
            self.unused = nn.Parameter(torch.ones(2))
            self.outer = nn.Linear(3, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sigmoid(self.outer(torch.sin(self.inner(x))))

    mine = Mine()
    recipe = Recipe(torch.optim.Adam, 0.05, epochs=20, loss=lambda z, y: (z[:, 0] - y).square().mean())
    trace = train(mine, moons, recipe)
    assert trace.losses[-1] < 0.7 * trace.losses[0]
    assert all(np.array_equal(trace.last_weights[name], each.numpy()) for name, each in mine.state_dict().items())
    assert np.array_equal(trace.last_weights["unused"], [1.0, 1.0])


def test_the_rates_are_the_schedules(moons: Data) -> None:
    """Each step has the base rate times the schedule's factor, in our optimizers and in each group of torch's."""
    factors = SCHEDULES["one_cycle"]().factors(30)
    ours = train(Net("mlp"), moons, Recipe(OPTIMIZERS["gd"](), 0.1, SCHEDULES["one_cycle"](), steps=30))
    theirs = train(
        Net("mlp"), moons, Recipe(partial(torch.optim.SGD, lr=0.1), None, SCHEDULES["one_cycle"](), steps=30)
    )
    assert np.allclose(ours.rates, 0.1 * factors, rtol=1e-15)
    assert np.array_equal(ours.rates, theirs.rates)


def test_looks_and_epochs_are_where_they_were_asked_for(moons: Data) -> None:
    """A look every so many steps and one at the end; without, one an epoch; seconds only by a clock."""
    recipe = Recipe(OPTIMIZERS["adam"](), 0.01, steps=20, batch=16, look=6)
    ticks = iter(range(1000))
    trace = train(Net("mlp"), moons, recipe, Hooks(clock=lambda: float(next(ticks))))
    assert trace.looks.tolist() == [6, 12, 18, 20]
    assert trace.epochs.tolist() == [1.0, 2.0, 3.0, pytest.approx(20 / 6)]
    assert trace.seconds.tolist() == [6.0, 12.0, 18.0, 20.0]
    plain = train(Net("mlp"), moons, Recipe(OPTIMIZERS["adam"](), 0.01, epochs=2, batch=16))
    assert plain.looks.tolist() == [6, 12]
    assert not len(plain.seconds)


def test_the_best_weights_give_the_best_loss(moons: Data) -> None:
    """Loaded into the net, the best weights have the lowest validation loss of the trace."""
    trace = train(Net("mlp", {"norm": "batch"}), moons, Recipe(OPTIMIZERS["adam"](), 0.1, epochs=15))
    plan = architecture_of(Net("mlp", {"norm": "batch"}), moons)
    net = as_module(plan, plan.draw(generator(0, "any"))).eval()
    net.load_state_dict({name: torch.from_numpy(array) for name, array in trace.best_weights.items()})
    z = net(torch.from_numpy(np.array(moons.x[moons.validation])))[:, 0]
    y = torch.from_numpy(moons.y[moons.validation]).float()
    loss = nn.functional.binary_cross_entropy_with_logits(z, y).item()
    assert loss == pytest.approx(trace.validation.min(), rel=1e-6)
    assert trace.validation[trace.best] == trace.validation.min()
    assert trace.scores[trace.best] == ((z > 0) == y.bool()).double().mean().item()


def test_label_noise_is_felt_by_the_rows_that_teach_alone(moons: Data) -> None:
    """With all labels wrong the net learns the opposite, and is wrong on nearly every clean validation row."""
    recipe = Recipe(OPTIMIZERS["adam"](), 0.02, epochs=40, label_noise=1.0)
    assert train(Net("mlp"), moons, recipe).scores[-1] < 0.1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epochs": 0}, "epochs"),
        ({"batch": "all"}, "'full'"),
        ({"rate": -1.0}, "rate"),
        ({"precision": "float16"}, "float32"),
        ({"loss": "crossentropy"}, "Did you mean 'cross_entropy'"),
        ({"loss": "huber"}, "a loss for binary"),
        ({"optimizer": 3}, "optimizer"),
        ({"optimizer": lambda _: 3}, "torch.optim"),
    ],
)
def test_a_wrong_recipe_is_refused(moons: Data, change: dict[str, Any], said: str) -> None:
    """The error names what is wrong and what was expected."""
    with pytest.raises(SpecError, match=said):
        train(Net("mlp"), moons, Recipe(**{"optimizer": OPTIMIZERS["adam"](), **change}))


def test_a_net_that_does_not_fit_is_refused(moons: Data) -> None:
    """No parameters, no module, and classes by regression's net."""
    for net, data in ((nn.ReLU(), moons), ("mlp", moons), (Net("logistic"), load_set("line", generator(0, "line")))):
        with pytest.raises(SpecError, match="net"):
            train(net, data, Recipe(OPTIMIZERS["adam"]()))  # type: ignore[arg-type]


def test_an_unknown_device_is_refused(moons: Data) -> None:
    """A name that torch does not know, and a card that is not there."""
    for name in ("gpu0", "cuda:77"):
        with pytest.raises(SpecError, match="device"):
            train(Net("mlp"), moons, Recipe(OPTIMIZERS["adam"]()), Hooks(device=name))
