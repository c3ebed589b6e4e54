"""The loop's side of the optimizers' and schedules' contracts: probes, judged weights, plans, looks back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import Net
from fallline.engine.optim import OPTIMIZERS, GradientDescent, Probe, State
from fallline.engine.schedules import SCHEDULES, Plan, ReduceOnPlateau
from fallline.engine.train.loop import Recipe
from fallline.engine.train.loop.training import train


@pytest.fixture(scope="module")
def moons() -> Data:
    """Returns 60 points of two moons."""
    return load_set("moons", generator(0, "moons"), rows=60)


@dataclass(frozen=True)
class Asking(GradientDescent):
    """Gradient descent that holds every answer of its probe against what it knows."""

    needs = frozenset({"value", "gradient_at", "hvp"})

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Asks for the gradient that it was given, and for a curvature that differences of gradients confirm."""
        probe = self.asks(probe)
        assert all(torch.allclose(a, b, rtol=0, atol=1e-15) for a, b in zip(probe.gradient_at(w), g, strict=True))
        size = 1e-5
        ahead, behind = (tuple(a + sign * size * b for a, b in zip(w, g, strict=True)) for sign in (1, -1))
        along = sum(float((each * each).sum()) for each in g)
        assert (probe.value(ahead) - probe.value(behind)) / (2 * size) == pytest.approx(along, rel=1e-5)
        for product, a, b in zip(probe.hvp(w, g), probe.gradient_at(ahead), probe.gradient_at(behind), strict=True):
            assert torch.allclose(product, (a - b) / (2 * size), rtol=1e-4, atol=1e-7)
        return super().step(w, g, state, rate)

    def judged(self, w: Any, state: State) -> Any:
        """Is judged by weights of zero."""
        del state
        return tuple(each * 0.0 for each in w)


@pytest.mark.parametrize(
    "net",
    [
        Net("mlp", {"widths": (8,), "activation": "tanh", "dropout": 0.5, "norm": "batch"}),
        Net("gru", {"widths": (4,)}),
        Net("transformer", {"widths": (4,), "dropout": 0.3}),
    ],
    ids=lambda net: net.name,
)
def test_a_probe_answers_for_the_batch_of_the_step(moons: Data, net: Net) -> None:
    """Value, gradient and curvature agree with the step's gradient, dropout masks included, and disturb nothing."""
    recipe = partial(Recipe, rate=0.1, steps=6, batch=16, precision="float64")
    asked, plain = train(net, moons, recipe(Asking())), train(net, moons, recipe(OPTIMIZERS["gd"]()))
    assert np.array_equal(asked.losses, plain.losses)
    assert all(np.array_equal(asked.last_weights[name], each) for name, each in plain.last_weights.items())


def test_a_net_is_judged_by_the_judged_weights(moons: Data) -> None:
    """With all weights zero each probability is one half, so that each look sees log 2; training goes on unharmed."""
    trace = train(Net("mlp"), moons, Recipe(Asking(), 0.1, epochs=2, precision="float64"))
    assert np.allclose(trace.validation, np.log(2.0), rtol=0, atol=1e-15)
    assert trace.losses[-1] != trace.losses[0]
    assert not np.any(trace.best_weights["output.weight"])
    assert np.any(trace.last_weights["output.weight"])


@pytest.mark.parametrize(
    ("ours", "theirs", "plan"),
    [
        ("momentum", partial(torch.optim.SGD, momentum=0.9), Plan.one_cycle()),
        ("adamw", torch.optim.AdamW, Plan(momentum=SCHEDULES["cosine"](), decay=SCHEDULES["step"](every=4))),
        ("gd", torch.optim.SGD, Plan(batch=SCHEDULES["step"](every=4, gamma=0.5))),
    ],
)
def test_a_plan_drives_ours_and_torchs_alike(moons: Data, ours: str, theirs: Any, plan: Plan) -> None:
    """Rate, momentum or β₁, decay and batch change from step to step, in our optimizers as in torch's groups."""
    recipe = partial(Recipe, rate=0.05, schedule=plan, steps=20, batch=16, precision="float64")
    first, second = (train(Net("mlp"), moons, recipe(each)) for each in (OPTIMIZERS[ours](), theirs))
    assert np.allclose(first.losses, second.losses, rtol=0, atol=1e-12)
    constant = train(Net("mlp"), moons, recipe(OPTIMIZERS[ours](), schedule=Plan()))
    assert not np.allclose(first.losses, constant.losses)


def test_a_plan_for_what_is_not_there_is_refused(moons: Data) -> None:
    """Gradient descent has no momentum, and an epoch has no length where the batch changes."""
    for optimizer in (OPTIMIZERS["gd"](), partial(torch.optim.Adagrad, lr=0.1)):
        with pytest.raises(SpecError, match="momentum"):
            train(Net("mlp"), moons, Recipe(optimizer, 0.1, Plan.one_cycle(), steps=4))
    with pytest.raises(SpecError, match="steps"):
        Recipe(OPTIMIZERS["gd"](), 0.1, Plan(batch=SCHEDULES["cosine"]()))


def test_a_rate_falls_when_the_looks_stop_falling(moons: Data) -> None:
    """The rates are those of torch's ReduceLROnPlateau, fed with the validation losses of the same trace."""
    plateau = ReduceOnPlateau(gamma=0.5, patience=1, threshold=0.05)
    trace = train(Net("mlp"), moons, Recipe(OPTIMIZERS["gd"](), 0.3, plateau, steps=40, look=2))
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=1, threshold=0.05, eps=0)
    rates = []
    for seen in trace.validation:
        rates += [optimizer.param_groups[0]["lr"]] * 2
        theirs.step(float(seen))
    assert np.allclose(trace.rates, rates, rtol=1e-12)
    assert trace.rates[-1] < 0.3


def test_torchs_lbfgs_computes_the_batch_as_often_as_it_likes() -> None:
    """On a linear regression it is at the least squares solution after a few steps."""
    line = load_set("line", generator(0, "line"), rows=100)
    recipe = Recipe(
        partial(torch.optim.LBFGS, line_search_fn="strong_wolfe"), 1.0, steps=20, batch="full", precision="float64"
    )
    trace = train(Net("linear"), line, recipe)
    x = np.column_stack([line.x[line.train], np.ones(len(line.train))]).astype(np.float64)
    best = np.linalg.lstsq(x, line.y[line.train].astype(np.float64), rcond=None)[0][:, 0]
    assert np.allclose(trace.last_weights["output.weight"][0], best[:-1], atol=1e-5)
