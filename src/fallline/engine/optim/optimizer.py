"""An optimizer: frozen hyperparameters and the step that they make; what it remembers is a separate value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from fallline.core.errors import SpecError
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

Dialect = Literal["torch", "keras"]
"""Whose formulas are meant: the same name is not the same optimizer."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """Frozen hyperparameters, and the step that they make.

    Weights and gradients are one NumPy array or torch tensor of any shape, or a tuple of them, one for each layer.
    Nothing is changed in place, and the precision of the weights is kept.

    Attributes:
        name: key in `OPTIMIZERS`.
        title: as a person reads it.
        formula: in TeX, with g the gradient and η the rate.
        source: author and year.
        parameters: the hyperparameters.
        rate: the dialect's default rate.
        unit: what the rate is: ``slope`` multiplies the gradient, ``distance`` is about the length of a step,
            ``relative`` is about that length over the weights' own, ``share`` multiplies a step whose length the
            optimizer finds by itself, and is usually 1.
        scope: what one element's step depends on: its own past (``element``), its layer's or everything's (``whole``).
        needs: what it asks a `Probe` for: ``value``, ``gradient_at``, ``hvp``.
        dialect: whose formula it is.
        limit: the formula of the largest stable rate on a quadratic; empty where it depends on the path.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[tuple[str, int]]
    parameters: ClassVar[tuple[Parameter, ...]]
    rate: ClassVar[float]
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]]
    scope: ClassVar[Literal["element", "layer", "whole"]]
    needs: ClassVar[frozenset[str]] = frozenset()
    dialect: ClassVar[Dialect] = "torch"
    limit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The values of the parameters, in order."""
        return tuple(float(getattr(self, parameter.name)) for parameter in self.parameters)

    @abstractmethod
    def init(self, w: Any) -> State:
        """Returns the state before the first step.

        Args:
            w: the weights: an array or tensor of any shape, or a tuple of them.
        """

    @abstractmethod
    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step; nothing is changed in place.

        Args:
            w: the weights.
            g: the gradient there, of the same structure.
            state: what `init` or the step before returned.
            rate: η of this step, the schedule's factor included.
            probe: answers what `needs` names; whoever needs nothing looks at nothing.

        Returns:
            the new weights and the new state.

        Raises:
            SpecError: it needs a probe and got none.
        """

    def judged(self, w: Any, state: State) -> Any:
        """Returns the weights to evaluate and to keep; most optimizers are judged where they stand."""
        del state
        return w

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the rate above which a quadratic of this largest curvature is left, at constant rate.

        Args:
            curvature: λmax.

        Returns:
            the limit, infinity where nothing curves upwards, None where no formula is known.
        """
        del curvature
        return None

    def asks(self, probe: Probe | None) -> Probe:
        """Returns the probe.

        Raises:
            SpecError: there is none.
        """
        if probe is None:
            wanted = " and ".join(sorted(self.needs))
            raise SpecError(
                "probe", None, f"a probe with {wanted}", f"{self.title} asks more than a gradient can tell."
            )
        return probe
