"""Which of our optimizers a finder sweeps by name, and the class of ``torch.optim`` that takes its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fallline.core.errors import SpecError
from fallline.engine.optim import Optimizer

if TYPE_CHECKING:
    import torch
    from torch import Tensor

MOMENTS = {"epsilon": "eps", "decay": "weight_decay"}
SWEPT: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "gd": ("SGD", {"decay": "weight_decay"}, {}),
    "momentum": ("SGD", {"momentum": "momentum", "decay": "weight_decay"}, {}),
    "nesterov": ("SGD", {"momentum": "momentum", "decay": "weight_decay"}, {"nesterov": True}),
    "adagrad": ("Adagrad", {"start": "initial_accumulator_value", **MOMENTS}, {}),
    "adadelta": ("Adadelta", {"smoothing": "rho", **MOMENTS}, {}),
    "rmsprop": ("RMSprop", {"smoothing": "alpha", **MOMENTS}, {}),
    "rmsprop_centered": ("RMSprop", {"smoothing": "alpha", "momentum": "momentum", **MOMENTS}, {"centered": True}),
    "adam": ("Adam", MOMENTS, {}),
    "amsgrad": ("Adam", MOMENTS, {"amsgrad": True}),
    "adamw": ("AdamW", MOMENTS, {}),
    "adamax": ("Adamax", MOMENTS, {}),
    "nadam": ("NAdam", {"momentum_decay": "momentum_decay", **MOMENTS}, {}),
    "radam": ("RAdam", MOMENTS, {}),
}
"""Name → class in ``torch.optim``, torch's name of each hyperparameter, and what is said besides."""


def arguments_of(optimizer: Optimizer) -> tuple[str, dict[str, Any]]:
    """Returns the class of ``torch.optim`` and what it is told, without the rate.

    Raises:
        SpecError: torch has no such optimizer, or the finder cannot sweep it.

    >>> from fallline.engine.optim import OPTIMIZERS
    >>> arguments_of(OPTIMIZERS["momentum"]())
    ('SGD', {'momentum': 0.9, 'weight_decay': 0.0})
    """
    if optimizer.name not in SWEPT:
        raise SpecError("optimizer", optimizer.name, f"one that a finder sweeps: {', '.join(SWEPT)}")
    kind, names, always = SWEPT[optimizer.name]
    told: dict[str, Any] = {theirs: getattr(optimizer, ours) for ours, theirs in names.items()}
    if hasattr(optimizer, "beta1"):
        told = {"betas": (getattr(optimizer, "beta1"), getattr(optimizer, "beta2")), **told}  # noqa: B009 - as above
    # torch refuses to look ahead without momentum, where it is plain descent
    looks = {key: each for key, each in always.items() if key != "nesterov" or told["momentum"] > 0.0}
    return kind, {**told, **looks}


def torch_optimizer(optimizer: Optimizer, parameters: Iterable[Tensor], rate: float) -> torch.optim.Optimizer:
    """Returns torch's optimizer with the hyperparameters of ours.

    Args:
        optimizer: one whose name is in `SWEPT`.
        parameters: that it moves.
        rate: it starts with.

    Raises:
        SpecError: as `arguments_of`.
    """
    from torch import optim  # a Spec can be checked without torch

    kind, told = arguments_of(optimizer)
    made: torch.optim.Optimizer = getattr(optim, kind)(parameters, lr=rate, **told)
    return made
