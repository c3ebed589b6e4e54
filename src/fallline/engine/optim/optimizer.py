"""An optimizer: frozen hyperparameters and an elementwise rule; what it remembers is a separate value."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np

from fallline.core.errors import SpecError

Real: TypeAlias = Any
"""A float, an array or a tensor: rules are elementwise and serve NumPy, torch and the compiled descent alike."""

Constants = Callable[[Real, Sequence[Real]], tuple[Real, ...]]
"""``(t, hyperparameters) → constants of step t``, t counting from 1."""

Rule = Callable[..., Any]
"""``(w, g, rate, *memories, constants, sqrt) → w, *memories`` for one element; without memories, w alone."""


@dataclass(frozen=True)
class Parameter:
    """One hyperparameter, as forms and Specs read it.

    Attributes:
        name: the field of the optimizer.
        symbol: as in the formula.
        title: as a person reads it.
        default: what torch uses.
        low: the slider's lower end.
        high: its upper end.
        scale: how the slider is spaced; ``complement`` is logarithmic in 1 − value, for decay rates close to 1.
        least: the smallest value allowed.
        below: every value allowed is smaller than this.
    """

    name: str
    symbol: str
    title: str
    default: float
    low: float
    high: float
    scale: Literal["linear", "log", "complement"] = "linear"
    least: float = 0.0
    below: float = math.inf

    def check(self, value: float) -> None:
        """Refuses a value outside the allowed range.

        Raises:
            SpecError: names the hyperparameter, the value and the range.
        """
        if not self.least <= value < self.below:  # also refuses NaN and, where unbounded, infinity
            span = f"below {self.below:g}" if math.isfinite(self.below) else "finite"
            raise SpecError(self.name, value, f"a number of at least {self.least:g}, {span}")


@dataclass(frozen=True)
class State:
    """What an optimizer remembers between steps.

    Attributes:
        t: steps taken.
        memories: one array or tensor of the weights' shape for each thing remembered.
    """

    t: int
    memories: tuple[Any, ...]


@dataclass(frozen=True)
class Optimizer(ABC):
    """Frozen hyperparameters, and the step that they make.

    A subclass adds its hyperparameters as float fields in the order of `parameters`, and two plain functions:
    `constants`, once a step, and `rule`, once an element. The rule is written once: `step` runs it on NumPy arrays and
    torch tensors, and `fallline.engine.descent` compiles the very same function.

    Attributes:
        name: key in `OPTIMIZERS`.
        title: as a person reads it.
        formula: in TeX, with g the gradient and η the rate.
        source: author and year.
        parameters: the hyperparameters.
        memories: how many things it remembers for each weight.
        rate: torch's default rate.
        unit: what the rate is: ``slope`` multiplies the gradient, ``distance`` is about the length of a step.
        limit: the formula of the largest stable rate on a quadratic; empty where it depends on the path.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    parameters: ClassVar[tuple[Parameter, ...]]
    memories: ClassVar[int]
    rate: ClassVar[float]
    unit: ClassVar[Literal["slope", "distance"]]
    constants: ClassVar[Constants]
    rule: ClassVar[Rule]
    limit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The values of the fields, in order."""
        return tuple(float(getattr(self, field.name)) for field in fields(self))

    @property
    def initial(self) -> tuple[float, ...]:
        """What each memory holds before the first step."""
        return (0.0,) * self.memories

    def init(self, w: Any) -> State:
        """Returns the state before the first step.

        Args:
            w: a NumPy array or torch tensor of any shape.
        """
        return State(0, tuple(w * 0.0 + start for start in self.initial))

    def step(self, w: Any, g: Any, state: State, rate: float) -> tuple[Any, State]:
        """Takes one step; nothing is changed in place.

        Args:
            w: the weights.
            g: the gradient there, of the same shape.
            state: what `init` or the step before returned.
            rate: η of this step, the schedule's factor included.

        Returns:
            the new weights and the new state.

        >>> from fallline.engine.optim import OPTIMIZERS
        >>> momentum = OPTIMIZERS["momentum"]()
        >>> w = np.array([1.0, -2.0])
        >>> w, state = momentum.step(w, 2 * w, momentum.init(w), rate=0.1)
        >>> w
        array([ 0.8, -1.6])
        """
        t = state.t + 1
        now = type(self).constants(float(t), self.hyperparameters)
        sqrt = getattr(type(w), "sqrt", np.sqrt)  # torch tensors bring their own
        result = type(self).rule(w, g, rate, *state.memories, now, sqrt)
        new, *memories = result if self.memories else (result,)
        return new, State(t, tuple(memories))

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the rate above which a quadratic of this largest curvature is left, at constant rate.

        Args:
            curvature: λmax.

        Returns:
            the limit, infinity where nothing curves upwards, None where no formula is known.
        """
        del curvature
        return None
