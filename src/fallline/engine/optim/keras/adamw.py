"""AdamW in the dialect of Keras: ``keras.optimizers.AdamW``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Rule
from fallline.engine.optim.keras.adam import keras_adam_constants, keras_adam_rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, MOMENTS, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


@dataclass(frozen=True)
class KerasAdamW(Elementwise):
    """Keras' Adam with a decay of 0.004 unless told; torch has 0.01. Both multiply it by the rate.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε-hat, beside the root before its correction.
        decay: λ.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    decay: float = 0.004

    name: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = (
        r"w \leftarrow (1 - \eta\lambda)\,w - "
        r"\eta\,\frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,\frac{m}{\sqrt v + \hat\varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Loshchilov and Hutter", 2019)
    parameters: ClassVar[tuple[Parameter, ...]] = (*MOMENTS[:3], replace(KERAS_DECAY, default=0.004))
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_adam_constants)
    rule: ClassVar[Rule] = staticmethod(keras_adam_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The parameters, and β₁ and β₂ as Keras raises them to a power."""
        decay = rounded(self.decay)
        return self.beta1, self.beta2, self.epsilon, decay, rounded(self.beta1), rounded(self.beta2)
