"""The lane of Keras: the same nets as in torch, and Keras' own optimizers on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fallline.engine.data.sets import load_set
from fallline.engine.nets import Net
from fallline.engine.train.race import Member, Problem
from fallline.engine.train.race.own import OwnLane
from fallline.peers.keras_lane import KerasLane
from fallline.peers.torch_lane import TorchLane

NETS = {
    "linear": ("line", {"initialiser": "xavier"}),
    "mlp": ("digits", {"widths": (6,)}),
    "cnn": ("mnist1d", {"widths": (3, 4)}),
    "gru": ("text", {"widths": (5,)}),
}
"""Net → the set it learns from and its options."""


def problem(net: str, *, noise: float = 0.0, steps: int = 8) -> Problem:
    """A small problem for a net, of few rows, the last batch of an epoch smaller than the others."""
    name, options = NETS[net]
    data = load_set(name, np.random.default_rng(0))
    few = replace(data, train=data.train[:43], validation=data.validation[:16])
    return Problem(Net(net, options), few, None, 8, noise, steps)


def member(rate: float = 0.05, seed: int = 0) -> Member:
    """A run of that problem."""
    return Member(rate, seed)


@pytest.mark.parametrize("net", NETS)
def test_a_net_is_the_same_net_in_both(net: str) -> None:
    """Plain descent has one formula: from one start, over the same rows and noise, both draw the same curve."""
    of = problem(net, noise=0.01)
    keras, torch = (lane.run(of, "gd", [member()])[0].losses for lane in (KerasLane(), TorchLane()))
    assert keras == pytest.approx(torch, rel=1e-9)


@pytest.mark.parametrize("name", ["momentum", "adagrad", "rmsprop", "adam", "adamw", "nadam"])
def test_our_formulas_in_keras_dialect_draw_keras_curves(name: str) -> None:
    """The same start, rows and rate: what Keras draws, to what float32 constants inside Keras allow."""
    of = problem("mlp", steps=20)
    keras, ours = (lane.run(of, name, [member(0.01)])[0].losses for lane in (KerasLane(), OwnLane("keras")))
    assert keras == pytest.approx(ours, rel=1e-6)


def test_another_formula_draws_another_curve() -> None:
    """Keras' AdaGrad starts from an accumulator of a tenth, and its RMSProp has ε under the root."""
    of = problem("mlp", steps=20)
    for name in ("adagrad", "rmsprop"):
        keras, torch = (lane.run(of, name, [member()])[0].losses for lane in (KerasLane(), TorchLane()))
        assert keras[0] == pytest.approx(torch[0], rel=1e-12)
        assert np.max(np.abs(keras - torch) / torch) > 1e-3


def test_a_member_starts_with_an_empty_memory() -> None:
    """One graph serves all members: whoever ran before leaves neither weights nor memory behind."""
    of = problem("mlp")
    first, second = member(0.01, 0), member(0.02, 1)
    together = KerasLane().run(of, "adam", [first, second, first])
    alone = KerasLane().run(of, "adam", [second])
    assert np.array_equal(together[0].losses, together[2].losses)
    assert np.array_equal(together[1].losses, alone[0].losses)


def test_what_it_remembers_is_counted_on_the_real_thing() -> None:
    """Adam keeps two numbers per weight, plain descent none; Keras' own numbers are left as they were."""
    import keras

    before = keras.config.floatx()
    of = problem("mlp")
    assert KerasLane().remembers(of, "adam") == 2.0
    assert KerasLane().remembers(of, "gd") == 0.0
    assert keras.config.floatx() == before
