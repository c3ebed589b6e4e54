"""AdamW (Loshchilov and Hutter, 2019): Adam whose weight decay acts on the weights, not through the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON


def adamw_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, and the corrections 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ)."""
    beta1, beta2 = k[0], k[1]
    return 1.0 - beta1, beta2, 1.0 - beta2, k[2], k[3], 1.0 / (1.0 - beta1**t), 1.0 / (1.0 - beta2**t) ** 0.5


def adamw_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: w ← (1 − η·λ)·w, then Adam's step without decay; torch, too, multiplies the decay by the rate."""
    m = m + now[0] * (g - m)
    v = now[1] * v + now[2] * g * g
    return w * (1.0 - rate * now[4]) - rate * now[5] * m / (sqrt(v) * now[6] + now[3]), m, v


@dataclass(frozen=True)
class AdamW(Elementwise):
    """Adam with decoupled weight decay: the weights shrink by η·λ of themselves at each step.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction, as in torch.
        decay: λ.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.01

    name: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    formula: ClassVar[str] = (
        r"w \leftarrow (1 - \eta\lambda)\,w - "
        r"\eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Loshchilov and Hutter", 2019)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, EPSILON, DECOUPLED_DECAY)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(adamw_constants)
    rule: ClassVar[Rule] = staticmethod(adamw_rule)
