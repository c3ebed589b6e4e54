"""The contract of every optimizer, in both dialects: what it declares, keeps, and may not do."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.engine.optim import (
    KERAS_OPTIMIZERS,
    OPTIMIZERS,
    Dialect,
    Elementwise,
    Momentum,
    Optimizer,
    State,
    optimizer,
    optimizers_of,
)
from tests.engine.optim.landscape import bowl, copied, walk

KINDS = [*OPTIMIZERS.values(), *KERAS_OPTIMIZERS.values()]
ALL = pytest.mark.parametrize("kind", KINDS, ids=[f"{kind.name}-{kind.dialect}" for kind in KINDS])
SINGLE = [kind for kind in KINDS if issubclass(kind, Elementwise)]
ELEMENTWISE = pytest.mark.parametrize("kind", SINGLE, ids=[f"{kind.name}-{kind.dialect}" for kind in SINGLE])
LIBRARIES = pytest.mark.parametrize("library", ["numpy", "torch"])
PRECISIONS = pytest.mark.parametrize("precision", ["float32", "float64"])


def layers(library: str, precision: str) -> Any:
    """A matrix and a vector of weights."""
    draw = np.random.default_rng(4)
    parts = tuple(draw.normal(size=shape).astype(precision) for shape in ((3, 2), (4,)))
    return parts if library == "numpy" else tuple(map(torch.from_numpy, parts))


def same(one: Any, other: Any) -> bool:
    """Whether two sets of weights are bit for bit the same."""
    pairs = zip(one, other, strict=True) if isinstance(one, tuple) else [(one, other)]
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


@ALL
@LIBRARIES
@PRECISIONS
def test_it_is_deterministic_and_keeps_what_it_is_given(kind: type[Optimizer], library: str, precision: str) -> None:
    """Twice the same steps are bit for bit the same; layers, library and precision stay, whatever the rate's type."""
    loss, ends = bowl(10), []
    for rate in (0.01, np.float64(0.01)):
        w, state = walk(kind(), loss, layers(library, precision), rate, 12)
        ends.append(copied(w))
        for layer, first in zip(w, layers(library, precision), strict=True):
            assert type(layer) is type(first)
            assert layer.dtype == first.dtype
            assert layer.shape == first.shape
        judged = kind().judged(w, state)
        assert [layer.dtype for layer in judged] == [layer.dtype for layer in w]
    assert same(*ends)


@ALL
@LIBRARIES
@PRECISIONS
def test_a_resumed_run_is_the_run(kind: type[Optimizer], library: str, precision: str) -> None:
    """Written down after seven steps and read back, an optimizer walks on bit for bit as if nothing had happened."""
    optimizer, loss = kind(), bowl(10)
    w, state = walk(optimizer, loss, layers(library, precision), 0.02, 7)
    again, resumed = copied(w), State.from_arrays(state.to_arrays(), w)
    for _ in range(8):
        w, state = optimizer.step(w, loss.gradient_at(w), state, 0.02, loss)
        again, resumed = optimizer.step(again, loss.gradient_at(again), resumed, 0.02, loss)
        assert same(w, again)
    assert same(optimizer.judged(w, state), optimizer.judged(again, resumed))


@ALL
@LIBRARIES
def test_a_step_changes_nothing_in_place(kind: type[Optimizer], library: str) -> None:
    """Weights, gradient and state that went in are the same afterwards."""
    optimizer, loss = kind(), bowl(10)
    w, state = walk(optimizer, loss, layers(library, "float64"), 0.02, 3)
    g = loss.gradient_at(w)
    before = copied(w), copied(g), {key: array.copy() for key, array in state.to_arrays().items()}
    optimizer.step(w, g, state, 0.02, loss)
    assert same(w, before[0])
    assert same(g, before[1])
    after = state.to_arrays()
    assert all(np.array_equal(after[key], array) for key, array in before[2].items())


