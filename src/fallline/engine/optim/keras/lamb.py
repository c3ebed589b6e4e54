"""LAMB in the dialect of Keras: ``keras.optimizers.Lamb``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from fallline.engine.optim.keras.parameters import MOMENTS, rounded
from fallline.engine.optim.lamb import trust
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


@dataclass(frozen=True)
class KerasLAMB(Layerwise):
    """Keeps the decay out of the direction that is scaled: it shrinks the weights, as every weight decay in Keras.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction.
        decay: λ, decoupled.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "lamb"
    title: ClassVar[str] = "LAMB"
    formula: ClassVar[str] = (
        r"r = \frac{\hat m}{\sqrt{\hat v} + \varepsilon},\quad "
        r"w \leftarrow w - \eta\,\frac{\lVert w \rVert}{\lVert r \rVert}\,r\ \text{ in each layer}"
    )
    source: ClassVar[tuple[str, int]] = ("You and others", 2020)
    parameters: ClassVar[tuple[Parameter, ...]] = MOMENTS
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "relative"
    dialect: ClassVar[Dialect] = "keras"

    def start(self, w: Any) -> tuple[Any, ...]:
        """Both running means start at zero."""
        return w * 0.0, w * 0.0

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Shrinks the layer by the decay, and scales Adam's step to what is left."""
        m, v = memories
        w = w - rate * rounded(self.decay) * w
        m = m + (1.0 - self.beta1) * (g - m)
        v = v + (1.0 - self.beta2) * (g * g - v)
        upright = m / (1.0 - rounded(self.beta1) ** t)
        aim = upright / ((v / (1.0 - rounded(self.beta2) ** t)) ** 0.5 + self.epsilon)
        return w - rate * trust(w, aim) * aim, m, v
