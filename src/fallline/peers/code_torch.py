"""PyTorch as source: an optimizer of ``torch.optim``, by torch's own names; `code_torch_schedules` has its schedule.

The function takes plain data and gives a callee with its keyword arguments; a value of type `Expression` is source and
stands as it is, every other value is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fallline.peers.code_torch_classes import own
from fallline.peers.expression import Call, Expression

BETAS = {"beta1": 0.9, "beta2": 0.999}
DECAY = {"decay": "weight_decay"}
MOMENTS = {"epsilon": "eps", **DECAY}
MEANS = {"smoothing": "alpha", **MOMENTS}

OPTIMIZERS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "gd": ("SGD", DECAY, {}),
    "sgd": ("SGD", {"momentum": "momentum", "dampening": "dampening", **DECAY}, {}),
    "momentum": ("SGD", {"momentum": "momentum", **DECAY}, {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": "momentum", **DECAY}, {"momentum": 0.9, "nesterov": 1.0}),
    "adagrad": ("Adagrad", {"start": "initial_accumulator_value", **MOMENTS}, {}),
    "adadelta": ("Adadelta", {"smoothing": "rho", **MOMENTS}, {}),
    "rmsprop": ("RMSprop", MEANS, {}),
    "rmsprop_centered": ("RMSprop", {"momentum": "momentum", **MEANS}, {"centered": True}),
    "adam": ("Adam", MOMENTS, {}),
    "amsgrad": ("Adam", MOMENTS, {"amsgrad": True}),
    "adamw": ("AdamW", MOMENTS, {}),
    "adamax": ("Adamax", MOMENTS, {}),
    "nadam": ("NAdam", {"momentum_decay": "momentum_decay", **MOMENTS}, {}),
    "radam": ("RAdam", MOMENTS, {}),
    "adafactor": ("Adafactor", {"clip": "d", **DECAY}, {}),
    "muon": ("Muon", {"momentum": "momentum", **DECAY}, {"nesterov": 1.0}),
}
"""Name → class in ``torch.optim``, torch's name of each hyperparameter, and what is written even if not named."""


def optimizer(name: str, rate: float | Expression, params: Mapping[str, Any]) -> Call:
    """Returns an optimizer and its arguments; one that torch does not have is a class of `code_torch_classes`.

    Args:
        name: as in a Spec.
        rate: the base rate.
        params: its other hyperparameters by our names; those not named keep torch's defaults, which are ours.

    Raises:
        SpecError: neither torch has it nor is it written as a class.

    >>> optimizer("adam", 0.1, {"beta1": 0.8})
    ('torch.optim.Adam', {'lr': 0.1, 'betas': (0.8, 0.999)})
    """
    if name not in OPTIMIZERS:
        return own(name, rate, params)
    kind, names, always = OPTIMIZERS[name]
    given = {**always, **params}
    arguments: dict[str, Any] = {"lr": rate}
    if "beta1" in given or "beta2" in given:
        arguments["betas"] = tuple({**BETAS, **given}[key] for key in BETAS)
    arguments |= {names[key]: value for key, value in given.items() if key in names}
    arguments |= {key: given[key] for key in ("centered", "amsgrad") if key in given}
    if "power" in given:
        arguments["beta2_decay"] = -given["power"]
    if "epsilon1" in given or "epsilon2" in given:
        arguments["eps"] = (given.get("epsilon1") or None, given.get("epsilon2", 1e-3))
    if "rounds" in given:
        arguments["ns_steps"] = int(given["rounds"])
    # Torch refuses to look ahead without momentum, where it is plain descent; of Muon it is the default.
    if name == "muon":
        arguments |= {} if given["nesterov"] else {"nesterov": False}
    elif given.get("nesterov") and arguments.get("momentum", 0) != 0:
        arguments["nesterov"] = True
    return f"torch.optim.{kind}", arguments


__all__ = ["OPTIMIZERS", "Call", "Expression", "optimizer"]
