"""Optimizers as PyTorch source walk the path that the engine walks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from fallline.core.errors import SpecError
from fallline.engine.optim import OPTIMIZERS, optimizer
from fallline.engine.surfaces import SURFACES
from fallline.peers import code_torch, code_torch_classes
from fallline.peers.code_torch import Expression
from fallline.peers.code_torch_options import around
from fallline.peers.code_torch_whole import WHOLE_CLASSES

CASES: dict[str, list[tuple[float, dict[str, float]]]] = {
    "gd": [(1e-3, {}), (1e-3, {"decay": 0.1})],
    "sgd": [(1e-3, {}), (1e-4, {"momentum": 0.8, "nesterov": 1.0}), (1e-4, {"momentum": 0.8, "dampening": 0.5})],
    "momentum": [(1e-4, {}), (1e-4, {"momentum": 0.5, "decay": 0.1})],
    "nesterov": [(1e-4, {}), (1e-4, {"momentum": 0.0})],
    "adagrad": [(0.1, {}), (0.1, {"start": 0.1, "epsilon": 1e-6})],
    "adadelta": [(1.0, {"smoothing": 0.95, "epsilon": 1e-5})],
    "rmsprop": [(1e-3, {"smoothing": 0.9})],
    "rmsprop_centered": [(1e-3, {"momentum": 0.5, "epsilon": 1e-3})],
    "adam": [(0.01, {}), (0.01, {"beta1": 0.8})],
    "amsgrad": [(0.01, {"beta2": 0.9})],
    "adamw": [(0.01, {}), (0.01, {"decay": 0.3})],
    "adamax": [(0.01, {})],
    "nadam": [(0.01, {"momentum_decay": 0.1})],
    "radam": [(1e-4, {})],
    "adafactor": [(0.01, {}), (0.01, {"power": 0.7, "epsilon1": 1e-4, "epsilon2": 1e-2, "clip": 1.5, "decay": 0.1})],
    "adabelief": [(0.01, {}), (0.01, {"beta1": 0.8, "decay": 0.1})],
    "lion": [(1e-3, {}), (1e-3, {"decay": 0.5})],
    "ftrl": [(0.1, {}), (0.3, {"l1": 0.5, "l2": 0.1, "start": 0.1})],
    "schedule_free": [(0.02, {}), (0.02, {"beta1": 0.8, "decay": 0.1})],
    "lamb": [(0.01, {}), (0.01, {"decay": 0.3})],
    "prodigy": [(1.0, {"decay": 0.01})],
}


def made(name: str, rate: float, params: dict[str, float], w: torch.Tensor) -> torch.optim.Optimizer:
    """The optimizer that the source makes."""
    kind, arguments = code_torch.optimizer(name, rate, params)
    names: dict[str, Any] = {"torch": torch, "w": w, **vars(torch.nn.utils)}
    for lines in code_torch_classes.classes(kind):
        exec("\n".join(lines), names)  # noqa: S102 - what a script says is run as a script runs it
    found = eval(f"{kind}([w], **{arguments!r})", names)  # noqa: S307 - as above
    assert isinstance(found, torch.optim.Optimizer)
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_source_walks_our_path(name: str) -> None:
    """On Rosenbrock's valley, with default and other settings, 60 steps agree to 1e-10."""
    surface = SURFACES["rosenbrock"]
    for rate, params in CASES[name]:
        theirs = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
        stepper, ours = made(name, rate, params, theirs), optimizer(name, **params)
        w = np.array(surface.start)
        state = ours.init(w)
        for _ in range(60):
            theirs.grad = torch.from_numpy(np.asarray(surface.gradient(theirs.detach().numpy())))
            stepper.step()
            w, state = ours.step(w, np.asarray(surface.gradient(w)), state, rate)
            assert np.abs(w - theirs.detach().numpy()).max() < 1e-10


def test_muon_is_written_as_torch_has_it() -> None:
    """Momentum, rounds and decay by torch's names; torch makes it for a matrix."""
    params = {"momentum": 0.9, "rounds": 3.0, "nesterov": 0.0, "decay": 0.0}
    kind, arguments = code_torch.optimizer("muon", 0.1, params)
    assert kind == "torch.optim.Muon"
    assert arguments == {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.0, "ns_steps": 3, "nesterov": False}
    made("muon", 0.1, params, torch.zeros(2, 2, requires_grad=True))


def test_every_optimizer_is_written() -> None:
    """What asks for the loss is run in tests/runs/code; everything else has a case above; another name is refused."""
    for name, kind in OPTIMIZERS.items():
        assert kind.needs or name in {*CASES, "muon"}
        assert around(name, 0.1, {}, {}, "w").asks == bool(kind.needs)
    with pytest.raises(SpecError, match="fits a short class"):
        code_torch.optimizer("adam2", 0.1, {})


def test_classes_are_short_and_carried_only_where_used() -> None:
    """A script that names one class carries that one; no line is longer than 88 columns."""
    assert [lines[0] for lines in code_torch_classes.classes("partial(Lion, lr=0.1)")] == [
        "class Lion(torch.optim.Optimizer):"
    ]
    for name in [*code_torch_classes.BODIES, *WHOLE_CLASSES]:
        kind, _ = code_torch_classes.own(name, Expression("rate"), {})
        assert all(len(line) <= 88 for lines in code_torch_classes.classes(kind) for line in lines)
