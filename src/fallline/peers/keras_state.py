"""What a training in Keras remembers, as plain data and arrays; and the hyperparameters that a plan drives in Keras."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from fallline.core.errors import SpecError

NAMES = {"momentum": ("momentum", "beta_1"), "decay": ("weight_decay", "adam_weight_decay")}
"""What a plan drives → Keras' names of it."""
FAINT = 1e-300
"""In place of a momentum of 0, at which Keras would leave its memory as it is: in any precision it is 0 again."""


def variables_of(model: Any, optimizer: Any) -> list[Any]:
    """Returns all that steps change: weights, running statistics, seeds of dropout, and the optimizer's memories."""
    known = [*model.variables, *optimizer.variables]
    own = [each for each in vars(optimizer).values() if isinstance(each, keras.Variable)]  # Nadam's is not in the list
    return [*known, *(each for each in own if not any(each is other for other in known))]


def written(variables: Sequence[Any]) -> list[Any]:
    """Returns the values of variables: numbers with a point as arrays, counts and seeds as plain integers."""
    values = [each.numpy() for each in variables]
    return [np.array(value) if np.issubdtype(value.dtype, np.floating) else value.tolist() for value in values]


def read(variables: Sequence[Any], values: Sequence[Any]) -> None:
    """Puts values back.

    Raises:
        SpecError: they are those of something else.
    """
    shapes = [tuple(each.shape) for each in variables]
    found = [np.shape(value) for value in values]
    if shapes != found:
        raise SpecError("resume", f"{len(found)} values", f"a snapshot of this training, which has {len(shapes)}")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


@contextmanager
def judged(optimizer: Any, variables: Sequence[Any]) -> Iterator[None]:
    """Puts the average of Schedule-Free in place, by which it is judged, and afterwards the weights that Keras trains.

    Args:
        optimizer: Keras'; of any other one nothing changes.
        variables: what it trains.
    """
    if not isinstance(optimizer, keras.optimizers.ScheduleFreeAdamW):
        yield
        return
    beta = float(np.float32(optimizer.beta_1))  # as Keras rounds it
    kept = [each.numpy() for each in variables]
    slow = optimizer.variables[2::2]  # after counter and rate, for each weight z, which takes the steps, and v
    for variable, y, z in zip(variables, kept, slow, strict=True):
        variable.assign((y - (1.0 - beta) * z.numpy()) / beta)
    try:
        yield
    finally:
        for variable, y in zip(variables, kept, strict=True):
            variable.assign(y)


class Driven:
    """Hyperparameters of a Keras optimizer that a plan changes from step to step."""

    def __init__(self, optimizer: Any, what: Sequence[str]) -> None:
        """Notes what they are at first.

        Args:
            optimizer: Keras'.
            what: ``momentum``, ``decay`` or both.

        Raises:
            SpecError: the optimizer has no such thing.
        """
        self._optimizer, self._first = optimizer, dict[tuple[str, str], float]()
        for name in what:
            held = {key: getattr(optimizer, key) for key in NAMES[name] if hasattr(optimizer, key)}
            if not held:
                raise SpecError("plan", name, f"something that Keras' {type(optimizer).__name__} has")
            self._first |= {(name, key): float(value) for key, value in held.items() if value is not None}

    def drive(self, factors: Mapping[str, float]) -> None:
        """Sets them for a step: each what it was at first, times its factor."""
        for (name, key), first in self._first.items():
            value = first * factors[name]
            setattr(self._optimizer, key, max(value, FAINT) if name == "momentum" and first > 0.0 else value)
