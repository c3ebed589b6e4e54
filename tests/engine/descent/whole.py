"""Two optimizers that look at all weights at once, for the loops that must carry such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from fallline.engine.optim import Optimizer, Probe, State


@dataclass(frozen=True)
class Asking(Optimizer):
    """Gradient descent that asks the probe for its gradient in place of taking the one it is given."""

    name: ClassVar[str] = "asking"
    title: ClassVar[str] = "Asking"
    formula: ClassVar[str] = "w - \\eta g"
    source: ClassVar[tuple[str, int]] = ("Cauchy", 1847)
    parameters: ClassVar[Any] = ()
    rate: ClassVar[float] = 0.1
    unit: ClassVar[Literal["slope", "distance", "share"]] = "slope"
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    needs: ClassVar[frozenset[str]] = frozenset({"gradient_at"})

    def init(self, w: Any) -> State:
        """Nothing is remembered."""
        del w
        return State(0)

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """One step down."""
        del g
        return w - rate * self.asks(probe).gradient_at(w), State(state.t + 1)


@dataclass(frozen=True)
class Newton(Asking):
    """Newton's method from Hessian-vector products alone."""

    name: ClassVar[str] = "newton"
    unit: ClassVar[Literal["slope", "distance", "share"]] = "share"
    needs: ClassVar[frozenset[str]] = frozenset({"hvp"})

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """One step to where the local quadratic rests."""
        hessian = np.stack([self.asks(probe).hvp(w, axis) for axis in np.eye(len(w))])
        return w - rate * np.linalg.solve(hessian, g), State(state.t + 1)
