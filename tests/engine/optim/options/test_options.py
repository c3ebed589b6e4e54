"""Options go around any optimizer, in any number: each does its one thing, and all keep the contract."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fallline.core.errors import SpecError
from fallline.engine.optim import LBFGS, OPTIMIZERS, Adam, AdamW, GradientDescent, Momentum, Optimizer, State, optimizer
from fallline.engine.optim.options import (
    EMA,
    L2,
    OPTIONS,
    SAM,
    Accumulation,
    ClipGlobalNorm,
    ClipNorm,
    ClipValue,
    DecoupledDecay,
    Group,
    Groups,
    with_options,
)
from tests.engine.optim.landscape import bowl, copied, walk

WEIGHTS = (np.array([[1.0, -2.0, 0.5]]), np.array([3.0, -1.0]))
SLOPES = (np.array([[3.0, -4.0, 0.0]]), np.array([0.3, 0.4]))
EVERY = {name: kind.parameters[0].default for name, kind in OPTIONS.items()}


def seen(around: Optimizer) -> Any:
    """The gradient that gets through to plain descent."""
    new, _ = around.step(WEIGHTS, SLOPES, around.init(WEIGHTS), 1.0)
    return tuple(before - after for before, after in zip(WEIGHTS, new, strict=True))


def test_clipping_by_value_cuts_each_slope() -> None:
    """What is above the limit is the limit, what is below minus the limit minus it, the rest as it was."""
    first, second = seen(ClipValue(GradientDescent(), 0.35))
    assert np.allclose(first, [[0.35, -0.35, 0.0]])
    assert np.allclose(second, [0.3, 0.35])


def test_clipping_by_norm_is_torchs_clip_grad_norm_of_each_layer() -> None:
    """Each layer by itself, to the last digit as torch shortens it."""
    found = seen(ClipNorm(GradientDescent(), 1.0))
    for layer, slope in zip(found, SLOPES, strict=True):
        theirs = torch.zeros(slope.shape, dtype=torch.float64, requires_grad=True)
        theirs.grad = torch.from_numpy(slope.copy())
        torch.nn.utils.clip_grad_norm_([theirs], 1.0)
        assert np.allclose(layer, theirs.grad.numpy(), rtol=1e-14)


def test_clipping_by_global_norm_is_torchs_clip_grad_norm() -> None:
    """All layers together."""
    theirs = [torch.zeros(slope.shape, dtype=torch.float64, requires_grad=True) for slope in SLOPES]
    for one, slope in zip(theirs, SLOPES, strict=True):
        one.grad = torch.from_numpy(slope.copy())
    torch.nn.utils.clip_grad_norm_(theirs, 2.0)
    for layer, one in zip(seen(ClipGlobalNorm(GradientDescent(), 2.0)), theirs, strict=True):
        assert one.grad is not None
        assert np.allclose(layer, one.grad.numpy(), rtol=1e-14)


@given(arrays(np.float64, 5, elements=st.floats(-1e6, 1e6)), st.floats(1e-3, 1e3))
def test_a_clipped_gradient_is_never_longer_and_never_turned(g: Any, limit: float) -> None:
    """By norm: at most the limit, the same direction, and untouched where it is short enough already."""
    around = ClipNorm(optimizer("gd", "keras"), limit)
    w = np.zeros(5)
    new, _ = around.step(w, g, around.init(w), 1.0)
    cut, length = -new, float(np.linalg.norm(g))
    assert np.linalg.norm(cut) <= limit * (1 + 1e-12)
    assert np.allclose(cut * length, g * np.linalg.norm(cut), rtol=1e-9, atol=1e-9)
    if length <= limit:
        assert np.array_equal(cut, g)


def test_l2_and_decoupled_decay_are_two_things() -> None:
    """L2 around Adam is Adam's own decay, decoupled decay around it is AdamW, and the two paths part."""
    loss = bowl(5)
    ends = {
        name: walk(each, loss, WEIGHTS, 0.02, 50)[0]
        for name, each in {
            "l2": L2(Adam(), 0.3),
            "own": Adam(decay=0.3),
            "decoupled": DecoupledDecay(Adam(), 0.3),
            "adamw": AdamW(decay=0.3),
        }.items()
    }
    for one, other in (("l2", "own"), ("decoupled", "adamw")):
        assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(ends[one], ends[other], strict=True))
    assert np.abs(ends["l2"][0] - ends["adamw"][0]).max() > 0.01


