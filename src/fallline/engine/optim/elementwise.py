"""An optimizer whose step looks at one element at a time: written once for NumPy, torch and compiled loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np

from fallline.engine.optim.layers import each
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State

Real: TypeAlias = Any
"""A float, an array or a tensor: rules are elementwise and serve NumPy, torch and the compiled descent alike."""

Constants = Callable[[Real, Sequence[Real]], tuple[Real, ...]]
"""``(t, hyperparameters) → constants of step t``, t counting from 1."""

Rule = Callable[..., Any]
"""``(w, g, rate, *memories, constants, sqrt) → w, *memories`` for one element; without memories, w alone."""

Judge = Callable[..., Any]
"""``(w, *memories, hyperparameters) → where it is judged`` for one element."""

MOST_MEMORIES = 4
"""What compiled loops have room for."""


@dataclass(frozen=True)
class Elementwise(Optimizer):
    """An optimizer made of two plain functions: `constants`, once a step, and `rule`, once an element.

    A subclass adds its hyperparameters as float fields in the order of `parameters`. `step` runs the rule on NumPy
    arrays and torch tensors, and `fallline.engine.descent` compiles the very same functions, so they keep to
    arithmetic, `abs`, powers, comparisons and the `sqrt` that they are given, never branch, and call nothing else. A
    choice between a and b is ``(a >= b) * a + (a < b) * b``; the sign of x times s is ``(x > 0) * s - (x < 0) * s``
    with s as precise as x.

    Attributes:
        memories: how many things it remembers for each weight, at most `MOST_MEMORIES`.
        constants: what depends on the step and not on the element.
        rule: the step of one element.
        judge: where it is judged, after at least one step; None where that is where it stands.
    """

    memories: ClassVar[int]
    constants: ClassVar[Constants]
    rule: ClassVar[Rule]
    judge: ClassVar[Judge | None] = None
    scope: ClassVar[Literal["element", "layer", "whole"]] = "element"

    @property
    def initial(self) -> tuple[float, ...]:
        """What each memory holds before the first step."""
        return (0.0,) * self.memories

    def init(self, w: Any) -> State:
        """Returns the state before the first step: each memory filled with its start."""
        if isinstance(w, tuple):
            return State(0, tuple(tuple(layer * 0.0 + start for layer in w) for start in self.initial))
        return State(0, tuple(w * 0.0 + start for start in self.initial))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step; nothing is changed in place, and nothing is asked of the probe.

        >>> from fallline.engine.optim import OPTIMIZERS
        >>> momentum = OPTIMIZERS["momentum"]()
        >>> w = np.array([1.0, -2.0])
        >>> w, state = momentum.step(w, 2 * w, momentum.init(w), rate=0.1)
        >>> w
        array([ 0.8, -1.6])
        """
        del probe
        t = state.t + 1
        now = type(self).constants(float(t), self.hyperparameters)
        if isinstance(rate, float):
            rate = float(rate)  # a NumPy float64 would widen float32 weights, a plain one does not
        if not isinstance(w, tuple):
            new, *memories = self._move(w, g, rate, state.memories, now)
            return new, State(t, tuple(memories))
        moved = [
            self._move(layer, slope, rate, tuple(memory[place] for memory in state.memories), now)
            for place, (layer, slope) in enumerate(zip(w, g, strict=True))
        ]
        new, *memories = zip(*moved, strict=True)
        return new, State(t, tuple(memories))

    def judged(self, w: Any, state: State) -> Any:
        """Returns what `judge` makes of the weights and memories; the weights themselves where there is none."""
        rule = type(self).judge
        if rule is None or state.t == 0:
            return w
        return each(lambda layer, *memories: rule(layer, *memories, self.hyperparameters), w, *state.memories)

    def _move(self, w: Any, g: Any, rate: Any, memories: tuple[Any, ...], now: tuple[Real, ...]) -> tuple[Any, ...]:
        """The new weights and memories of one layer."""
        sqrt = getattr(type(w), "sqrt", np.sqrt)  # torch tensors bring their own
        result = type(self).rule(w, g, rate, *memories, now, sqrt)
        return tuple(result) if self.memories else (result,)
