"""Backends: who computes a training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from fallline.core.choice import lookup
from fallline.engine.optim import Dialect

if TYPE_CHECKING:  # at run time they are imported with the backend: torch takes 2 s, TensorFlow 4 s more
    from fallline.engine.train.loop.trace import Trace

    Train = Callable[..., Trace]
    """``(net, data, recipe, hooks) → Trace``."""


@dataclass(frozen=True)
class Backend:
    """Who computes a training.

    Attributes:
        name: key in `BACKENDS`.
        title: as a person reads it.
        about: what is its own.
        dialect: whose formulas its optimizers have.
        place: module and function that train.
    """

    name: Literal["torch", "keras"]
    title: str
    about: str
    dialect: Dialect
    place: tuple[str, str]


BACKENDS: dict[str, Backend] = {
    "torch": Backend(
        "torch",
        "PyTorch",
        "Autograd of PyTorch, steps of our own optimizers or of torch.optim.",
        "torch",
        ("fallline.engine.train.loop.training", "train"),
    ),
    "keras": Backend(
        "keras",
        "Keras on TensorFlow",
        "Gradients of TensorFlow, steps of keras.optimizers.",
        "keras",
        ("fallline.peers.keras_training", "train_in_keras"),
    ),
}
"""Name → backend."""


def trainer(name: str) -> Train:
    """Returns the function that trains in a backend.

    Raises:
        SpecError: no such backend.
        Unavailable: its library is not installed; gives the command.
    """
    if lookup(name, BACKENDS, "backend").name == "keras":
        from fallline.peers.keras_runtime import load_tensorflow  # 4 s, and quiet only if it is loaded this way

        load_tensorflow()
    module, function = BACKENDS[name].place
    found: Train = getattr(import_module(module), function)
    return found