def test_l2_lowers_the_limit_of_stability() -> None:
    """It curves the loss by λ more."""
    assert L2(Momentum(0.5), 2.0).largest_stable_rate(8.0) == Momentum(0.5).largest_stable_rate(10.0)
    assert DecoupledDecay(Momentum(), 0.1).largest_stable_rate(8.0) is None


def test_accumulation_is_a_larger_batch() -> None:
    """Of four gradients in a row the mean is what moves the weights; three times out of four they rest."""
    draw = np.random.default_rng(0)
    batches = draw.normal(size=(5, 4, 3))
    around, w, plain = Accumulation(Adam(), 4.0), np.ones(3), np.ones(3)
    state, alone = around.init(w), Adam().init(plain)
    for batch in batches:
        plain, alone = Adam().step(plain, batch.mean(axis=0), alone, 0.1)
        for number, g in enumerate(batch):
            before = w
            w, state = around.step(w, g, state, 0.1)
            assert np.array_equal(w, before) == (number < 3)
        assert np.allclose(w, plain, rtol=1e-13)
    assert state.t == 20


def test_ema_judges_by_the_mean_and_leaves_the_path() -> None:
    """The path is the optimizer's own; the mean is the weighted mean of it, and under noise it is lower."""
    loss, draw = bowl(5), np.random.default_rng(1)
    around = EMA(GradientDescent(), 0.98)
    w, plain = np.zeros(5), np.zeros(5)
    state, alone, mean = around.init(w), GradientDescent().init(plain), None
    heights = []
    for _ in range(2000):
        noise = draw.normal(size=5)
        w, state = around.step(w, loss.gradient_at(w) + noise, state, 0.05)
        plain, alone = GradientDescent().step(plain, loss.gradient_at(plain) + noise, alone, 0.05)
        mean = plain if mean is None else 0.98 * mean + (1 - 0.98) * plain
        heights.append((loss.value(w), loss.value(around.judged(w, state))))
    assert np.array_equal(w, plain)
    assert np.allclose(around.judged(w, state), mean, rtol=1e-12)
    late = np.mean(heights[500:], axis=0)
    assert late[1] < 0.5 * late[0]


def test_groups_are_torchs_param_groups() -> None:
    """Another rate and no decay for the biases, by name or by index: the weights are torch's with two groups."""
    names = ("0.weight", "0.bias")
    groups = (Group(("*.bias",), 0.1, {"decay": 0.0}),)
    by_name = Groups(AdamW(decay=0.5), groups).over(names)
    by_index = Groups(AdamW(decay=0.5), (Group((1,), 0.1, {"decay": 0.0}),))
    loss = bowl(5)
    theirs = [torch.tensor(layer, requires_grad=True) for layer in WEIGHTS]
    reference = torch.optim.AdamW(
        [{"params": theirs[:1]}, {"params": theirs[1:], "lr": 0.002, "weight_decay": 0.0}], lr=0.02, weight_decay=0.5
    )
    ends = [walk(around, loss, WEIGHTS, 0.02, 40)[0] for around in (by_name, by_index)]
    for _ in range(40):
        for layer, slope in zip(theirs, loss.gradient_at(tuple(one.detach() for one in theirs)), strict=True):
            layer.grad = slope
        reference.step()
    for one, other, layer in zip(*ends, theirs, strict=True):
        assert np.array_equal(one, other)
        assert np.allclose(one, layer.detach().numpy(), rtol=1e-12)


