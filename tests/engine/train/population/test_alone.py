"""A member against the training loop: the same net, rows, seed and settings give the same losses, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from fallline.core.ending import EndingKind
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import FEEDBACK_SCHEDULES, SCHEDULES, OneCycleMomentum, Plan
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.trace import Trace
from fallline.engine.train.loop.training import train
from fallline.engine.train.population import Member, Population, population

BATCH, LOOK = 16, 7
PLATEAU = FEEDBACK_SCHEDULES["reduce_on_plateau"](patience=1, threshold=0.5)  # type: ignore[call-arg]  # its own settings
PLAN = Plan(SCHEDULES["cosine"](), OneCycleMomentum(), SCHEDULES["anneal_linear"]())
GROWING = Plan(batch=SCHEDULES["cosine"]())


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Members train on one thread; on several, torch sums in another order, and Adam lets it be seen."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def crowd() -> list[Member]:
    """Members that differ in all that a member may differ in."""
    adam, momentum = OPTIMIZERS["adam"](), OPTIMIZERS["momentum"]()
    return [
        Member(adam, 0.01),
        Member(momentum, 0.02, seed=3, noise=0.05),
        Member(OPTIMIZERS["gd"](), 0.05, label_noise=0.2),
        Member(OPTIMIZERS["adamw"](decay=0.1), 0.01, PLAN, seed=1),
        Member(OPTIMIZERS["nadam"](), 0.02, PLATEAU),
        Member(OPTIMIZERS["schedule_free"](), 0.01, batch=5),
        Member(OPTIMIZERS["rmsprop"](), 0.003, SCHEDULES["step"](every=20), seed=1, noise=0.1, label_noise=0.1),  # type: ignore[call-arg]
    ]


def alone(net: Net, data: Data, member: Member, steps: int, precision: Any = "float64") -> Trace:
    """What the training loop gives."""
    recipe = Recipe(member.optimizer, member.rate, member.schedule, steps=steps, batch=member.batch or BATCH, look=LOOK)
    noise = {"noise": member.noise, "label_noise": member.label_noise, "seed": member.seed, "precision": precision}
    return train(net, data, replace(recipe, **noise))


def together(net: Any, data: Any, members: list[Member], steps: int, **settings: Any) -> Population:
    """The members before their first step, with the loop's draws."""
    usual = {"batch": BATCH, "look": LOOK, "precision": "float64", "streams": "train"}
    return population(net, data, members, steps=steps, **{**usual, **settings})


def rows(name: str) -> Data:
    """A named set."""
    return load_set(name, generator(0, "population", "tests"))


def apart(trained: Population, k: int, trace: Trace) -> float:
    """The largest difference between the losses of a member, of steps and of looks, and those of a trace."""
    looks = np.abs(trained.validation[k, 1:] - trace.validation).max()
    return float(max(np.abs(trained.losses[k] - trace.losses).max(), looks))


@pytest.mark.parametrize(
    ("name", "options", "data"),
    [
        ("mlp", {"widths": (9, 4)}, "moons"),
        ("mlp", {"widths": (8,), "activation": "tanh"}, "digits"),
        ("linear", {"initialiser": "xavier"}, "line"),
    ],
)
def test_a_member_of_the_kernels_gives_what_it_gives_alone(name: str, options: dict[str, Any], data: str) -> None:
    """Orders, first weights, noise of gradients and labels, plans, schedules by the looks: to 1e-12 in float64."""
    net, members = Net(name, options), [*crowd(), Member(OPTIMIZERS["adam"](), 0.01, GROWING)]
    trained = together(net, rows(data), members, 60).advance()
    assert "kernels" in trained.sentence
    assert trained.looks.tolist() == [*range(0, 60, LOOK), 60]
    for k, member in enumerate(members):
        assert apart(trained, k, alone(net, rows(data), member, 60)) < 1e-12


@pytest.mark.parametrize(("block", "steps"), [(0, 8), (1, 8), (3, 15)])
def test_a_member_of_any_net_gives_what_it_gives_alone(block: int, steps: int) -> None:
    """A convolution by torch: the plain loop, traced alone and in blocks with one to fill up."""
    net, members = Net("cnn", {"widths": (3, 4)}), crowd()
    trained = together(net, rows("digits"), members, steps, block=block).advance()
    for k, member in enumerate(members):
        assert apart(trained, k, alone(net, rows("digits"), member, steps)) < 1e-12


def test_a_net_that_draws_and_remembers_gives_what_it_gives_alone() -> None:
    """Masks of dropout and running means of batch normalisation, in one stretch or in several."""
    net, members = Net("mlp", {"widths": (6,), "norm": "batch", "dropout": 0.3}), crowd()[:4]
    begun = together(net, rows("moons"), members, 20)
    assert "plain loop" in begun.sentence
    for trained in (begun.advance(), begun.advance(9).advance()):
        for k, member in enumerate(members):
            assert apart(trained, k, alone(net, rows("moons"), member, 20)) < 1e-12
    copied = begun.advance(9).replace(1, members[0], like=0).advance()
    assert np.array_equal(copied.validation[1], copied.validation[0])


def test_a_net_that_reads_tokens_gives_what_it_gives_alone() -> None:
    """A token to be said for each that is read; torch cannot trace gated units, and that is said."""
    net, members = Net("gru", {"widths": (2,)}), crowd()[1:2]
    trained = together(net, rows("text"), members, 4).advance()
    assert "plain loop" in trained.sentence
    for k, member in enumerate(members):
        assert apart(trained, k, alone(net, rows("text"), member, 4)) < 1e-12


