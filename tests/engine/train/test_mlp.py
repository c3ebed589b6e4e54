"""The perceptron against autograd, torch.optim and torch.nn."""

from __future__ import annotations

import itertools
import json
import sys
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from fallline.core.errors import Unavailable
from fallline.core.rng import generator
from fallline.engine.metrics import log_loss
from fallline.engine.optim import OPTIMIZERS
from fallline.engine.schedules import SCHEDULES
from fallline.engine.train import FAMILIES, PerceptronModel
from fallline.engine.train.backpropagation import Network

FIT = FAMILIES["mlp"].fit
Small = tuple[NDArray[np.float32], NDArray[np.int8]]
ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "elu": torch.nn.ELU}


def as_module(network: Network) -> torch.nn.Sequential:
    """Returns torch's own modules with a network's weights."""
    layers: list[torch.nn.Module] = []
    for weight, bias in zip(network.weights, network.biases, strict=True):
        linear = torch.nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(weight.t())
            linear.bias.copy_(bias)
        layers += [linear, ACTIVATIONS[network.activation]()]
    return torch.nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("activation", ["relu", "tanh", "elu"])
@pytest.mark.parametrize("hidden", [[], [5], [6, 5, 4]])
def test_the_gradient_is_autograds(activation: str, hidden: list[int]) -> None:
    """The gradient written out by hand is autograd's, with and without dropout, at every depth."""
    draw = torch.Generator().manual_seed(1)
    x, y = torch.randn(9, 4, generator=draw), (torch.rand(9, 1, generator=draw) < 0.5).float()
    with torch.no_grad():
        network = Network([4, *hidden, 1], activation, draw)
        network.flat.add_(torch.randn(network.flat.shape, generator=draw), alpha=0.1)
    module = as_module(network)
    for masked in (False, True):
        masks = [(torch.rand(9, units, generator=draw) < 0.7).float() / 0.7 for units in hidden] if masked else []
        with torch.no_grad():
            network.gradient(x, y, masks)
        out, waiting = x, iter(masks)
        for layer in module:
            out = layer(out)
            if masked and not isinstance(layer, torch.nn.Linear):
                out = out * next(waiting)
        module.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(out, y).backward()
        expected = torch.cat([(p.grad.t() if p.ndim == 2 else p.grad).reshape(-1) for p in module.parameters()])
        torch.testing.assert_close(network.flat.grad, expected, atol=1e-6, rtol=1e-5)


REFERENCES = {
    "gd": (torch.optim.SGD, {}),
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.8}),
    "nesterov": (torch.optim.SGD, {"momentum": 0.8, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {}),
    "adadelta": (torch.optim.Adadelta, {}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "rmsprop_centered": (torch.optim.RMSprop, {"centered": True}),
    "adam": (torch.optim.Adam, {}),
    "amsgrad": (torch.optim.Adam, {"amsgrad": True}),
    "adamw": (torch.optim.AdamW, {}),
    "adamax": (torch.optim.Adamax, {}),
    "nadam": (torch.optim.NAdam, {}),
    "radam": (torch.optim.RAdam, {}),
}
"""Our name → torch's class and what is said to it."""
CHOICES = next(each.choices for each in FAMILIES["mlp"].hyperparameters if each.name == "optimizer")


@pytest.mark.parametrize("name", REFERENCES)
def test_a_fit_is_the_loop_one_would_write_in_torch(small: Small, name: str) -> None:
    """Full-batch epochs give the weights of a plain autograd loop with torch.optim and torch's cosine schedule."""
    matrix, labels = small
    params = {"optimizer": name, "rate": 0.05, "weight_decay": 0.01, "momentum": 0.8, "schedule": "cosine"}
    plain = {"batch": 300, "dropout": 0.0, "patience": 0, "epochs": 8, "width": 6, "layers": 2}
    model, _ = FIT(matrix, labels, params | plain, generator(5))
    with torch.no_grad():
        start = Network([4, 6, 6, 1], "relu", torch.Generator().manual_seed(int(generator(5).integers(2**63))))
    module = as_module(start)
    kind, settings = REFERENCES[name]
    optimizer = kind(list(module.parameters()), lr=0.05, weight_decay=0.01, **settings)  # type: ignore[operator]
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8)
    x, y = torch.from_numpy(matrix), torch.from_numpy(labels).float().unsqueeze(1)
    for _ in range(8):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(module(x), y).backward()
        optimizer.step()
        schedule.step()
    assert isinstance(model, PerceptronModel)
    for weight, linear in zip(model.weights, [layer for layer in module if hasattr(layer, "weight")], strict=True):
        np.testing.assert_allclose(weight, linear.weight.detach().numpy().T, atol=3e-4)
    np.testing.assert_allclose(model.logits(matrix), module(x).detach().numpy()[:, 0], atol=1e-3)


@pytest.mark.parametrize("name", CHOICES)
def test_every_optimizer_of_the_registry_lowers_the_loss(small: Small, name: str) -> None:
    """All that see one weight at a time can be named, torch's or not; at its own default rate each learns."""
    params = {"optimizer": name, "rate": OPTIMIZERS[name].rate, "patience": 0, "schedule": "constant"}
    model, ending = FIT(*small, params, generator(0))
    assert model.history["loss"][-1] < model.history["loss"][0]
    assert ending.kind == "step limit"


