"""What Keras calls our optimizers and their hyperparameters: what a script writes, and what is called here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fallline.core.errors import SpecError
from fallline.peers.expression import Call, Expression

DECAY = {"decay": "weight_decay"}
BETAS = {"beta1": "beta_1", "beta2": "beta_2", **DECAY}
MOMENTS = {**BETAS, "epsilon": "epsilon"}
MEANS = {"smoothing": "rho", "epsilon": "epsilon", **DECAY}
PENALTIES = {
    "beta": "beta",
    "l1": "l1_regularization_strength",
    "l2": "l2_regularization_strength",
    "start": "initial_accumulator_value",
    **DECAY,
}
FACTORS = {"epsilon1": "epsilon_1", "epsilon2": "epsilon_2", "clip": "clip_threshold", **DECAY}

OPTIMIZERS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "gd": ("SGD", DECAY, {}),
    "sgd": ("SGD", {"momentum": "momentum", **DECAY}, {}),
    "momentum": ("SGD", {"momentum": "momentum", **DECAY}, {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": "momentum", **DECAY}, {"momentum": 0.9, "nesterov": 1.0}),
    "adagrad": ("Adagrad", {"start": "initial_accumulator_value", "epsilon": "epsilon", **DECAY}, {}),
    "adadelta": ("Adadelta", MEANS, {}),
    "rmsprop": ("RMSprop", MEANS, {}),
    "rmsprop_centered": ("RMSprop", {"momentum": "momentum", **MEANS}, {"centered": True}),
    "adam": ("Adam", MOMENTS, {}),
    "amsgrad": ("Adam", MOMENTS, {"amsgrad": True}),
    "adamw": ("AdamW", MOMENTS, {}),
    "adamax": ("Adamax", MOMENTS, {}),
    "nadam": ("Nadam", MOMENTS, {}),
    "ftrl": ("Ftrl", PENALTIES, {}),
    "lion": ("Lion", BETAS, {}),
    "lamb": ("Lamb", MOMENTS, {}),
    "adafactor": ("Adafactor", FACTORS, {}),
    "muon": ("Muon", {"momentum": "momentum", **DECAY}, {}),
    "schedule_free": ("ScheduleFreeAdamW", MOMENTS, {}),
}
"""Name → class in ``keras.optimizers``, Keras' name of each hyperparameter, and what is written even if not named."""


OPTIONS: dict[str, str] = {
    "decay": "weight_decay",
    "clip_value": "clipvalue",
    "clip_norm": "clipnorm",
    "clip_global_norm": "global_clipnorm",
    "accumulate": "gradient_accumulation_steps",
}
"""Option → Keras' argument; EMA of weights has two, and changes no path."""


def options(given: Mapping[str, float]) -> dict[str, Any]:
    """Returns options as arguments of any of Keras' optimizers.

    Raises:
        SpecError: Keras has no argument for one.

    >>> options({"clip_norm": 1.0, "accumulate": 4.0, "ema": 0.9})
    {'clipnorm': 1.0, 'gradient_accumulation_steps': 4, 'use_ema': True, 'ema_momentum': 0.9}
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name == "ema":
            found |= {"use_ema": True, "ema_momentum": value}
        elif name in OPTIONS:
            found[OPTIONS[name]] = int(value) if name == "accumulate" else value
        else:
            raise SpecError("options", name, "an option that Keras has", f"It has: {', '.join([*OPTIONS, 'ema'])}.")
    return found


def optimizer(name: str, rate: float | Expression, params: Mapping[str, Any]) -> Call:
    """Returns an optimizer and its arguments.

    Args:
        name: as in a Spec.
        rate: the base rate.
        params: its other hyperparameters by our names; those not named keep Keras' defaults, which are the dialect's.

    Raises:
        SpecError: Keras does not have it.

    >>> optimizer("adam", 0.1, {"beta1": 0.8})
    ('keras.optimizers.Adam', {'learning_rate': 0.1, 'beta_1': 0.8})
    """
    if name not in OPTIMIZERS:
        raise SpecError("optimizer", name, "an optimizer that Keras has", f"It has: {', '.join(OPTIMIZERS)}.")
    kind, names, always = OPTIMIZERS[name]
    given = {**always, **params}
    arguments: dict[str, Any] = {"learning_rate": rate}
    arguments |= {names[key]: value for key, value in given.items() if key in names}
    arguments |= {key: given[key] for key in ("centered", "amsgrad") if key in given}
    if "power" in given:
        arguments["beta_2_decay"] = -given["power"]
    if "rounds" in given:
        arguments["ns_steps"] = int(given["rounds"])
    if "nesterov" in given and (name == "muon" or given["nesterov"]):
        arguments["nesterov"] = bool(given["nesterov"])
    if name == "muon" and "decay" in given:
        arguments["adam_weight_decay"] = given["decay"]  # of layers that are no matrix; ours has one for all
    return f"keras.optimizers.{kind}", arguments