def test_a_factor_of_zero_freezes() -> None:
    """The frozen layer stays bit for bit; the other moves."""
    new, _ = walk(Groups(Adam(), (Group((0,), 0.0),)), bowl(5), WEIGHTS, 0.1, 5)
    assert np.array_equal(new[0], WEIGHTS[0])
    assert not np.array_equal(new[1], WEIGHTS[1])


def test_groups_refuse_what_they_cannot_do() -> None:
    """A layer that is not there, a setting that the optimizer has not, an optimizer that sees all layers as one."""
    with pytest.raises(SpecError, match="gamma' is not a layer"):
        Groups(Adam(), (Group(("*.gamma",)),), ("0.weight", "0.bias")).init(WEIGHTS)
    with pytest.raises(SpecError, match="7 is not a layer"):
        Groups(Adam(), (Group((7,)),)).init(WEIGHTS)
    with pytest.raises(SpecError, match="a parameter of Adam"):
        Groups(Adam(), (Group((0,), 1.0, {"momentum": 0.5}),))
    with pytest.raises(SpecError, match="one by one"):
        Groups(LBFGS(), (Group((0,), 0.5),))
    with pytest.raises(SpecError, match="at least 0"):
        Group((0,), -1.0)
    around = ClipGlobalNorm(Groups(Adam(), (Group((0,), 0.5),)), 1.0)
    assert around.scope == "whole"


def test_options_compose_in_one_order() -> None:
    """However they are named, the decay is innermost and the mean outermost; unknown names are refused."""
    around, kinds = with_options(Momentum(), **dict(reversed(EVERY.items()))), []
    inside: Any = around
    while hasattr(inside, "base"):
        kinds.append(type(inside))
        inside = inside.base
    assert kinds == [EMA, Accumulation, SAM, ClipGlobalNorm, ClipNorm, ClipValue, DecoupledDecay, L2]
    assert inside == around.core == Momentum()  # type: ignore[attr-defined]
    with pytest.raises(SpecError, match="Did you mean 'clip_norm'"):
        with_options(Momentum(), clipnorm=1.0)
    with pytest.raises(SpecError, match="most: -1"):
        with_options(Momentum(), clip_norm=-1.0)


@pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_all_options_go_around_every_optimizer(kind: type[Optimizer], library: str) -> None:
    """All at once, in float32: the precision stays, a resumed run is the run, and its needs are passed on."""
    around, loss = with_options(kind(), **{**EVERY, "accumulate": 2.0}), bowl(5)
    parts = tuple(layer.astype(np.float32) for layer in WEIGHTS)
    w: Any = parts if library == "numpy" else tuple(map(torch.from_numpy, parts))
    assert around.needs == kind().needs | {"gradient_at"}
    w, state = walk(around, loss, w, 0.01, 5)
    again, resumed = copied(w), State.from_arrays(state.to_arrays(), w)
    for _ in range(4):
        w, state = around.step(w, loss.gradient_at(w), state, 0.01, loss)
        again, resumed = around.step(again, loss.gradient_at(again), resumed, 0.01, loss)
    for one, other, mean in zip(w, again, around.judged(w, state), strict=True):
        assert np.array_equal(np.asarray(one), np.asarray(other))
        assert one.dtype == mean.dtype == (np.float32 if library == "numpy" else torch.float32)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_carries_who_is_inside(name: str) -> None:
    """Title, unit, rate and dialect are those of the optimizer inside; SAM alone has a title of its own."""
    inside = optimizer("adam", "keras")
    around = with_options(inside, **{name: EVERY[name]})
    assert (around.unit, around.rate, around.dialect) == ("distance", inside.rate, "keras")
    assert around.title == ("SAM over Adam" if name == "sam" else "Adam")
    assert bool(around.limit) == (around.largest_stable_rate(2.0) is not None)