@ALL
def test_layers_move_as_its_scope_says(kind: type[Optimizer]) -> None:
    """Layer by layer it moves as each layer would alone; an optimizer of the whole sees one vector, however cut."""
    optimizer, loss = kind(), bowl(10)
    w = layers("numpy", "float64")
    together, state = w, optimizer.init(w)
    if optimizer.scope == "whole":
        uncut = np.concatenate([layer.reshape(-1) for layer in w])
        one, _ = walk(optimizer, loss, uncut, 0.02, 1)
        many, _ = walk(optimizer, loss, w, 0.02, 1)
        if "hvp" not in optimizer.needs or optimizer.name == "newton_cg":  # Sophia's signs are drawn by layer
            assert np.allclose(np.concatenate([layer.reshape(-1) for layer in many]), one, rtol=1e-12)
        return
    draw, alone = np.random.default_rng(5), list(w)
    states = [optimizer.init(layer) for layer in alone]
    for _ in range(10):
        slopes = tuple(draw.normal(size=layer.shape) for layer in w)
        together, state = optimizer.step(together, slopes, state, 0.02)
        pairs = [optimizer.step(*each, 0.02) for each in zip(alone, slopes, states, strict=True)]
        alone, states = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assert same(together, tuple(alone))


BOWLS: dict[str, tuple[float, int]] = {
    "gd": (0.1, 300),
    "sgd": (0.1, 300),
    "momentum": (0.02, 300),
    "nesterov": (0.02, 300),
    "adagrad": (0.5, 600),
    "adadelta": (3.0, 3000),
    "rmsprop": (0.05, 600),
    "rmsprop_centered": (0.02, 600),
    "muon": (0.05, 600),
    "ftrl": (0.5, 600),
    "lbfgs": (1.0, 30),
    "newton_cg": (1.0, 20),
    "prodigy": (1.0, 600),
}
"""Rate and steps that lead to the bottom of a bowl, where the default pair does not."""
STEADY = {"gd", "sgd", "momentum", "nesterov", "ftrl", "schedule_free", "lbfgs", "newton_cg", "prodigy", "sam"}
"""Those that arrive under a constant rate; FTRL must have one, for its weights are its memory times the rate."""


@ALL
@PRECISIONS
def test_it_finds_the_bottom_of_a_bowl(kind: type[Optimizer], precision: str) -> None:
    """On a quadratic with eigenvalues from 1 to 10 it ends at the minimum, most when the rate falls to zero."""
    loss = bowl(10)
    rate, steps = BOWLS.get(kind.name, (0.1, 600))
    settings = {"decay": 0.0} if "decay" in {parameter.name for parameter in kind.parameters} else {}
    optimizer = kind(**settings)
    w = tuple(layer for layer in layers("numpy", precision))
    state, start = optimizer.init(w), loss.value(w)
    for step in range(steps):
        now = rate if kind.name in STEADY else rate * (1.0 - step / steps)
        w, state = optimizer.step(w, loss.gradient_at(w), state, now, loss)
    assert loss.value(optimizer.judged(w, state)) < 1e-3 * start


@ELEMENTWISE
def test_one_rule_serves_arrays_tensors_and_floats(kind: type[Optimizer]) -> None:
    """The same step on a NumPy array, a torch tensor and, element by element, on floats gives the same numbers."""
    optimizer = kind()
    generator = np.random.default_rng(0)
    array = generator.normal(size=(3, 4))
    tensor, floats = torch.from_numpy(array.copy()), [float(x) for x in array.ravel()]
    states = [optimizer.init(array), optimizer.init(tensor)]
    each = [optimizer.init(x) for x in floats]
    for _ in range(20):
        g = generator.normal(size=(3, 4))
        array, states[0] = optimizer.step(array, g, states[0], 0.05)
        tensor, states[1] = optimizer.step(tensor, torch.from_numpy(g), states[1], 0.05)
        pairs = [optimizer.step(x, float(s), e, 0.05) for x, s, e in zip(floats, g.ravel(), each, strict=True)]
        floats, each = [float(pair[0]) for pair in pairs], [pair[1] for pair in pairs]
    assert isinstance(tensor, torch.Tensor)
    assert np.allclose(tensor.numpy(), array, rtol=1e-14)
    assert np.allclose(np.reshape(floats, (3, 4)), array, rtol=1e-14)


