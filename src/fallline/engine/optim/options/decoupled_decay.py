"""Decoupled weight decay (Loshchilov and Hutter, 2019): weights shrink by themselves, not through the gradient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fallline.engine.optim.layers import each
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECOUPLED_DECAY
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper


@dataclass(frozen=True)
class DecoupledDecay(Wrapper):
    """Shrinks the weights by η·λ of themselves before each step; around Adam it is AdamW.

    Attributes:
        base: the optimizer inside.
        strength: λ.
    """

    strength: float = 0.01

    name: ClassVar[str] = "decay"
    title: ClassVar[str] = "Weight decay, decoupled"
    formula: ClassVar[str] = r"w \leftarrow (1 - \eta\lambda)\,w"
    source: ClassVar[tuple[str, int]] = ("Loshchilov and Hutter", 2019)
    parameters: ClassVar[tuple[Parameter, ...]] = (replace(DECOUPLED_DECAY, name="strength"),)
    limit: ClassVar[str] = ""
    keeps: ClassVar[frozenset[str]] = frozenset({"limit"})

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Shrinks the weights and lets the optimizer inside step from there."""
        factor = 1.0 - float(rate) * self.strength
        new, inner = self.base.step(each(lambda layer: layer * factor, w), g, state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns None: the decay shifts the limit by an amount that depends on the optimizer inside."""
        del curvature
        return None
