"""Hyperparameter: a named choice with a range, as plain data that forms, Specs and searches all read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from fallline.core.choice import nearest
from fallline.core.errors import SpecError

Value = bool | int | float | str


@dataclass(frozen=True)
class Hyperparameter:
    """One hyperparameter of a family.

    Attributes:
        name: as in a Spec.
        title: for a person.
        type: ``float``, ``int`` or ``categorical``.
        default: what it is when it is not named.
        low: lower end of the range that is searched.
        high: upper end of that range.
        floor: smallest value allowed at all.
        ceiling: largest value allowed at all.
        log: whether the range is searched on a logarithmic scale.
        choices: of a categorical one.
        when: the other choice it depends on, as (name, values): it does nothing under other values.
        searched: whether a search varies it unless told otherwise.
    """

    name: str
    title: str
    type: Literal["float", "int", "categorical"]
    default: Value
    low: float | None = None
    high: float | None = None
    floor: float = -math.inf
    ceiling: float = math.inf
    log: bool = False
    choices: tuple[Value, ...] = ()
    when: tuple[str, tuple[Value, ...]] | None = None
    searched: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data: name, title, type, low, high, log, choices, default, when, searched."""
        when = None if self.when is None else {"name": self.when[0], "values": list(self.when[1])}
        plain = {key: getattr(self, key) for key in ("name", "title", "type", "low", "high", "log", "default")}
        return {**plain, "choices": list(self.choices), "when": when, "searched": self.searched}

    def read(self, value: object, path: str) -> Value:
        """Returns a value that is allowed.

        Raises:
            SpecError: it is of another type, out of bounds or not among the choices.
        """
        if self.type == "categorical":
            return self._choose(value, path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SpecError(path, value, "a number")
        if self.type == "int" and isinstance(value, float) and not value.is_integer():
            raise SpecError(path, value, "a whole number")
        if not self.floor <= value <= self.ceiling:  # also refuses NaN
            raise SpecError(path, value, f"a number from {self.floor:g} to {self.ceiling:g}")
        return int(value) if self.type == "int" else float(value)

    def _choose(self, value: object, path: str) -> Value:
        """Returns the choice that equals a value."""
        for choice in self.choices:
            if type(choice) is type(value) and choice == value:
                return choice
        listed = ", ".join(str(choice) for choice in self.choices)
        close = nearest(value, [str(choice) for choice in self.choices]) if isinstance(value, str) else None
        raise SpecError(path, value, f"one of {listed}", f"Did you mean {close!r}?" if close else "")


def complete(
    hyperparameters: Sequence[Hyperparameter], params: Mapping[str, object], path: str = "params"
) -> dict[str, Value]:
    """Returns all hyperparameters: those named as given, the others at their defaults.

    Args:
        hyperparameters: what a family has.
        params: name → value.
        path: where the params stand in the Spec, for errors.

    Raises:
        SpecError: an unknown name, or a value that is not allowed.

    >>> rate = Hyperparameter("rate", "Learning rate", "float", 0.1, floor=0.0, ceiling=1.0)
    >>> complete([rate], {}), complete([rate], {"rate": 1})
    ({'rate': 0.1}, {'rate': 1.0})
    """
    known = {each.name: each for each in hyperparameters}
    for name in params:
        if name not in known:
            close = nearest(name, known)
            hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(known)}."
            raise SpecError(f"{path}.{name}", name, "a hyperparameter of this family", hint)
    return {
        name: each.read(params[name], f"{path}.{name}") if name in params else each.default
        for name, each in known.items()
    }
