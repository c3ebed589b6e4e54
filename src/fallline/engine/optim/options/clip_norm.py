"""Clipping by norm (Pascanu, Mikolov and Bengio, 2013): a gradient too long is shortened, its direction kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from fallline.engine.optim.layers import each, norm
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.options.clip_value import MOST
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.state import State
from fallline.engine.optim.wrapper import Wrapper

LENGTH = replace(MOST, title="Longest gradient")


@dataclass(frozen=True)
class ClipNorm(Wrapper):
    """Shortens the gradient of each layer by itself to c; long layers lose, short ones keep all.

    Attributes:
        base: the optimizer inside.
        most: c.
    """

    most: float = 1.0

    name: ClassVar[str] = "clip_norm"
    title: ClassVar[str] = "Clipping by norm, layer by layer"
    formula: ClassVar[str] = r"g_l \leftarrow g_l \min\Bigl(1, \frac{c}{\lVert g_l \rVert}\Bigr)"
    source: ClassVar[tuple[str, int]] = ("Pascanu, Mikolov and Bengio", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (LENGTH,)

    def step(self, w: Any, g: Any, state: State, rate: float, probe: Probe | None = None) -> tuple[Any, State]:
        """Shortens each layer's gradient and lets the optimizer inside step by them."""
        cut = each(lambda layer: layer * shortening(norm(layer), self.most, self.dialect), g)
        new, inner = self.base.step(w, cut, state.inner[0], rate, probe)
        return new, State(state.t + 1, inner=(inner,))


def shortening(length: float, limit: float, dialect: Dialect) -> float:
    """Returns what a gradient of this length is multiplied by; torch adds 1e-6 to the length, Keras does not."""
    if dialect == "torch":
        return min(1.0, limit / (length + 1e-6))
    return limit / max(length, limit)
