"""LAMB (You and others, 2020): AdamW whose step in each layer is as long as the layer's weights say.

Made for batches of many thousands: a layer moves by η of its own length, whatever its gradient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.layers import norm
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON


@dataclass(frozen=True)
class LAMB(Layerwise):
    """Adam's direction plus λ·w, scaled in each layer to the length of its weights: w ← w − η·|w|·r/|r|.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction.
        decay: λ, inside the direction that is scaled.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-6
    decay: float = 0.01

    name: ClassVar[str] = "lamb"
    title: ClassVar[str] = "LAMB"
    formula: ClassVar[str] = (
        r"r = \frac{\hat m}{\sqrt{\hat v} + \varepsilon} + \lambda w,\quad "
        r"w \leftarrow w - \eta\,\frac{\lVert w \rVert}{\lVert r \rVert}\,r\ \text{ in each layer}"
    )
    source: ClassVar[tuple[str, int]] = ("You and others", 2020)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, replace(EPSILON, default=1e-6), DECOUPLED_DECAY)
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "relative"

    def start(self, w: Any) -> tuple[Any, ...]:
        """Both running means start at zero."""
        return w * 0.0, w * 0.0

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Scales Adam's step to the layer."""
        m, v = memories
        m = m + (1.0 - self.beta1) * (g - m)
        v = self.beta2 * v + (1.0 - self.beta2) * g * g
        upright = m / (1.0 - self.beta1**t)
        aim = upright / ((v / (1.0 - self.beta2**t)) ** 0.5 + self.epsilon) + self.decay * w
        return w - rate * trust(w, aim) * aim, m, v


def trust(w: Any, aim: Any) -> float:
    """Returns |w|/|aim|, or 1 where either is nothing; the paper's φ is left out, as it is in most code."""
    weights, length = norm(w), norm(aim)
    return weights / length if weights > 0.0 and length > 0.0 else 1.0