def test_what_asks_for_more_than_a_weight_is_not_offered() -> None:
    """All weights are one tensor here: whole layers, losses and Hessians are not seen; every other rule is."""
    assert {*REFERENCES, "adabelief", "lion", "ftrl"} == {*CHOICES}


@pytest.mark.parametrize(("activation", "layers"), list(itertools.product(ACTIVATIONS, [1, 3])))
def test_numpy_predicts_what_torch_does(telco: Any, activation: str, layers: int) -> None:
    """On Telco, log odds from plain arrays are those of torch.nn with the same weights."""
    model, _ = FIT(
        telco.train["linear"],
        telco.y,
        {"activation": activation, "layers": layers, "epochs": 2},
        generator(0),
    )
    assert isinstance(model, PerceptronModel)
    parts: list[torch.nn.Module] = []
    for weight, bias in zip(model.weights, model.biases, strict=True):
        linear = torch.nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weight.T))
            linear.bias.copy_(torch.tensor(bias))
        parts += [linear, ACTIVATIONS[activation]()]
    with torch.no_grad():
        expected = torch.nn.Sequential(*parts[:-1])(torch.from_numpy(telco.test["linear"])).numpy()[:, 0]
    np.testing.assert_allclose(model.logits(telco.test["linear"]), expected, atol=1e-5)


@pytest.mark.parametrize("schedule", sorted(name for name, kind in SCHEDULES.items() if kind.inner == (0, 0)))
def test_every_schedule_lowers_the_loss(small: Small, schedule: str) -> None:
    """Under every schedule the rates are the schedule's own shape and the loss falls."""
    model, _ = FIT(*small, {"schedule": schedule, "epochs": 12, "rate": 0.01, "patience": 0, "batch": 64}, generator(0))
    loss, rate = model.history["loss"], model.history["rate"]
    assert loss[-1] < loss[0]
    assert len(loss) == len(rate) == 12
    assert (len(set(rate)) == 1) == (schedule == "constant")
    assert max(rate) <= 0.01


def test_the_same_stream_gives_the_same_net(telco: Any) -> None:
    """One seed gives the same weights bit by bit, whatever torch's global stream and threads are."""
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()
    models = [
        FIT(telco.train["linear"][:1500], telco.y[:1500], {"epochs": 3, "layers": 2}, generator(seed))[0]
        for seed in (1, 1, 2)
    ]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_num_threads() == threads
    texts = [json.dumps(model.to_dict()) for model in models]
    assert texts[0] == texts[1] != texts[2]


def test_watching_rows_change_nothing(small: Small) -> None:
    """Rows that only watch leave the fitted weights as they are, bit by bit."""
    matrix, labels = small
    alone, first = FIT(matrix, labels, {}, generator(3))
    watched, second = FIT(matrix, labels, {}, generator(3), validation=(matrix[:50] * 3, 1 - labels[:50]))
    assert alone.to_dict()["weights"] == watched.to_dict()["weights"]
    assert first == second
    assert len(watched.history["validation"]) == len(watched.history["loss"])


def test_it_stops_early_and_keeps_the_best(telco: Any) -> None:
    """When the inner loss has not fallen for so many epochs it stops, and the weights of the best epoch come back."""
    points = []
    model, ending = FIT(
        telco.train["linear"],
        telco.y,
        {"rate": 0.02, "patience": 4, "epochs": 60, "width": 128},
        generator(0),
        validation=(telco.test["linear"], telco.z),
        report=points.append,
    )
    inner = model.history["inner"]
    best = int(np.argmin(inner))
    assert ending.kind == "converged"
    assert ending.step == len(inner) == best + 1 + 4 < 60
    assert f"epoch {best + 1} " in ending.sentence
    judged = log_loss(telco.z, model.probabilities(telco.test["linear"]))
    assert judged == pytest.approx(model.history["validation"][best], abs=1e-6)
    series = [point.payload["y"] for point in points if point.payload["series"] == "validation"]
    assert series == list(model.history["validation"])


def test_it_learns_telco(telco: Any) -> None:
    """With its defaults its test log loss is close to the best linear model's, far under the base rate's."""
    model, ending = FIT(telco.train["linear"], telco.y, {}, generator(0))
    assert log_loss(telco.z, model.probabilities(telco.test["linear"])) < 0.425
    assert ending.kind in {"converged", "step limit"}


def test_it_says_that_it_diverged(small: Small) -> None:
    """A rate far too high ends as a value: diverged, with the rate, and weights that are still numbers."""
    model, ending = FIT(*small, {"optimizer": "sgd", "rate": 1000.0, "weight_decay": 5.0, "layers": 2}, generator(0))
    assert ending.kind == "diverged"
    assert "rate 1000" in ending.sentence
    assert np.isfinite(model.logits(small[0])).all()


def test_few_rows_teach_without_an_inner_part() -> None:
    """With too few rows to set some aside, all of them teach and every epoch is run."""
    matrix = np.eye(6, 2, dtype=np.float32)
    model, ending = FIT(matrix, [0, 1, 0, 1, 0, 1], {"epochs": 3, "patience": 1}, generator(0))
    assert "inner" not in model.history
    assert ending.kind == "step limit"
    assert ending.step == 3


def test_without_torch_it_says_how_to_get_it(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where torch is not installed the error gives the command."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(Unavailable, match=r"pip install 'fallline\[torch\]'"):
        FIT(*small, {}, generator(0))
