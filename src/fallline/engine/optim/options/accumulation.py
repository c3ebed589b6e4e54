"""Gradient accumulation: one step by the mean of several gradients, as if the batch were so many times larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fallline.engine.optim.layers import each
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper

EVERY = Parameter("every", "k", "Gradients to a step", 4.0, 1.0, 64.0, "whole", least=1.0)


@dataclass(frozen=True)
class Accumulation(Wrapper):
    """Waits for k gradients, and lets the optimizer inside step by their mean; the weights rest meanwhile.

    Attributes:
        base: the optimizer inside.
        every: k.
    """

    every: float = 4.0

    name: ClassVar[str] = "accumulate"
    title: ClassVar[str] = "Gradient accumulation"
    formula: ClassVar[str] = r"g \leftarrow \frac1k \sum_{i=1}^{k} g_i"
    source: ClassVar[tuple[str, int]] = ("Goyal and others", 2017)
    parameters: ClassVar[tuple[Parameter, ...]] = (EVERY,)

    def init(self, w: Any) -> State:
        """Returns the state before the first gradient: their sum is nothing."""
        return State(0, (each(lambda layer: layer * 0.0, w),), inner=(self.base.init(w),))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes a gradient in; at every k-th, lets the optimizer inside step. `t` counts gradients."""
        total = each(lambda old, slope: old + slope, state.memories[0], g)
        t, inner = state.t + 1, state.inner[0]
        if t % int(self.every):
            return w, State(t, (total,), inner=(inner,))
        w, inner = self.base.step(w, each(lambda layer: layer / self.every, total), inner, rate, probe)
        return w, State(t, (each(lambda layer: layer * 0.0, total),), inner=(inner,))
