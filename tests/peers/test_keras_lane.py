"""The lane of Keras: the same nets as in torch, and Keras' own optimizers on them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from fallline.core.rng import generator
from fallline.engine.data.sets import load_set
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.train.race import Member, Problem, draw
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
    """A small problem for a net, of few rows."""
    name, options = NETS[net]
    data = load_set(name, np.random.default_rng(0))
    inputs, outputs = Inputs(data.shape, data.vocabulary), Outputs(data.outputs, data.task == "tokens")
    few, held = data.train[:48], data.validation[:16]
    x = data.x if data.task == "tokens" else data.x.astype(np.float64)
    y = data.y.reshape(len(x)).astype(np.float64) if data.task == "regression" else data.y
    loss = "squared" if data.task == "regression" else "cross_entropy"
    architecture = Net(net, options).architecture(inputs, outputs)
    return Problem(x[few], y[few], x[held], y[held], loss, 8, noise, steps, architecture)


def member(of: Problem, rate: float = 0.05, seed: int = 0) -> Member:
    """A run of that problem."""
    return Member(rate, draw(of, partial(generator, seed, "test")))


@pytest.mark.parametrize("net", NETS)
def test_a_net_is_the_same_net_in_both(net: str) -> None:
    """Plain descent has one formula: from one start, over the same rows and noise, both draw the same curve."""
    of = problem(net, noise=0.01)
    keras, torch = (lane.run(of, "gd", [member(of)])[0].losses for lane in (KerasLane(), TorchLane()))
    assert keras == pytest.approx(torch, rel=1e-9)


def test_another_formula_draws_another_curve() -> None:
    """Keras' AdaGrad starts from an accumulator of a tenth, and its RMSProp has ε under the root."""
    of = problem("mlp", steps=20)
    for name in ("adagrad", "rmsprop"):
        keras, torch = (lane.run(of, name, [member(of)])[0].losses for lane in (KerasLane(), TorchLane()))
        assert keras[0] == pytest.approx(torch[0], rel=1e-12)
        assert np.max(np.abs(keras - torch) / torch) > 1e-3


def test_a_member_starts_with_an_empty_memory() -> None:
    """One graph serves all members: whoever ran before leaves neither weights nor memory behind."""
    of = problem("mlp")
    first, second = member(of, 0.01, 0), member(of, 0.02, 1)
    together = KerasLane().run(of, "adam", [first, second, first])
    alone = KerasLane().run(of, "adam", [second])
    assert np.array_equal(together[0].losses, together[2].losses)
    assert np.array_equal(together[1].losses, alone[0].losses)


def test_what_it_remembers_is_counted_on_the_real_thing() -> None:
    """Adam keeps two numbers per weight, plain descent none; Keras' own numbers are left as they were."""
    import keras

    before = keras.config.floatx()
    of = problem("mlp")
    assert KerasLane().remembers(of, "adam", member(of)) == 2.0
    assert KerasLane().remembers(of, "gd", member(of)) == 0.0
    assert keras.config.floatx() == before
