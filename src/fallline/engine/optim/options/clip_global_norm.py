"""Clipping by global norm (Pascanu, Mikolov and Bengio, 2013): all layers are shortened alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import each, norm
from fallline.engine.optim.options.clip_norm import LENGTH, shortening
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper


@dataclass(frozen=True)
class ClipGlobalNorm(Wrapper):
    """Shortens the gradient of all layers together to c; its direction is kept. Torch's ``clip_grad_norm_``.

    Attributes:
        base: the optimizer inside.
        most: c.
    """

    most: float = 1.0

    name: ClassVar[str] = "clip_global_norm"
    title: ClassVar[str] = "Clipping by global norm"
    formula: ClassVar[str] = r"g \leftarrow g \min\Bigl(1, \frac{c}{\lVert g \rVert}\Bigr)"
    source: ClassVar[tuple[str, int]] = ("Pascanu, Mikolov and Bengio", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (LENGTH,)
    scope: ClassVar[Literal["element", "layer", "whole"]] = "whole"
    keeps: ClassVar[frozenset[str]] = frozenset({"scope"})

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Shortens the gradient and lets the optimizer inside step by it."""
        factor = shortening(norm(g), self.most, self.dialect)
        new, inner = self.base.step(w, each(lambda layer: layer * factor, g), state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))
