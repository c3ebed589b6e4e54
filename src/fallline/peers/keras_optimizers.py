"""The optimizers of Keras by our names: which class, and what it calls each hyperparameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.core.errors import SpecError
from fallline.engine.optim import Optimizer

Call = tuple[str, dict[str, Any]]
"""A class of ``keras.optimizers``, and its arguments."""

_BETAS = {"beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"}
KERAS_CLASSES: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "gd": ("SGD", {}, {}),
    "sgd": ("SGD", {"momentum": "momentum", "nesterov": "nesterov"}, {}),
    "momentum": ("SGD", {"momentum": "momentum"}, {}),
    "nesterov": ("SGD", {"momentum": "momentum"}, {"nesterov": True}),
    "adagrad": ("Adagrad", {"epsilon": "epsilon", "start": "initial_accumulator_value"}, {}),
    "adadelta": ("Adadelta", {"smoothing": "rho", "epsilon": "epsilon"}, {}),
    "rmsprop": ("RMSprop", {"smoothing": "rho", "epsilon": "epsilon"}, {}),
    "rmsprop_centered": (
        "RMSprop",
        {"smoothing": "rho", "momentum": "momentum", "epsilon": "epsilon"},
        {"centered": True},
    ),
    "adam": ("Adam", _BETAS, {}),
    "amsgrad": ("Adam", _BETAS, {"amsgrad": True}),
    "adamw": ("AdamW", _BETAS, {}),
    "adamax": ("Adamax", _BETAS, {}),
    "nadam": ("Nadam", _BETAS, {}),
    "lamb": ("Lamb", _BETAS, {}),
    "schedule_free": ("ScheduleFreeAdamW", _BETAS, {}),
    "lion": ("Lion", {"beta1": "beta_1", "beta2": "beta_2"}, {}),
    "adafactor": (
        "Adafactor",
        {"power": "beta2_decay", "epsilon1": "epsilon_1", "epsilon2": "epsilon_2", "clip": "clip_threshold"},
        {},
    ),
    "ftrl": (
        "Ftrl",
        {
            "beta": "beta",
            "l1": "l1_regularization_strength",
            "l2": "l2_regularization_strength",
            "start": "initial_accumulator_value",
        },
        {},
    ),
    "muon": ("Muon", {"momentum": "momentum", "nesterov": "nesterov", "rounds": "ns_steps"}, {}),
}
"""Our name → Keras' class, its name of each hyperparameter but the decay, and what is always given.

The decay is ``weight_decay`` in all of them, and left out where it is 0.
"""

_TURN: dict[str, Callable[[float], Any]] = {"nesterov": bool, "ns_steps": int, "beta2_decay": lambda power: -power}


def keras_call(optimizer: Optimizer) -> Call:
    """Returns the class and the arguments of an optimizer of the Keras dialect, all but the rate.

    Raises:
        SpecError: it is of the torch dialect, or Keras has no such optimizer.
    """
    if optimizer.dialect != "keras" or optimizer.name not in KERAS_CLASSES:
        hint = f"Take optimizer({optimizer.name!r}, dialect='keras')." if optimizer.name in KERAS_CLASSES else ""
        hint = hint or f"Keras has: {', '.join(KERAS_CLASSES)}."
        raise SpecError("optimizer", optimizer.name, "an optimizer of the Keras dialect", hint)
    name, names, always = KERAS_CLASSES[optimizer.name]
    given = {key: getattr(optimizer, field) for field, key in names.items()}
    arguments = {key: _TURN[key](value) if key in _TURN else value for key, value in given.items()}
    decay = getattr(optimizer, "decay", 0.0)
    return name, {**arguments, **always, **({"weight_decay": decay} if decay else {})}


def keras_optimizer(optimizer: Optimizer | Callable[[Any], Any], rate: float, variables: Any) -> Any:
    """Makes Keras' optimizer.

    Args:
        optimizer: one of the Keras dialect, or what makes a ``keras.optimizers.Optimizer`` of variables.
        rate: the first one; each step sets its own.
        variables: what it is to change.
    """
    import keras  # 4 s with TensorFlow, and whoever shows a Spec as code needs only the names above

    made = (
        getattr(keras.optimizers, (call := keras_call(optimizer))[0])(learning_rate=rate, **call[1])
        if isinstance(optimizer, Optimizer)
        else optimizer(variables)
    )
    if not isinstance(made, keras.optimizers.Optimizer):
        raise SpecError("optimizer", type(made).__name__, "what makes a keras.optimizers.Optimizer of variables")
    return made
