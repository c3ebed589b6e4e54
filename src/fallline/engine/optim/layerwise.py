"""An optimizer that sees a layer as a whole, and each layer by itself."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import layers_of
from fallline.engine.optim.optimizer import Optimizer
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State


@dataclass(frozen=True)
class Layerwise(Optimizer):
    """An optimizer made of two methods over one layer: what it remembers at the start, and how it moves."""

    scope: ClassVar[Literal["element", "layer", "whole"]] = "layer"

    @abstractmethod
    def start(self, w: Any) -> tuple[Any, ...]:
        """Returns what is remembered of a layer before the first step; always as many arrays."""

    @abstractmethod
    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Returns the new weights of a layer and its new memories.

        Args:
            w: the layer.
            g: its gradient.
            rate: η of this step.
            memories: what `start` or the step before returned.
            t: the step, from 1.
        """

    def init(self, w: Any) -> State:
        """Returns the state before the first step."""
        return State(0, self._kept([self.start(layer) for layer in layers_of(w)], w))

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Takes one step, layer by layer; nothing is changed in place, and nothing is asked of the probe."""
        del probe
        t = state.t + 1
        moved = [
            self.move(layer, slope, float(rate), tuple(layers_of(memory)[place] for memory in state.memories), t)
            for place, (layer, slope) in enumerate(zip(layers_of(w), layers_of(g), strict=True))
        ]
        new = tuple(each[0] for each in moved)
        memories = self._kept([each[1:] for each in moved], w)
        return (new if isinstance(w, tuple) else new[0]), State(t, memories)

    @staticmethod
    def _kept(rows: list[tuple[Any, ...]], w: Any) -> tuple[Any, ...]:
        """The memories of all layers, each in the structure of the weights."""
        columns = tuple(zip(*rows, strict=True))
        return columns if isinstance(w, tuple) else tuple(column[0] for column in columns)
