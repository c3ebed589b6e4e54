"""Training in Keras against training in PyTorch: the same net, the same start, the same rows, the same formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import fallline as fl
from fallline.core.ending import EndingKind
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import Data, load_set
from fallline.engine.nets import Inputs, Net, Outputs
from fallline.engine.nets.modules import as_module
from fallline.engine.optim import KERAS_OPTIMIZERS, OPTIMIZERS
from fallline.engine.schedules import Plan, ReduceOnPlateau
from fallline.engine.train.loop.snapshot import Snapshot
from fallline.peers.backends import BACKENDS
from fallline.peers.keras_runtime import load_tensorflow

load_tensorflow()  # before Keras is imported anywhere, so that its warnings are not ours
import keras  # noqa: E402

from fallline.peers.keras_net import keras_net  # noqa: E402

NETS: list[tuple[str, Inputs, Outputs, dict[str, Any], float]] = [
    ("linear", Inputs((3,)), Outputs(1), {"initialiser": "he"}, 1e-13),
    ("logistic", Inputs((2, 4, 6)), Outputs(3), {"initialiser": "he"}, 1e-13),
    ("mlp", Inputs((5,)), Outputs(3), {"norm": "batch", "activation": "tanh"}, 1e-13),
    ("mlp", Inputs((5,)), Outputs(3), {"norm": "layer", "activation": "gelu"}, 1e-6),
    ("cnn", Inputs((2, 8, 6)), Outputs(3), {"norm": "batch", "dropout": 0.3}, 1e-13),
    ("cnn", Inputs((2, 13)), Outputs(3), {"norm": "layer", "activation": "sigmoid"}, 1e-6),
    ("gru", Inputs((2, 7)), Outputs(3), {"widths": (4, 5), "norm": "layer"}, 1e-6),
    ("gru", Inputs((6,), 9), Outputs(9, each=True), {"widths": (4,)}, 1e-13),
    ("transformer", Inputs((6,), 9), Outputs(9, each=True), {"widths": (8, 8)}, 2e-6),
    ("transformer", Inputs((2, 4, 3)), Outputs(3), {"widths": (8,), "norm": "none", "activation": "relu"}, 2e-6),
]


@pytest.mark.parametrize(("name", "inputs", "outputs", "options", "tolerance"), NETS)
def test_a_net_is_the_same_function_in_both(
    name: str, inputs: Inputs, outputs: Outputs, options: dict[str, Any], tolerance: float
) -> None:
    """In float64 the outputs agree to the last digits; Keras keeps ε and what GELU and attention divide by in float32.

    Every weight comes back from Keras as it went in.
    """
    plan, rng = Net(name, options).architecture(inputs, outputs), generator(0, "keras")
    weights = {key: array + 0.1 * rng.standard_normal(array.shape) for key, array in plan.draw(rng).items()}
    shape = (4, *inputs.shape)
    x = rng.integers(inputs.vocabulary, size=shape) if inputs.vocabulary else rng.standard_normal(shape)
    theirs = keras_net(plan, weights, "float64", 0)
    ours = as_module(plan, weights, torch.float64).eval()(torch.from_numpy(x)).detach().numpy()
    assert np.allclose(theirs.model(x, training=False).numpy(), ours, rtol=0, atol=tolerance)
    back = theirs.weights()
    assert all(np.array_equal(back[key], array) for key, array in weights.items())


def plain(_: Any) -> Any:
    """Makes Keras' gradient descent."""
    return keras.optimizers.SGD()


def data(name: str, rows: int) -> Data:
    """Returns some rows of a set."""
    return load_set(name, generator(0, name), rows=rows)


