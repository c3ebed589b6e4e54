"""The Keras dialect against the installed ``keras.optimizers``, on TensorFlow, training a small net."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.engine.optim import KERAS_OPTIMIZERS, Adam, Optimizer, optimizer
from fallline.engine.optim.keras.adam import KerasAdam
from fallline.peers.keras_runtime import load_tensorflow

Layers = tuple[NDArray[Any], ...]
Named = dict[str, Any]

CASES: list[tuple[str, Named, str, Named, float]] = [
    ("gd", {}, "SGD", {}, 0.05),
    ("gd", {"decay": 0.1}, "SGD", {"weight_decay": 0.1}, 0.05),
    (
        "sgd",
        {"momentum": 0.8, "nesterov": 1.0, "decay": 0.01},
        "SGD",
        {"momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
        0.02,
    ),
    ("momentum", {"decay": 0.01}, "SGD", {"momentum": 0.9, "weight_decay": 0.01}, 0.02),
    ("nesterov", {}, "SGD", {"momentum": 0.9, "nesterov": True}, 0.02),
    ("adagrad", {}, "Adagrad", {}, 0.05),
    (
        "adagrad",
        {"epsilon": 1e-5, "start": 0.3, "decay": 0.1},
        "Adagrad",
        {"epsilon": 1e-5, "initial_accumulator_value": 0.3, "weight_decay": 0.1},
        0.05,
    ),
    ("adadelta", {"decay": 0.01}, "Adadelta", {"weight_decay": 0.01}, 0.3),
    ("rmsprop", {"decay": 0.1}, "RMSprop", {"weight_decay": 0.1}, 3e-4),
    (
        "rmsprop_centered",
        {"smoothing": 0.99, "momentum": 0.5, "epsilon": 1e-5, "decay": 0.01},
        "RMSprop",
        {"rho": 0.99, "momentum": 0.5, "epsilon": 1e-5, "centered": True, "weight_decay": 0.01},
        5e-4,
    ),
    ("adam", {}, "Adam", {}, 1e-2),
    (
        "adam",
        {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3, "decay": 0.1},
        "Adam",
        {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3, "weight_decay": 0.1},
        3e-3,
    ),
    ("amsgrad", {"decay": 0.01}, "Adam", {"amsgrad": True, "weight_decay": 0.01}, 3e-3),
    ("adamw", {}, "AdamW", {}, 3e-3),
    ("adamax", {"decay": 0.01}, "Adamax", {"weight_decay": 0.01}, 3e-3),
    ("nadam", {"decay": 0.01}, "Nadam", {"weight_decay": 0.01}, 3e-3),
    ("ftrl", {}, "Ftrl", {}, 0.05),
    (
        "ftrl",
        {"beta": 1.0, "l1": 0.01, "l2": 0.02, "start": 0.2, "decay": 0.01},
        "Ftrl",
        {
            "beta": 1.0,
            "l1_regularization_strength": 0.01,
            "l2_regularization_strength": 0.02,
            "initial_accumulator_value": 0.2,
            "weight_decay": 0.01,
        },
        0.05,
    ),
    ("lion", {"decay": 0.1}, "Lion", {"weight_decay": 0.1}, 3e-4),
    ("lamb", {"decay": 0.1}, "Lamb", {"weight_decay": 0.1}, 3e-3),
    ("adafactor", {"decay": 0.1}, "Adafactor", {"weight_decay": 0.1}, 2e-3),
    (
        "adafactor",
        {"power": 0.7, "epsilon1": 1e-4, "epsilon2": 1e-2, "clip": 1.5},
        "Adafactor",
        {"beta_2_decay": -0.7, "epsilon_1": 1e-4, "epsilon_2": 1e-2, "clip_threshold": 1.5},
        2e-3,
    ),
    ("schedule_free", {}, "ScheduleFreeAdamW", {}, 3e-3),
    ("schedule_free", {"beta1": 0.8, "decay": 0.01}, "ScheduleFreeAdamW", {"beta_1": 0.8, "weight_decay": 0.01}, 3e-3),
]
MUONS: list[tuple[str, Named, str, Named, float]] = [
    ("muon", {}, "Muon", {}, 3e-3),
    (
        "muon",
        {"nesterov": 0.0, "momentum": 0.9, "rounds": 3.0, "decay": 0.1},
        "Muon",
        {"nesterov": False, "momentum": 0.9, "ns_steps": 3, "weight_decay": 0.1, "adam_weight_decay": 0.1},
        3e-3,
    ),
]
IDS = [f"{name}{number}" for number, (name, *_) in enumerate([*CASES, *MUONS])]


@dataclass(frozen=True)
class Tools:
    """The two packages, imported once for this module: it takes seconds."""

    keras: Any
    tf: Any


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    """Keras on TensorFlow, as the house starts it: with one thread."""
    tf = load_tensorflow()
    import keras

    assert keras.config.backend() == "tensorflow"
    yield Tools(keras, tf)
    keras.backend.clear_session()


def net(dtype: str) -> tuple[Layers, Callable[[Layers], Layers]]:
    """Returns the weights of a net 5-7-2 under tanh, and its gradient on 32 rows."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(32, 5))
    y = np.sin(x[:, :3] @ draw.normal(size=(3, 2))).astype(dtype)
    weights = 0.5 * draw.normal(size=(5, 7)), np.full(7, 0.1), 0.5 * draw.normal(size=(7, 2)), np.full(2, 0.05)
    x = x.astype(dtype)

    def gradient(w: Layers) -> Layers:
        hidden = np.tanh(x @ w[0] + w[1])
        error = (hidden @ w[2] + w[3] - y) * x.dtype.type(2.0 / y.size)
        back = error @ w[2].T * (1.0 - hidden * hidden)
        return x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)

    return tuple(layer.astype(dtype) for layer in weights), gradient


