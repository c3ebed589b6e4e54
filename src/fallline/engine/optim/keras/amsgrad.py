"""AMSGrad in the dialect of Keras: ``keras.optimizers.Adam(amsgrad=True)``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.adam import keras_adam_constants
from fallline.engine.optim.keras.parameters import MOMENTS, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_amsgrad_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, top: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: Keras' Adam under the largest v so far."""
    m = m + now[0] * (g - m)
    v = v + now[1] * (g * g - v)
    top = (top >= v) * top + (top < v) * v
    return w - rate * now[3] * w - rate * now[4] * m / (sqrt(top) + now[2]), m, v, top


@dataclass(frozen=True)
class KerasAMSGrad(Elementwise):
    """Differs from torch's AMSGrad as Keras' Adam does from torch's: ε-hat, and a decay that is decoupled.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε-hat, beside the root before its correction.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "amsgrad"
    title: ClassVar[str] = "AMSGrad"
    formula: ClassVar[str] = (
        r"\hat v \leftarrow \max(\hat v, v),\quad w \leftarrow w - "
        r"\eta\,\frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,\frac{m}{\sqrt{\hat v} + \hat\varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Reddi, Kale and Kumar", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = MOMENTS
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_adam_constants)
    rule: ClassVar[Rule] = staticmethod(keras_amsgrad_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The parameters, and β₁ and β₂ as Keras raises them to a power."""
        decay = rounded(self.decay)
        return self.beta1, self.beta2, self.epsilon, decay, rounded(self.beta1), rounded(self.beta2)