@pytest.mark.parametrize(
    ("net", "name", "rows", "precision", "tolerance"),
    [
        (Net("mlp", {"norm": "batch"}), "digits", 200, "float64", 1e-7),
        (Net("cnn", {"norm": "batch", "widths": (4, 6)}), "digits", 200, "float64", 1e-7),
        (Net("linear"), "line", 100, "float64", 1e-7),
        (Net("logistic"), "moons", 100, "float64", 1e-7),
        (Net("cnn", {"widths": (4,)}), "mnist1d", 400, "float32", 5e-6),
        (Net("gru", {"widths": (8,)}), "text", 40, "float64", 1e-7),
        (Net("transformer", {"widths": (8,)}), "digits", 200, "float32", 5e-6),
    ],
    ids=lambda value: value.name if isinstance(value, Net) else None,
)
def test_the_same_formula_gives_the_same_curves(
    net: Net, name: str, rows: int, precision: Any, tolerance: float
) -> None:
    """Gradient descent under a cosine: losses, gradients and rates of 30 steps agree, and so does the verdict.

    In float64 to 1e-7, since Keras keeps the rate in float32; in float32 to 5e-6.
    """
    some = data(name, rows)
    ours = fl.train(net, some, "gd", "cosine", rate=0.1, steps=30, precision=precision)
    theirs = fl.train(net, some, plain, "cosine", rate=0.1, steps=30, precision=precision, backend="keras")
    for series in ("losses", "grad_norms", "train"):
        assert np.allclose(getattr(ours, series), getattr(theirs, series), rtol=0, atol=tolerance), series
    assert np.array_equal(ours.rates, theirs.rates)
    assert np.array_equal(ours.looks, theirs.looks)
    assert ours.ending.kind is theirs.ending.kind
    assert np.allclose(ours.validation, theirs.validation, rtol=0, atol=tolerance)
    assert set(theirs.last_weights) == {key for key in ours.last_weights if not key.endswith("num_batches_tracked")}


def test_the_same_seed_gives_the_same_trace() -> None:
    """Dropout included; another seed gives another."""
    net, moons = Net("mlp", {"dropout": 0.3}), data("moons", 60)
    first, again, other = (
        fl.train(net, moons, plain, rate=0.1, steps=10, seed=seed, backend="keras").losses for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_looks_back_growing_batches_and_patience_work_alike() -> None:
    """A plan that halves the batch, a rate that falls on a plateau, and an early stop: as in PyTorch."""
    moons = data("moons", 80)
    plan = Plan(batch=fl.SCHEDULES["step"](every=5, gamma=0.5))
    plateau = ReduceOnPlateau(patience=1, threshold=0.5, gamma=0.5)
    for schedule in (plan, plateau):
        common: dict[str, Any] = {"rate": 0.3, "steps": 12, "look": 2, "precision": "float64", "patience": 4}
        ours = fl.train("mlp", moons, "gd", schedule, **common)
        theirs = fl.train("mlp", moons, plain, schedule, backend="keras", **common)
        assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-7)
        assert np.array_equal(ours.rates, theirs.rates)


def test_the_first_number_that_is_not_finite_is_named_here_too() -> None:
    """A rate far above the limit ends as in PyTorch: the same step, the same layer, the same words."""
    line = data("line", 100)
    ours = fl.train("linear", line, "gd", rate=5.0, epochs=100, batch="full")
    theirs = fl.train("linear", line, plain, rate=5.0, epochs=100, batch="full", backend="keras")
    assert ours.ending.kind is theirs.ending.kind is EndingKind.DIVERGED
    assert ours.ending.step == theirs.ending.step
    assert ours.ending.sentence.split(". ")[0] == theirs.ending.sentence.split(". ")[0]


@pytest.mark.parametrize(
    ("net", "change"),
    [
        (torch.nn.Linear(2, 1), {}),
        (Net("mlp"), {"loss": lambda z, _: z.mean()}),
        (
            Net("mlp"),
            {
                "schedule": Plan(momentum=fl.SCHEDULES["cosine"](), rate=fl.SCHEDULES["cosine"]()),
                "optimizer": "adagrad",
            },
        ),
        (Net("mlp"), {"resume": fl.train(Net("mlp"), "moons", "gd", steps=2).state}),
        (Net("mlp"), {"optimizer": OPTIMIZERS["adam"]()}),
        (Net("mlp"), {"optimizer": lambda _: 3}),
    ],
)
def test_what_it_does_not_do_is_said(net: Any, change: dict[str, Any]) -> None:
    """A module of PyTorch, a loss of one's own, PyTorch's snapshots and optimizers, a momentum that is not there."""
    with pytest.raises(SpecError):
        fl.train(net, data("moons", 40), **{"optimizer": plain, "steps": 2, "backend": "keras", **change})


@pytest.mark.parametrize("name", KERAS_OPTIMIZERS)
def test_every_optimizer_of_keras_is_the_dialects(name: str) -> None:
    """Ten steps in Keras and ten of our Keras dialect in PyTorch give the same losses and looks, to 1e-5 in float32."""
    moons, net = data("moons", 40), Net("mlp", {"widths": (6,), "activation": "tanh"})
    dialect = KERAS_OPTIMIZERS[name]()
    ours = fl.train(net, moons, dialect, "cosine", rate=0.01, steps=10, batch=10)
    theirs = fl.train(net, moons, name, "cosine", rate=0.01, steps=10, batch=10, backend="keras")
    assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-5)
    assert np.allclose(ours.validation, theirs.validation, rtol=0, atol=1e-5)
    assert ours.losses[-1] != ours.losses[0]


