"""Adamax in the dialect of Keras: ``keras.optimizers.Adamax``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import MOMENTS, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_adamax_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, ε, λ and 1/(1 − β₁ᵗ), whose power is of the rounded β₁."""
    return 1.0 - k[0], k[1], k[2], k[3], 1.0 / (1.0 - k[4] ** t)


def keras_adamax_rule(
    w: Real, g: Real, rate: Real, m: Real, u: Real, now: tuple[Real, ...], _sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: u ← max(β₂·u, |g|); w ← (1 − η·λ)·w − η·m̂/(u + ε)."""
    m = m + now[0] * (g - m)
    kept, fresh = now[1] * u, abs(g)
    u = (kept >= fresh) * kept + (kept < fresh) * fresh
    return w - rate * now[3] * w - rate * now[4] * m / (u + now[2]), m, u


@dataclass(frozen=True)
class KerasAdamax(Elementwise):
    """Adds ε to the divisor where torch adds it to each slope, and takes half of torch's default rate.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the largest slope.
        epsilon: ε, added to the divisor.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"
    formula: ClassVar[str] = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g,\quad u \leftarrow \max(\beta_2 u, |g|),\quad "
        r"w \leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{u + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Kingma and Ba", 2015)
    parameters: ClassVar[tuple[Parameter, ...]] = MOMENTS
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_adamax_constants)
    rule: ClassVar[Rule] = staticmethod(keras_adamax_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The parameters, and β₁ as Keras raises it to a power."""
        return self.beta1, self.beta2, self.epsilon, rounded(self.decay), rounded(self.beta1)
