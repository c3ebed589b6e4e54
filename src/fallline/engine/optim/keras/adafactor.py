"""Adafactor in the dialect of Keras: ``keras.optimizers.Adafactor``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.adafactor import CLIP, EPSILON1, EPSILON2, FORGETTING, estimate, factors, rms
from fallline.engine.optim.keras.parameters import KERAS_DECAY, rounded
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


@dataclass(frozen=True)
class KerasAdafactor(Layerwise):
    """Adds ε₁ to each square, as the paper does, where torch puts it under the estimate; decays before it measures.

    Attributes:
        power: τ: the mean squares decay by β₂ = 1 − t^−τ.
        epsilon1: ε₁, added to each square.
        epsilon2: ε₂, what the root mean square of the weights counts as, at least.
        clip: d, a step whose root mean square is longer is cut to it.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    power: float = 0.8
    epsilon1: float = 1e-30
    epsilon2: float = 1e-3
    clip: float = 1.0
    decay: float = 0.0

    name: ClassVar[str] = "adafactor"
    title: ClassVar[str] = "Adafactor"
    formula: ClassVar[str] = (
        r"\hat V = \frac{R\,C}{\operatorname{mean} R},\quad U = \frac{g}{\sqrt{\hat V}},\quad w \leftarrow w - "
        r"\max(\varepsilon_2, \operatorname{rms} w)\,\min\bigl(\eta, \tfrac{1}{\sqrt t}\bigr)\,"
        r"\frac{U}{\max(1, \operatorname{rms} U / d)}"
    )
    source: ClassVar[tuple[str, int]] = ("Shazeer and Stern", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        FORGETTING,
        replace(EPSILON1, default=1e-30, title="Added to each square"),
        EPSILON2,
        CLIP,
        KERAS_DECAY,
    )
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "relative"
    dialect: ClassVar[Dialect] = "keras"

    def start(self, w: Any) -> tuple[Any, ...]:
        """A matrix, over its last two axes, has a mean for each row and column, anything else one for each element."""
        return factors(w)

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Divides by the estimate, cuts what is too long, and goes as far as the weights are large."""
        w = w - rate * rounded(self.decay) * w
        length = max(rounded(self.epsilon2), rms(w))
        rows, columns, square = estimate(g * g + self.epsilon1, memories, float(t) ** -self.power, 0.0)
        step = g / square**0.5
        pace = length * min(rate, t**-0.5) / max(1.0, rms(step) / self.clip)
        return w - pace * step, rows, columns