@pytest.mark.parametrize("name", ["mlp", "gru"])
def test_noise_is_added_to_the_same_gradient(name: str) -> None:
    """Each weight meets the very draw that it meets in PyTorch, wherever Keras keeps it."""
    some = data("digits", 200) if name == "mlp" else data("text", 40)
    net = Net(name, {"widths": (6,), "norm": "layer"})
    common: dict[str, Any] = {"rate": 0.1, "steps": 12, "noise": 0.05, "precision": "float64"}
    ours = fl.train(net, some, "gd", **common)
    theirs = fl.train(net, some, plain, backend="keras", **common)
    assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-6)
    assert not np.allclose(ours.losses, fl.train(net, some, "gd", **(common | {"noise": 0.0})).losses, atol=1e-4)


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam", "adamw", "lion", "lamb"])
def test_a_plan_drives_momentum_and_decay_as_in_the_dialect(name: str) -> None:
    """One cycle of rate and momentum, a decay that falls to nothing: ten steps as our dialect takes them in PyTorch."""
    moons, net = data("moons", 40), Net("mlp", {"widths": (6,), "activation": "tanh"})
    cycle = Plan.one_cycle()
    plan = Plan(rate=cycle.rate, momentum=cycle.momentum, decay=fl.SCHEDULES["cosine"]())
    dialect = KERAS_OPTIMIZERS[name](decay=0.1)
    ours = fl.train(net, moons, dialect, plan, rate=0.05, steps=10, batch=10)
    theirs = fl.train(net, moons, dialect, plan, rate=0.05, steps=10, batch=10, backend="keras")
    flat = fl.train(net, moons, dialect, Plan(rate=cycle.rate), rate=0.05, steps=10, batch=10)
    assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-5)
    assert not np.allclose(ours.losses, flat.losses, rtol=0, atol=1e-5)


def test_a_momentum_of_nothing_forgets_here_too() -> None:
    """A momentum that is driven to 0 and back: as our dialect's, which goes on from the last slope."""
    moons, dialect = data("moons", 40), KERAS_OPTIMIZERS["momentum"]()
    plan = Plan(momentum=fl.SCHEDULES["step"](every=3, gamma=0.0))
    ours, theirs = (
        fl.train("mlp", moons, dialect, plan, rate=0.1, steps=8, batch=10, backend=backend) for backend in BACKENDS
    )
    assert np.allclose(ours.losses, theirs.losses, rtol=0, atol=1e-5)


RESUMED: dict[str, dict[str, Any]] = {
    **{name: {"optimizer": name} for name in KERAS_OPTIMIZERS},
    "noise, dropout, norm and a plan": {
        "optimizer": "adam",
        "net": Net("mlp", {"widths": (6, 5), "dropout": 0.3, "norm": "batch"}),
        "noise": 0.1,
        "schedule": Plan.one_cycle(),
    },
    "a rate that looks": {"optimizer": "gd", "schedule": ReduceOnPlateau(patience=1, threshold=0.5, gamma=0.5)},
}


@pytest.mark.parametrize("name", RESUMED)
def test_a_training_goes_on_bit_by_bit(name: str) -> None:
    """From its snapshot in the middle, through bytes, it ends with the very numbers of one that was left alone."""
    kept: list[Snapshot] = []
    asked = {"net": Net("mlp", {"widths": (5,)}), "rate": 0.02, "steps": 8, "look": 2, "batch": 10, **RESUMED[name]}
    common: dict[str, Any] = {"data": data("moons", 40), "backend": "keras", **asked}
    whole = fl.train(**common, checkpoint=kept.append)
    again = fl.train(**common, resume=Snapshot.from_bytes(kept[1].to_bytes()))
    assert kept[1].step == 4
    for series in ("losses", "grad_norms", "rates", "validation", "scores"):
        assert np.array_equal(getattr(whole, series), getattr(again, series)), series
    for weights in ("best_weights", "last_weights"):
        ours, theirs = getattr(whole, weights), getattr(again, weights)
        assert ours.keys() == theirs.keys()
        assert all(np.array_equal(ours[key], theirs[key]) for key in ours)
