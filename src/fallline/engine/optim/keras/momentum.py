"""Momentum in the dialect of Keras: ``keras.optimizers.SGD(momentum=0.9)``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, KERAS_MOMENTUM, rounded
from fallline.engine.optim.keras.sgd import keras_sgd_constants, keras_sgd_rule, momentum_limit
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


@dataclass(frozen=True)
class KerasMomentum(Elementwise):
    """Torch's Momentum under a constant rate; the velocity holds the rate, so a falling rate slows it only by and by.

    Attributes:
        momentum: β, the share of its speed that it keeps at each step; Keras itself has 0 unless told.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    momentum: float = 0.9
    decay: float = 0.0

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    formula: ClassVar[str] = r"m \leftarrow \beta m - \eta\,g,\quad w \leftarrow w + m"
    source: ClassVar[tuple[str, int]] = ("Polyak", 1964)
    parameters: ClassVar[tuple[Parameter, ...]] = (KERAS_MOMENTUM, KERAS_DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(keras_sgd_constants)
    rule: ClassVar[Rule] = staticmethod(keras_sgd_rule)
    dialect: ClassVar[Dialect] = "keras"
    limit: ClassVar[str] = "2(1 + β)/λmax"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """Momentum and decay rounded as Keras rounds them, and between them whether it looks ahead."""
        return rounded(self.momentum), 0.0, rounded(self.decay)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the limit of torch's; None with a decay, which shifts it."""
        return momentum_limit(curvature, self.momentum, self.decay, ahead=False)
