"""NAdam in the dialect of Keras: ``keras.optimizers.Nadam``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import MOMENTS, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_nadam_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, 1 − β₂, ε, λ, the momentum that enters the product, μ of this step and the next, and 1/√(1 − β₂ᵗ)."""
    entering = k[0] * (1.0 - 0.5 * 0.96**t)
    now, following = k[4] * (1.0 - 0.5 * k[6] ** t), k[4] * (1.0 - 0.5 * k[6] ** (t + 1.0))
    return 1.0 - k[4], 1.0 - k[5], k[2], k[3], entering, now, following, 1.0 / (1.0 - k[5] ** t) ** 0.5


def keras_nadam_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, product: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: torch's, but for the decay and for which numbers are rounded."""
    product = product * now[4]
    m = m + now[0] * (g - m)
    v = v + now[1] * (g * g - v)
    ahead = now[6] / (1.0 - product * now[6]) * m + (1.0 - now[5]) / (1.0 - product) * g
    return w - rate * now[3] * w - rate * ahead / (sqrt(v) * now[7] + now[2]), m, v, product


@dataclass(frozen=True)
class KerasNAdam(Elementwise):
    """Warms its momentum up as Dozat does, 250 times faster than torch's default; ε and rate differ too.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction: not as in Keras' Adam.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"
    formula: ClassVar[str] = (
        r"\mu_t = \beta_1\bigl(1 - \tfrac12\,0.96^t\bigr),\quad w \leftarrow w - \frac{\eta}{\sqrt{\hat v} + "
        r"\varepsilon}\Bigl(\frac{\mu_{t+1} m}{1 - \prod_{i=1}^{t+1}\mu_i} + "
        r"\frac{(1 - \mu_t)\,g}{1 - \prod_{i=1}^{t}\mu_i}\Bigr)"
    )
    source: ClassVar[tuple[str, int]] = ("Dozat", 2016)
    parameters: ClassVar[tuple[Parameter, ...]] = MOMENTS
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_nadam_constants)
    rule: ClassVar[Rule] = staticmethod(keras_nadam_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The parameters, and β₁, β₂ and 0.96 as Keras' step has them; its product has β₁ and 0.96 unrounded."""
        own = self.beta1, self.beta2, self.epsilon, rounded(self.decay)
        return *own, rounded(self.beta1), rounded(self.beta2), rounded(0.96)

    @property
    def initial(self) -> tuple[float, ...]:
        """The product of no momenta is 1."""
        return 0.0, 0.0, 1.0
