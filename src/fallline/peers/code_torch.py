"""PyTorch as source: an optimizer of ``torch.optim``, by torch's own names; `code_torch_schedules` has its schedule.

The function takes plain data and gives a callee with its keyword arguments; a value of type `Expression` is source and
stands as it is, every other value is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Call = tuple[str, dict[str, Any]]
"""What is called, and its keyword arguments."""


@dataclass(frozen=True, repr=False)
class Expression:
    """Source that stands as it is, such as a name.

    Attributes:
        text: the source.
    """

    text: str

    def __repr__(self) -> str:
        """The source itself."""
        return self.text


OPTIMIZERS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "gd": ("SGD", {"decay": "weight_decay"}, {}),
    "sgd": ("SGD", {"decay": "weight_decay"}, {}),
    "momentum": ("SGD", {"momentum": "momentum", "decay": "weight_decay"}, {"momentum": 0.9}),
    "nesterov": ("SGD", {"momentum": "momentum", "decay": "weight_decay"}, {"momentum": 0.9}),
    "adagrad": ("Adagrad", {"epsilon": "eps", "start": "initial_accumulator_value", "decay": "weight_decay"}, {}),
    "rmsprop": ("RMSprop", {"smoothing": "alpha", "epsilon": "eps", "decay": "weight_decay"}, {}),
    "adam": ("Adam", {"epsilon": "eps", "decay": "weight_decay"}, {}),
    "adamw": ("AdamW", {"epsilon": "eps", "decay": "weight_decay"}, {}),
}
"""Name → class in ``torch.optim``, torch's name of each hyperparameter, and what is written even if not named."""


def optimizer(name: str, rate: float | Expression, params: Mapping[str, Any]) -> Call:
    """Returns an optimizer and its arguments.

    Args:
        name: as in a Spec.
        rate: the base rate.
        params: its other hyperparameters by our names; those not named keep torch's defaults, which are ours.

    >>> optimizer("adam", 0.1, {"beta1": 0.8})
    ('torch.optim.Adam', {'lr': 0.1, 'betas': (0.8, 0.999)})
    """
    kind, names, always = OPTIMIZERS[name]
    given = {**always, **params}
    arguments: dict[str, Any] = {"lr": rate}
    if "beta1" in given or "beta2" in given:
        arguments["betas"] = (given.get("beta1", 0.9), given.get("beta2", 0.999))
    arguments |= {names[key]: value for key, value in given.items() if key in names}
    if (
        name == "nesterov" and arguments["momentum"] != 0
    ):  # torch refuses it without momentum, where it is plain descent
        arguments["nesterov"] = True
    return f"torch.optim.{kind}", arguments