def parted(tools: Tools, ours: Optimizer, theirs: Any, rate: float, dtype: str) -> float:
    """Returns the farthest that any weight is from Keras' over 200 steps, the rate cut after 100.

    Keras holds its rate in float32, whatever the weights are, so both are given rates that float32 holds exactly.
    """
    w, gradient = net(dtype)
    start, variables = w, [tools.keras.Variable(layer, dtype=dtype) for layer in w]
    theirs.build(variables)
    step = tools.tf.function(lambda *slopes: theirs.apply(list(slopes)))
    state, worst = ours.init(w), 0.0
    for number in range(200):
        now = float(np.float32(rate * (1.0 if number < 100 else 0.3)))
        theirs.learning_rate = now
        step(*map(tools.tf.constant, gradient(tuple(variable.numpy() for variable in variables))))
        w, state = ours.step(w, gradient(w), state, now)
        worst = max(worst, *(float(np.abs(a.numpy() - b).max()) for a, b in zip(variables, w, strict=True)))
    assert any(np.abs(a - b).max() > 0.02 for a, b in zip(w, start, strict=True))  # it went somewhere
    return worst


def made(tools: Tools, kind: str, settings: Named, rate: float) -> Any:
    """Returns one of Keras' own."""
    return getattr(tools.keras.optimizers, kind)(learning_rate=rate, **settings)


@pytest.mark.parametrize(("name", "settings", "kind", "theirs", "rate"), CASES, ids=IDS[: len(CASES)])
def test_a_net_trained_is_keras(
    tools: Tools, name: str, settings: Named, kind: str, theirs: Named, rate: float
) -> None:
    """Over 200 steps in float64 with a cut of the rate every weight stays within 1e-12 of Keras'."""
    ours = optimizer(name, "keras", **settings)
    assert parted(tools, ours, made(tools, kind, theirs, rate), rate, "float64") <= 1e-12


FEW = [case for case in CASES if case[0] in {"adagrad", "rmsprop", "adamw"}] + MUONS


@pytest.mark.parametrize(("name", "settings", "kind", "theirs", "rate"), FEW)
def test_a_net_trained_in_float32_is_keras(
    tools: Tools, name: str, settings: Named, kind: str, theirs: Named, rate: float
) -> None:
    """In float32, which is all that Keras' Muon takes, every weight stays within 2e-6."""
    ours = optimizer(name, "keras", **settings)
    assert parted(tools, ours, made(tools, kind, theirs, rate), rate, "float32") <= 2e-6