def test_in_float32_it_is_the_loops_to_rounding() -> None:
    """Within 2e-6 on the median after 200 steps, as everywhere."""
    net, member = Net("mlp", {"widths": (8,)}), Member(OPTIMIZERS["adam"](), 0.01)
    trained = together(net, rows("digits"), [member], 200, precision="float32").advance()
    trace = alone(net, rows("digits"), member, 200, "float32")
    assert np.median(np.abs(trained.losses[0] - trace.losses)) < 2e-6


def test_in_stretches_it_has_the_same_bits() -> None:
    """However it is advanced, and from a value that was advanced before: draws belong to the step."""
    net = Net("mlp", {"widths": (5,)})
    begun = together(net, rows("moons"), crowd(), 40)
    whole, parts = begun.advance(), begun.advance(3)
    once_more = parts.advance(9).advance()
    for steps in (1, 11, None):
        parts = parts.advance(steps)
    for trained in (parts, once_more):
        assert np.array_equal(trained.losses, whole.losses)
        assert np.array_equal(trained.validation, whole.validation)
        assert trained.feedback == whole.feedback
        assert np.array_equal(trained.fleet.weights, whole.fleet.weights)


def test_without_rows_to_look_at_it_goes_by_the_loss_of_its_steps() -> None:
    """A schedule by the looks then hears the mean of the steps since the look before, as in the loop."""
    found = rows("moons")
    data = replace(found, validation=found.validation[:0])
    net, member = Net("mlp", {"widths": (5,)}), crowd()[4]
    trained = together(net, data, [member], 60).advance(20).advance()
    assert np.abs(trained.losses[0] - alone(net, data, member, 60).losses).max() < 1e-12
    state = trained.feedback[0]
    assert state is not None
    assert state.factor < 1.0
    assert np.isnan(trained.validation).all()


def test_a_given_order_is_met() -> None:
    """Written down, the loop's own order gives the loop's losses; after its last epoch it begins anew."""
    net, data, member = Net("mlp", {"widths": (5,)}), rows("moons"), Member(OPTIMIZERS["adam"](), 0.01)
    rng, n = generator(0, "train", "order"), len(data.train)
    given = np.array([rng.permutation(n) for _ in range(9)])
    for block in (None, 1):
        trained = together(net, data, [replace(member, order=given)], 60, streams="population", block=block)
        trained = trained.replace(0, replace(member, order=given, weights=_first(net, data))).advance()
        assert np.abs(trained.losses[0] - alone(net, data, member, 60).losses).max() < 1e-12
    short = replace(member, order=given[:1])
    epoch = -(-n // BATCH)
    again = together(net, data, [short, replace(member, order=np.concatenate([given[:1]] * 2))], 2 * epoch).advance()
    assert np.array_equal(again.losses[0], again.losses[1])


def _first(net: Net, data: Data) -> list[NDArray[Any]]:
    """The first weights of a training with seed 0."""
    from fallline.engine.train.loop.training import architecture_of, first_weights

    return list(first_weights(architecture_of(net, data), 0).values())


def test_a_member_that_comes_later_is_looked_at_from_its_own_start() -> None:
    """A fresh one has the looks that it has alone; one like another keeps that one's, and goes on from there."""
    net, members = Net("mlp", {"widths": (5,)}), crowd()[:3]
    half = together(net, rows("moons"), members, 30).advance(16)
    fresh = half.replace(1, crowd()[6]).advance()
    lonely = together(net, rows("moons"), [crowd()[6]], 30).advance()
    assert np.array_equal(fresh.validation[1], lonely.validation[0])
    copied = half.replace(1, members[0], like=0).advance()
    assert np.array_equal(copied.validation[1], copied.validation[0])


def test_who_leaves_at_a_look_is_told_so() -> None:
    """A loss of the held-out rows that is no number ends a member with the step and the cause, as in the loop."""
    x = np.ones((20, 1))
    x[10:] = 1e300
    data = Data("far", "regression", x, x.copy(), np.arange(10), np.arange(10, 20))
    wrong = Member(OPTIMIZERS["gd"](), 0.1, weights=[(np.full((1, 1), 2.0), np.zeros(1))])
    from fallline.engine.train.population import Perceptron

    trained = together(Perceptron((1, 1)), data, [wrong], 20).advance()
    ending = trained.endings[0]
    assert ending is not None
    assert ending.kind is EndingKind.DIVERGED
    assert ending.step == LOOK
    assert "on the validation rows" in ending.sentence


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: Member(OPTIMIZERS["gd"](), schedule=Plan(momentum=OneCycleMomentum())), "plan"),
        (lambda: Member(schedule="cosine"), "schedule"),  # type: ignore[arg-type]
        (lambda: Member(noise=-1.0), "noise"),
        (lambda: Member(label_noise=float("nan")), "label_noise"),
        (lambda: Member(batch=0), "batch"),
        (lambda: together(Net("mlp"), rows("moons"), [Member(order=[[0, 1]])], 3).advance(), "order"),
        (lambda: together(Net("logistic"), rows("line"), [Member()], 3), "net.name"),
        (lambda: together(Net("mlp"), rows("moons"), [Member()], 3, streams="mine"), "streams"),
        (lambda: together(Net("mlp"), rows("moons"), [Member()], 3, look=0), "look"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_its_place(make: Any, place: str) -> None:
    """Before anything moves."""
    with pytest.raises(SpecError, match=place):
        make()
