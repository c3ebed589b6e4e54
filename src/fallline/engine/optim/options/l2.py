"""L2 regularisation: ½·λ·|w|² added to the loss, through the gradient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fallline.engine.optim.layers import each
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper


@dataclass(frozen=True)
class L2(Wrapper):
    """Adds λ·w to the gradient; an adaptive optimizer divides it like any slope, which decoupled decay mends.

    Attributes:
        base: the optimizer inside.
        strength: λ.
    """

    strength: float = 0.01

    name: ClassVar[str] = "l2"
    title: ClassVar[str] = "L2 regularisation"
    formula: ClassVar[str] = r"g \leftarrow g + \lambda w"
    source: ClassVar[tuple[str, int]] = ("Hoerl and Kennard", 1970)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(DECAY, name="strength", default=0.01, title="L2 regularisation"),
    )

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Adds the pull to the gradient and lets the optimizer inside step by it."""
        pulled = each(lambda slope, layer: slope + self.strength * layer, g, w)
        new, inner = self.base.step(w, pulled, state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the limit of the optimizer inside for a loss that curves by λ more."""
        return self.base.largest_stable_rate(curvature + self.strength)