@dataclass(frozen=True)
class Unrounded(KerasAdam):
    """Keras' formula of Adam with the powers of β as one would write them."""

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """β₁ and β₂ as they are."""
        return self.beta1, self.beta2, self.epsilon, self.decay, self.beta1, self.beta2


def test_what_was_left_of_keras_adam_is_a_rounding_of_beta(tools: Tools) -> None:
    """Of torch's distance from Keras, ε-hat explains all but some 1e-6, and β rounded to float32 in βᵗ the rest.

    Over 200 steps at a rate of 0.01: torch's formula with Keras' ε is 1e-4 away, Keras' formula without its rounding
    5e-6, with it 1e-15.
    """
    away = [
        parted(tools, ours, made(tools, "Adam", {}, 0.01), 0.01, "float64")
        for ours in (Adam(epsilon=1e-7), Unrounded(), KerasAdam())
    ]
    assert 3e-5 < away[0] < 1e-3
    assert 1e-6 < away[1] < 3e-5
    assert away[2] < 1e-14


def test_the_rounding_is_tensorflows_cast(tools: Tools) -> None:
    """A plain 0.999 cast to float64 by Keras is the float32 nearest to it."""
    cast = float(tools.keras.ops.cast(0.999, "float64"))
    assert cast == float(np.float32(0.999)) != 0.999


def test_clipping_ema_and_accumulation_are_keras(tools: Tools) -> None:
    """Options of ours around Adam give the weights and the mean of Keras' own arguments."""
    from fallline.engine.optim.options import with_options

    pairs: list[tuple[dict[str, float], Named]] = [
        ({"clip_norm": 0.02}, {"clipnorm": 0.02}),
        ({"clip_global_norm": 0.02}, {"global_clipnorm": 0.02}),
        ({"clip_value": 0.005}, {"clipvalue": 0.005}),
        ({"accumulate": 4.0}, {"gradient_accumulation_steps": 4}),
        ({"ema": 0.9}, {"use_ema": True, "ema_momentum": 0.9}),
        ({"decay": 0.1}, {"weight_decay": 0.1}),
    ]
    for ours, theirs in pairs:
        around = with_options(optimizer("adam", "keras"), **ours)
        # weight_decay is rounded by Keras, and ours is not told that it stands in for it
        bound = 1e-8 if "decay" in ours else 1e-12
        assert parted(tools, around, made(tools, "Adam", theirs, 3e-3), 3e-3, "float64") <= bound, ours


def test_the_mean_of_weights_is_keras(tools: Tools) -> None:
    """What `judged` gives under EMA is what Keras puts into the model at the end."""
    from fallline.engine.optim.options import EMA

    w, gradient = net("float64")
    variables = [tools.keras.Variable(layer, dtype="float64") for layer in w]
    theirs = made(tools, "Adam", {"use_ema": True, "ema_momentum": 0.9}, 0.0625)
    theirs.build(variables)
    ours = EMA(optimizer("adam", "keras"), 0.9)
    state = ours.init(w)
    for _ in range(20):
        theirs.apply([tools.tf.constant(slope) for slope in gradient(w)])
        w, state = ours.step(w, gradient(w), state, 0.0625)
    theirs.finalize_variable_values(variables)
    for variable, mean in zip(variables, ours.judged(w, state), strict=True):
        assert np.abs(variable.numpy() - mean).max() <= 1e-12


def test_every_name_of_keras_is_here(tools: Tools) -> None:
    """Whatever ``keras.optimizers`` offers has a counterpart that the cases above hold to it."""
    kinds = {case[2] for case in [*CASES, *MUONS]}
    offered = {
        name
        for name, kind in vars(tools.keras.optimizers).items()
        if isinstance(kind, type) and issubclass(kind, tools.keras.optimizers.Optimizer)
    }
    assert offered - kinds == {"Optimizer", "LossScaleOptimizer", "MultiOptimizer"}
    assert {case[0] for case in [*CASES, *MUONS]} == set(KERAS_OPTIMIZERS)