@ALL
def test_what_it_declares_is_what_it_is(kind: type[Optimizer]) -> None:
    """Parameters name the fields in order, with their defaults inside slider and range; the class is frozen."""
    optimizer = kind()
    assert optimizers_of(kind.dialect)[kind.name] is kind
    assert [p.name for p in kind.parameters] == [field.name for field in fields(kind) if field.name != "base"]
    for parameter in kind.parameters:
        assert getattr(optimizer, parameter.name) == parameter.default
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.least <= parameter.low < parameter.high < parameter.below
    if isinstance(optimizer, Elementwise):
        assert len(optimizer.init(np.zeros(2)).memories) == len(optimizer.initial) == optimizer.memories <= 4
        assert optimizer.scope == "element"
        assert not optimizer.needs
    assert optimizer.needs <= {"value", "gradient_at", "hvp"}
    assert optimizer.rate > 0.0
    assert bool(kind.limit) == (optimizer.largest_stable_rate(2.0) is not None)
    with pytest.raises(FrozenInstanceError):
        setattr(optimizer, kind.parameters[0].name, 0.5)


@ALL
def test_hostile_hyperparameters_are_refused_by_name(kind: type[Optimizer]) -> None:
    """Not a number, infinity and negative numbers never make an optimizer."""
    for parameter in kind.parameters:
        for value in (math.nan, math.inf, -1.0):
            with pytest.raises(SpecError, match=rf"^{parameter.name}: "):
                kind(**{parameter.name: value})
        if math.isfinite(parameter.below):
            with pytest.raises(SpecError, match="below"):
                kind(**{parameter.name: parameter.below})


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("decay", [0.0, 0.4])
@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_the_stability_limit_parts_shrinking_from_growing(name: str, momentum: float, decay: float) -> None:
    """On a parabola of curvature 50, a rate 1 % below the limit shrinks the error and 1 % above it grows."""
    kind = OPTIMIZERS[name]
    optimizer = kind(decay=decay) if name == "gd" else kind(momentum=momentum, decay=decay)
    limit = optimizer.largest_stable_rate(50.0)
    assert limit is not None
    sizes = []
    for rate in (0.99 * limit, 1.01 * limit):
        w = np.array([1.0])
        state = optimizer.init(w)
        for _ in range(2000):
            w, state = optimizer.step(w, 50.0 * w, state, rate)
        sizes.append(abs(float(w[0])))
    assert sizes[0] < 0.1
    assert sizes[1] > 10.0


@pytest.mark.parametrize("dialect", ["torch", "keras"])
def test_no_rate_drives_adagrad_away(dialect: Dialect) -> None:
    """AdaGrad's limit is infinity: at every rate from 0.1 to 10⁵ it ends nearer than it began on curvatures 1 and 50.

    RMSProp, which forgets its slopes, stays a step away instead.
    """
    curves, ends = np.array([1.0, 50.0]), {}
    for name in ("adagrad", "rmsprop"):
        rule = optimizer(name, dialect)
        ends[name] = []
        for rate in np.geomspace(0.1, 1e5, 13):
            w = np.array([1.0, 1.0])
            state = rule.init(w)
            for _ in range(4000):
                w, state = rule.step(w, curves * w, state, float(rate))
            ends[name].append(float(np.abs(w).max()))
    assert optimizer("adagrad", dialect).largest_stable_rate(50.0) == math.inf
    assert max(ends["adagrad"]) < 1e-3
    assert ends["rmsprop"][-1] > 1.0


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_there_is_no_limit_without_upward_curvature(name: str) -> None:
    """Where nothing curves upwards no rate is too large for the curvature."""
    assert OPTIMIZERS[name]().largest_stable_rate(-1.0) == math.inf


def test_an_optimizer_is_chosen_by_name() -> None:
    """The dialect's class with its defaults; a mistake is met with the nearest name."""
    assert optimizer("momentum", momentum=0.5) == Momentum(0.5)
    with pytest.raises(SpecError, match="Did you mean 'adam'"):
        optimizer("adan")
    with pytest.raises(SpecError, match="Did you mean 'beta1'"):
        optimizer("adam", beta_1=0.8)
    with pytest.raises(SpecError, match="a known name"):
        optimizer("adam", dialect="jax")  # type: ignore[arg-type]
