"""Clipping by value: no slope counts as steeper than a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fallline.engine.optim.layers import each
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper

MOST = Parameter("most", "c", "Largest slope", 1.0, 1e-2, 1e2, "log", least=1e-12)


@dataclass(frozen=True)
class ClipValue(Wrapper):
    """Cuts each element of the gradient to −c … c, which turns its direction.

    Attributes:
        base: the optimizer inside.
        most: c.
    """

    most: float = 1.0

    name: ClassVar[str] = "clip_value"
    title: ClassVar[str] = "Clipping by value"
    formula: ClassVar[str] = r"g_i \leftarrow \max(-c, \min(c, g_i))"
    source: ClassVar[tuple[str, int]] = ("Mikolov", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (MOST,)

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Cuts the gradient and lets the optimizer inside step by it."""
        new, inner = self.base.step(w, each(self._cut, g), state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))

    def _cut(self, g: Any) -> Any:
        edge = self.most + 0.0 * g
        return (abs(g) <= self.most) * g + (g > self.most) * edge - (g < -self.most) * edge
