"""Adam in the dialect of Keras: ``keras.optimizers.Adam``.

Kingma and Ba give two forms; torch has the one of their algorithm, Keras the one after it, whose ε, called ε-hat,
stands beside the uncorrected √v. At the first step, where √v is 3 % of what it will be, the same ε counts 32 times as
much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import MOMENTS, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_adam_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, 1 − β₂, ε, λ, and √(1 − β₂ᵗ)/(1 − β₁ᵗ), whose powers are of the rounded β."""
    return 1.0 - k[0], 1.0 - k[1], k[2], k[3], (1.0 - k[5] ** t) ** 0.5 / (1.0 - k[4] ** t)


def keras_adam_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: m, v as in torch; w ← (1 − η·λ)·w − η·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)."""
    m = m + now[0] * (g - m)
    v = v + now[1] * (g * g - v)
    return w - rate * now[3] * w - rate * now[4] * m / (sqrt(v) + now[2]), m, v


@dataclass(frozen=True)
class KerasAdam(Elementwise):
    """Has ε beside the uncorrected root, ten times larger than torch's, and a decay that is decoupled.

    It also rounds β₁ and β₂ to float32 before raising them to the t-th power, whatever the weights are, which makes its
    first steps wrong by some 10⁻⁵ of themselves; that is done here too.

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

    name: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g,\quad v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2,\quad "
        r"w \leftarrow w - \eta\,\frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,\frac{m}{\sqrt v + \hat\varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Kingma and Ba", 2015)
    parameters: ClassVar[tuple[Parameter, ...]] = MOMENTS
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
