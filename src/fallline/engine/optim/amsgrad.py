"""AMSGrad (Reddi, Kale and Kumar, 2018): Adam that never forgets its largest mean square, so its steps only shrink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECAY, EPSILON


def amsgrad_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, and the corrections 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ)."""
    beta1, beta2 = k[0], k[1]
    return 1.0 - beta1, beta2, 1.0 - beta2, k[2], k[3], 1.0 / (1.0 - beta1**t), 1.0 / (1.0 - beta2**t) ** 0.5


def amsgrad_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, top: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: Adam's m and v; top ← max(top, v); w ← w − η·m̂/(√top̂ + ε)."""
    g = g + now[4] * w
    m = m + now[0] * (g - m)
    v = now[1] * v + now[2] * g * g
    top = (top >= v) * top + (top < v) * v
    # The paper takes the largest of the uncorrected v and corrects nothing; torch corrects the largest.
    return w - rate * now[5] * m / (sqrt(top) * now[6] + now[3]), m, v, top


@dataclass(frozen=True)
class AMSGrad(Elementwise):
    """Adam that divides by the root of the largest mean square so far, which mends a case where Adam does not converge.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction, as in torch.
        decay: λ, added to the gradient as λ·w.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "amsgrad"
    title: ClassVar[str] = "AMSGrad"
    formula: ClassVar[str] = (
        r"\hat v \leftarrow \max(\hat v, v),\quad "
        r"w \leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{\hat v / (1 - \beta_2^t)} + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Reddi, Kale and Kumar", 2018)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, EPSILON, DECAY)
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(amsgrad_constants)
    rule: ClassVar[Rule] = staticmethod(amsgrad_rule)
