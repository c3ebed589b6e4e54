"""A population against torch's own loop, against its members alone, and under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numba
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from fallline.core.ending import EndingKind
from fallline.core.errors import DataError, SpecError
from fallline.core.event import Event
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import Cosine
from fallline.engine.train.population import Member, Perceptron, Population, kernels, population
from fallline.engine.train.population.compiled import Precision
from fallline.engine.train.population.order import epoch_order, order_key

NET = Perceptron((7, 12, 5, 3), ("tanh", "relu"))
TORCH: dict[str, Any] = {
    "gd": torch.optim.SGD,
    "momentum": partial(torch.optim.SGD, momentum=0.9),
    "nesterov": partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "adamax": torch.optim.Adamax,
    "amsgrad": partial(torch.optim.Adam, amsgrad=True),
}


def rows(n: int = 150) -> tuple[NDArray[Any], NDArray[Any]]:
    """Three classes that a small net can tell apart, mostly."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((n, 7))
    return x, np.argmax(x[:, :3] + 0.3 * rng.standard_normal((n, 3)), axis=1)


def batches(member: Member, steps: int, n: int, batch: int) -> Iterator[NDArray[np.int64]]:
    """The rows of every step, as the member meets them."""
    per_epoch = -(-n // batch)
    for step in range(steps):
        order = epoch_order(order_key(member.seed), step // per_epoch, n)
        low = step % per_epoch * batch
        yield order[low : low + batch]


def torch_loop(member: Member, precision: Precision, steps: int, batch: int) -> tuple[list[NDArray[Any]], list[float]]:
    """The plain loop that a person would write; returns weights as (inputs, outputs), biases, and losses."""
    x, y = (torch.tensor(part) for part in rows())
    kind = getattr(torch, precision)
    start = population(NET, rows(), [member], steps=1, precision=precision).weights(0)
    weights = [torch.tensor(part, dtype=kind, requires_grad=True) for layer in start for part in layer]
    optimizer = TORCH[member.optimizer.name](weights, lr=member.rate)
    losses = []
    for t, chosen in enumerate(batches(member, steps, len(x), batch)):
        for group in optimizer.param_groups:
            group["lr"] = member.rate * member.schedule.factor(t, steps)
        first = torch.tanh(x[chosen].to(kind) @ weights[0] + weights[1])
        second = torch.relu(first @ weights[2] + weights[3])
        loss = torch.nn.functional.cross_entropy(second @ weights[4] + weights[5], y[chosen])
        optimizer.zero_grad()
        loss.backward()
        if np.isfinite(member.clip_value):
            torch.nn.utils.clip_grad_value_(weights, member.clip_value)
        if np.isfinite(member.clip_norm):
            torch.nn.utils.clip_grad_norm_(weights, member.clip_norm)
        optimizer.step()
        losses.append(float(loss.detach()))
    return [part.detach().numpy() for part in weights], losses


def flat(trained: Population, k: int) -> list[NDArray[Any]]:
    """Weights and biases of a member in a row."""
    return [part for layer in trained.weights(k) for part in layer]


@pytest.mark.parametrize("name", TORCH)
def test_every_optimizer_gives_what_torchs_loop_gives(name: str) -> None:
    """After 500 steps of 32 rows, ragged last batches included, weights are torch's: 1e-12 and 2e-6 on the median."""
    member = Member(OPTIMIZERS[name](), rate=0.01, seed=3)
    tolerances: dict[Precision, tuple[float, float]] = {"float64": (1e-12, 1e-12), "float32": (2e-6, 1e-4)}
    for precision, (usual, worst) in tolerances.items():
        ours = population(NET, rows(), [member], steps=500, batch=32, precision=precision).advance()
        theirs, losses = torch_loop(member, precision, 500, 32)
        apart = np.concatenate([np.abs(a - b).ravel() for a, b in zip(flat(ours, 0), theirs, strict=True)])
        assert np.median(apart) <= usual
        assert apart.max() <= worst
        assert np.median(np.abs(ours.losses[0] - losses)) <= usual


@pytest.mark.parametrize("changes", [{"clip_value": 0.01}, {"clip_norm": 0.1}, {"schedule": Cosine()}])
def test_clipping_and_schedule_are_torchs(changes: dict[str, Any]) -> None:
    """Clipped slopes, shortened gradients and a falling rate give what torch's own functions give."""
    member = Member(OPTIMIZERS["momentum"](), rate=0.1, seed=1, **changes)
    ours = population(NET, rows(), [member], steps=120, batch=40, precision="float64").advance()
    theirs, _ = torch_loop(member, "float64", 120, 40)
    assert max(np.abs(a - b).max() for a, b in zip(flat(ours, 0), theirs, strict=True)) < 1e-11


def crowd() -> list[Member]:
    """Members that differ in everything; one of them runs away."""
    kinds = list(OPTIMIZERS.values())
    members = [Member(kinds[k % len(kinds)](), rate=0.003 * (k + 1), seed=k // 2, order=k % 3) for k in range(11)]
    members[4] = Member(OPTIMIZERS["gd"](), rate=1e30, seed=9, initialisation="large-normal")
    members[5] = replace(members[5], schedule=Cosine(), clip_norm=0.5)
    return members


def same(a: Population, j: int, b: Population, k: int) -> bool:
    """Whether two members have the same bits in weights and losses."""
    return np.array_equal(a.fleet.weights[j], b.fleet.weights[k], equal_nan=True) and np.array_equal(
        a.losses[j], b.losses[k], equal_nan=True
    )


def test_each_member_gives_what_it_gives_alone() -> None:
    """Bit for bit, whoever else takes part, in one stretch or in several, on one thread or on two."""
    together = population(NET, rows(), crowd(), steps=60, batch=32).advance()
    in_parts = population(NET, rows(), crowd(), steps=60, batch=32, threads=2)
    for steps in (1, 7, 30, None):
        in_parts = in_parts.advance(steps)
    for k, member in enumerate(crowd()):
        alone = population(NET, rows(), [member], steps=60, batch=32).advance()
        assert same(together, k, alone, 0)
        assert same(together, k, in_parts, k)


def test_who_runs_away_is_named_and_the_rest_go_on() -> None:
    """The ending has the step and the layer; the losses stop there, and every other member takes all its steps."""
    trained = population(NET, rows(), crowd(), steps=40, batch=32).advance()
    gone = trained.endings[4]
    assert gone is not None
    assert gone.kind is EndingKind.DIVERGED
    assert gone.step == trained.taken[4] + 1
    assert "layer" in gone.sentence
    assert np.isfinite(trained.losses[4, : trained.taken[4]]).all()
    assert not np.isfinite(trained.losses[4, trained.taken[4] :]).any()
    assert all(
        ending is not None and ending.kind is EndingKind.FINISHED for k, ending in enumerate(trained.endings) if k != 4
    )
    assert (np.delete(trained.taken, 4) == 40).all()


def test_a_member_can_be_stopped_and_replaced_on_the_way() -> None:
    """Who is stopped keeps its weights; who comes fresh gives what it gives alone; the value before is untouched."""
    members = crowd()[:3]
    before = population(NET, rows(), members, steps=50, batch=32).advance(20)
    kept = before.fleet.weights.copy()
    after = before.stop(1, "it was the slowest").replace(0, crowd()[6]).advance(30)
    assert (before.fleet.weights == kept).all()
    assert before.endings == (None, None, None)
    assert (after.fleet.weights[1] == kept[1]).all()
    ending = after.endings[1]
    assert ending is not None
    assert ending.sentence == "Member 1 was stopped after step 20: it was the slowest."
    fresh = population(NET, rows(), [crowd()[6]], steps=50, batch=32).advance(30)
    assert (after.fleet.weights[0] == fresh.fleet.weights[0]).all()
    whole = population(NET, rows(), members, steps=50, batch=32).advance()
    assert same(after, 2, whole, 2)


def test_a_member_like_another_goes_on_where_that_one_is() -> None:
    """Under the same settings it takes the very same steps, whatever was in its place before."""
    members = [Member(seed=1), Member(OPTIMIZERS["gd"](), rate=1e30, initialisation="large-normal")]
    trained = population(NET, rows(), members, steps=30, batch=32).advance(10).replace(1, members[0], like=0).advance()
    assert (trained.fleet.weights[0] == trained.fleet.weights[1]).all()
    other = Member(OPTIMIZERS["momentum"](), rate=0.01, seed=1)
    moved = population(NET, rows(), members, steps=30, batch=32).advance(10).replace(1, other, like=0).advance()
    assert moved.taken.tolist() == [30, 30]
    assert np.isfinite(moved.losses[1, 10:]).all()


def test_every_row_comes_once_an_epoch() -> None:
    """The order is a permutation, another each epoch and for each seed, and each place gets each row equally often."""
    orders = np.array([epoch_order(order_key(5), epoch, 10) for epoch in range(4000)])
    assert (np.sort(orders, axis=1) == np.arange(10)).all()
    counts = np.array([np.bincount(orders[:, place], minlength=10) for place in range(10)])
    assert ((counts - 400.0) ** 2 / 400.0).sum() < 130.0  # chi-square with 81 degrees of freedom: 1 in 2,000
    assert (epoch_order(order_key(5), 0, 100) != epoch_order(order_key(6), 0, 100)).any()


def test_progress_is_told_and_compiling_where_something_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener hears how far the steps are; first that kernels are compiled, if they are, and only then."""
    population(NET, rows(), [Member()], steps=1)
    heard: list[Event] = []
    population(NET, rows(), [Member()], steps=5, listener=heard.append).advance(listener=heard.append)
    assert not any("Compiling" in each.message for each in heard)
    assert heard[-1].step == heard[-1].total == 5
    known = kernels.step_kernel

    def fresh(*asked: Any) -> Any:
        numba.njit(lambda x: 2 * x)(1)
        numba.njit(lambda x: 3 * x)(1)
        return known(*asked)

    monkeypatch.setattr(kernels, "step_kernel", fresh)
    population(NET, rows(), [Member()], steps=5, listener=heard.append)
    assert sum("Compiling" in each.message for each in heard) == 1


def test_other_losses_learn() -> None:
    """A net without a hidden layer under squared loss finds the least squares; under logistic loss it separates."""
    x, _ = rows()
    wanted = x @ np.arange(7.0)[:, None] + 2.0
    linear = population(
        Perceptron((7, 1)), (x, wanted), [Member(rate=0.05)], steps=3000, batch=150, loss="squared", precision="float64"
    ).advance()
    ((weights, bias),) = linear.weights(0)
    assert np.allclose(weights[:, 0], np.arange(7.0), atol=1e-6)
    assert bias[0] == pytest.approx(2.0, abs=1e-6)
    above = (wanted > 0).astype(float)
    told = population(Perceptron((7, 8, 1)), (x, above), [Member(rate=0.01)], steps=600, loss="log_loss").advance()
    assert ((told.outputs(0, x) > 0) == above).mean() > 0.97


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Perceptron((7,)), "sizes"),
        (lambda: Perceptron((7, 5, 3), "swoosh"), "activation"),
        (lambda: Perceptron((7, 5, 3), ("relu", "relu")), "activation"),
        (lambda: Member(rate=0.0), "rate"),
        (lambda: Member(clip_norm=float("nan")), "clip_norm"),
        (lambda: Member(order=-1), "order"),
        (lambda: population(NET, rows(), [], steps=1), "members"),
        (lambda: population(NET, rows(), [Member()], steps=0), "steps"),
        (lambda: population(NET, rows(), [Member()], steps=1, batch=0), "batch"),
        (lambda: population(NET, rows(), [Member()], steps=1, loss="hinge"), "loss"),
        (lambda: population(NET, rows(), [Member(initialisation="hee")], steps=1), "initialisation"),
        (lambda: population(NET, rows(), [Member(weights=[])], steps=1), "weights"),
        (lambda: population(NET, rows(), [Member()], steps=1).advance(0), "steps"),
        (lambda: population(NET, rows(), [Member()], steps=1).stop(1), "member"),
        (lambda: population(NET, rows(), [Member()], steps=1).replace(0, Member(), like=2), "member"),
    ],
)
def test_misuse_is_refused_with_its_place(make: Any, error: str) -> None:
    """The error says which setting it was."""
    with pytest.raises(SpecError, match=error):
        make()


@pytest.mark.parametrize(
    "data",
    [
        (np.zeros((5, 6)), np.zeros(5)),
        (np.zeros((5, 7)), np.zeros(4)),
        (np.zeros((5, 7)), np.full(5, 3)),
        (np.zeros((5, 7)), np.full(5, 0.5)),
        (np.full((5, 7), np.nan), np.zeros(5)),
        (np.zeros((0, 7)), np.zeros(0)),
    ],
)
def test_data_that_does_not_fit_is_refused(data: tuple[Any, Any]) -> None:
    """Columns, rows, classes and numbers are checked before anything is compiled."""
    with pytest.raises(DataError):
        population(NET, data, [Member()], steps=1)


def test_penalties_spare_the_biases_and_pull_the_weights() -> None:
    """One step on a loss without slope: weights lose η(l1·sign + l2·w), biases stay, and a module refuses penalties."""
    net = Perceptron((2, 3, 1), "tanh")
    layers = net.draw("xavier", np.random.default_rng(0))
    x = np.zeros((8, 2))
    member = Member(OPTIMIZERS["gd"](), rate=0.5, weights=layers, l1=0.1, l2=0.2)
    moved = (
        population(net, (x, np.zeros(8)), [member], steps=1, loss="squared", precision="float64").advance().weights(0)
    )
    for (weights, biases), (after, free) in zip(layers, moved, strict=True):
        assert np.allclose(after, weights - 0.5 * (0.1 * np.sign(weights) + 0.2 * weights), rtol=1e-14)
        assert np.array_equal(free, biases)
    for wrong in (-1.0, float("nan")):
        with pytest.raises(SpecError, match="l2"):
            Member(l2=wrong)
