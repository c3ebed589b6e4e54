"""NAdam (Dozat, 2016): Adam whose momentum looks ahead, as Nesterov's does, and warms up.

The product of all momenta so far is a memory of its own. Torch keeps it in its default precision, float32 unless told
otherwise, which moves a path in float64 by about 1e-9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECAY, EPSILON

WARMING = Parameter("momentum_decay", "ψ", "How fast the momentum warms up", 0.004, 0.0, 1.0)


def nadam_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, the momenta μ of this step and the next, and 1/√(1 − β₂ᵗ)."""
    now = k[0] * (1.0 - 0.5 * 0.96 ** (t * k[3]))
    following = k[0] * (1.0 - 0.5 * 0.96 ** ((t + 1.0) * k[3]))
    return 1.0 - k[0], k[1], 1.0 - k[1], k[2], k[4], now, following, 1.0 / (1.0 - k[1] ** t) ** 0.5


def nadam_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, product: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: w ← w − η·(μ′·m/(1 − Πμ·μ′) + (1 − μ)·g/(1 − Πμ))/(√v̂ + ε)."""
    g = g + now[4] * w
    product = product * now[5]
    m = m + now[0] * (g - m)
    v = now[1] * v + now[2] * g * g
    divisor = sqrt(v) * now[7] + now[3]
    # Two steps one after the other, as torch takes them: in float32 each rounds the weights.
    w = w - rate * (1.0 - now[5]) / (1.0 - product) * (g / divisor)
    return w - rate * now[6] / (1.0 - product * now[6]) * (m / divisor), m, v, product


@dataclass(frozen=True)
class NAdam(Elementwise):
    """Adam that steps by the momentum of the next step instead of this one's.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction, as in torch.
        momentum_decay: ψ in μₜ = β₁(1 − ½·0.96^(t·ψ)); Dozat and Keras have 1.
        decay: λ, added to the gradient as λ·w.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    momentum_decay: float = 0.004
    decay: float = 0.0

    name: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"
    formula: ClassVar[str] = (
        r"\mu_t = \beta_1\bigl(1 - \tfrac12\,0.96^{t\psi}\bigr),\quad w \leftarrow w - \frac{\eta}{\sqrt{\hat v} + "
        r"\varepsilon}\Bigl(\frac{\mu_{t+1} m}{1 - \prod_{i=1}^{t+1}\mu_i} + "
        r"\frac{(1 - \mu_t)\,g}{1 - \prod_{i=1}^{t}\mu_i}\Bigr)"
    )
    source: ClassVar[tuple[str, int]] = ("Dozat", 2016)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, EPSILON, WARMING, DECAY)
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.002
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(nadam_constants)
    rule: ClassVar[Rule] = staticmethod(nadam_rule)

    @property
    def initial(self) -> tuple[float, ...]:
        """The product of no momenta is 1."""
        return 0.0, 0.0, 1.0
