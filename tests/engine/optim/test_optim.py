"""Every optimizer against torch's own, and what it declares about itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.engine.optim import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    State,
    optimizer,
)
from fallline.engine.surfaces import SURFACES

ALL = pytest.mark.parametrize("kind", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())

Make = Callable[[list[torch.Tensor], float], torch.optim.Optimizer]

PAIRS: list[tuple[Optimizer, float, Make]] = [
    (GradientDescent(), 5e-4, torch.optim.SGD),
    (GradientDescent(decay=0.1), 5e-4, lambda p, r: torch.optim.SGD(p, r, weight_decay=0.1)),
    (Momentum(), 1e-4, lambda p, r: torch.optim.SGD(p, r, momentum=0.9)),
    (Momentum(0.5, 0.1), 1e-4, lambda p, r: torch.optim.SGD(p, r, momentum=0.5, weight_decay=0.1)),
    (Nesterov(), 1e-4, lambda p, r: torch.optim.SGD(p, r, momentum=0.9, nesterov=True)),
    (Nesterov(0.8, 0.1), 1e-4, lambda p, r: torch.optim.SGD(p, r, momentum=0.8, nesterov=True, weight_decay=0.1)),
    (AdaGrad(), 0.3, torch.optim.Adagrad),
    (
        AdaGrad(1e-7, 0.1, 0.1),
        0.3,
        lambda p, r: torch.optim.Adagrad(p, r, eps=1e-7, initial_accumulator_value=0.1, weight_decay=0.1),
    ),
    (RMSProp(), 1e-3, torch.optim.RMSprop),
    (RMSProp(0.9, 1e-3, 0.1), 1e-3, lambda p, r: torch.optim.RMSprop(p, r, alpha=0.9, eps=1e-3, weight_decay=0.1)),
    (Adam(), 1e-2, torch.optim.Adam),
    (
        Adam(0.8, 0.99, 1e-3, 0.1),
        1e-2,
        lambda p, r: torch.optim.Adam(p, r, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.1),
    ),
    (AdamW(), 1e-2, torch.optim.AdamW),
    (
        AdamW(0.8, 0.99, 1e-3, 0.3),
        1e-2,
        lambda p, r: torch.optim.AdamW(p, r, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.3),
    ),
]


def _ids(value: Any) -> str:
    return repr(value) if isinstance(value, Optimizer) else ""


def _rate_at(base: float, step: int) -> float:
    return base * (1.0 if step < 250 else 0.3)


@pytest.mark.parametrize(("ours", "rate", "make"), PAIRS, ids=_ids)
def test_the_path_is_torchs_after_500_steps_on_rosenbrock(ours: Optimizer, rate: float, make: Make) -> None:
    """In float64, with the rate cut on the way, every point of the path lies within 1e-12 of torch's."""
    surface = SURFACES["rosenbrock"]
    theirs = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theirs], rate)
    w = np.array(surface.start)
    state = ours.init(w)
    for step in range(500):
        optimizer.param_groups[0]["lr"] = _rate_at(rate, step)
        theirs.grad = torch.from_numpy(surface.gradient(theirs.detach().numpy()))
        optimizer.step()
        w, state = ours.step(w, surface.gradient(w), state, _rate_at(rate, step))
        assert np.abs(w - theirs.detach().numpy()).max() <= 1e-12
    assert state.t == 500
    assert np.abs(w - np.array(surface.start)).max() > 0.05


@ALL
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
def test_a_step_changes_nothing_in_place(kind: type[Optimizer]) -> None:
    """Weights, gradient and state that went in are the same afterwards."""
    optimizer = kind()
    w, g = np.array([1.0, 2.0]), np.array([0.5, -3.0])
    _, state = optimizer.step(w, g, optimizer.init(w), 0.1)
    before = [memory.copy() for memory in state.memories]
    optimizer.step(w, g, state, 0.1)
    assert w.tolist() == [1.0, 2.0]
    assert g.tolist() == [0.5, -3.0]
    assert all(np.array_equal(a, b) for a, b in zip(before, state.memories, strict=True))


