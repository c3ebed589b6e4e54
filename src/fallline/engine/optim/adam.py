"""Adam (Kingma and Ba, 2015): momentum over RMSProp, both corrected for starting at zero.

Departs from torch's code, not from its definition, in multiplying by the reciprocals of the two corrections instead of
dividing by them: one division an element instead of three, and a difference of one rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECAY, EPSILON


def adam_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, and the corrections 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ)."""
    beta1, beta2 = k[0], k[1]
    return 1.0 - beta1, beta2, 1.0 - beta2, k[2], k[3], 1.0 / (1.0 - beta1**t), 1.0 / (1.0 - beta2**t) ** 0.5


def adam_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: m ← m + (1 − β₁)(g − m); v ← β₂·v + (1 − β₂)·g²; w ← w − η·m̂/(√v̂ + ε)."""
    g = g + now[4] * w
    m = m + now[0] * (g - m)
    v = now[1] * v + now[2] * g * g
    return w - rate * now[5] * m / (sqrt(v) * now[6] + now[3]), m, v


@dataclass(frozen=True)
class Adam(Elementwise):
    """Divides the running mean of gradients by the root of the running mean of their squares.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction, as in torch.
        decay: λ, added to the gradient as λ·w; it is then divided like any slope, which AdamW mends.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    formula: ClassVar[str] = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g,\quad v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2,\quad "
        r"w \leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Kingma and Ba", 2015)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, EPSILON, DECAY)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(adam_constants)
    rule: ClassVar[Rule] = staticmethod(adam_rule)