@ALL
def test_what_it_declares_is_what_it_is(kind: type[Optimizer]) -> None:
    """Parameters name the fields in order, with their defaults inside slider and range; the class is frozen."""
    optimizer = kind()
    assert OPTIMIZERS[kind.name] is kind
    assert [p.name for p in kind.parameters] == [field.name for field in fields(kind)]
    for parameter in kind.parameters:
        assert getattr(optimizer, parameter.name) == parameter.default
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.least <= parameter.low < parameter.high < parameter.below
    assert len(optimizer.init(np.zeros(2)).memories) == kind.memories
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
            with pytest.raises(SpecError, match="below 1"):
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


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_there_is_no_limit_without_upward_curvature(name: str) -> None:
    """Where nothing curves upwards no rate is too large for the curvature."""
    assert OPTIMIZERS[name]().largest_stable_rate(-1.0) == math.inf


def test_keras_start_of_adagrad_parts_from_torchs() -> None:
    """Same name is not same optimizer: the start of the sum of squares alone moves the path by more than a tenth."""
    ends = []
    for start in (0.0, 0.1):
        optimizer, w = AdaGrad(start=start), np.array([1.0])
        state = optimizer.init(w)
        for _ in range(20):
            w, state = optimizer.step(w, 0.1 * w, state, 0.1)
        ends.append(float(w[0]))
    assert abs(ends[0] - ends[1]) > 0.1


@ALL
def test_layers_move_as_one_array_would(kind: type[Optimizer]) -> None:
    """A tuple of layers, arrays or tensors, is moved as each layer would be; float32 stays float32 under any rate."""
    optimizer = kind()
    generator = np.random.default_rng(1)
    shapes = ((3, 2), (2,))
    arrays = tuple(generator.normal(size=shape).astype(np.float32) for shape in shapes)
    tensors = tuple(torch.from_numpy(layer.copy()) for layer in arrays)
    alone = list(arrays)
    states: list[Any] = [optimizer.init(arrays), optimizer.init(tensors), [optimizer.init(layer) for layer in alone]]
    for _ in range(10):
        slopes = tuple(generator.normal(size=shape).astype(np.float32) for shape in shapes)
        arrays, states[0] = optimizer.step(arrays, slopes, states[0], np.float64(0.01))
        tensors, states[1] = optimizer.step(tensors, tuple(map(torch.from_numpy, slopes)), states[1], np.float64(0.01))
        pairs = [optimizer.step(*each, 0.01) for each in zip(alone, slopes, states[2], strict=True)]
        alone, states[2] = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for layer, tensor, single in zip(arrays, tensors, alone, strict=True):
        assert layer.dtype == np.float32
        assert tensor.dtype == torch.float32
        assert np.array_equal(layer, single)
        assert np.allclose(tensor.numpy(), layer, rtol=1e-5)


@ALL
def test_a_resumed_run_is_the_run(kind: type[Optimizer]) -> None:
    """Written down after seven steps and read back, an optimizer walks on bit for bit as if nothing had happened."""
    optimizer = kind()
    slopes = np.random.default_rng(2).normal(size=(15, 4))
    w, state = np.ones(4), optimizer.init(np.ones(4))
    for slope in slopes[:7]:
        w, state = optimizer.step(w, slope, state, 0.02)
    again, resumed = w.copy(), State.from_arrays(state.to_arrays(), w)
    for slope in slopes[7:]:
        w, state = optimizer.step(w, slope, state, 0.02)
        again, resumed = optimizer.step(again, slope, resumed, 0.02)
        assert np.array_equal(w, again)
    assert np.array_equal(optimizer.judged(w, state), optimizer.judged(again, resumed))


def test_an_optimizer_is_chosen_by_name() -> None:
    """The dialect's class with its defaults; a mistake is met with the nearest name."""
    assert optimizer("momentum", momentum=0.5) == Momentum(0.5)
    with pytest.raises(SpecError, match="Did you mean 'adam'"):
        optimizer("adan")
    with pytest.raises(SpecError, match="Did you mean 'beta1'"):
        optimizer("adam", beta_1=0.8)
    with pytest.raises(SpecError, match="a known name"):
        optimizer("adam", dialect="jax")  # type: ignore[arg-type]
