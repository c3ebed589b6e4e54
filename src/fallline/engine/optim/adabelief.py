"""AdaBelief (Zhuang and others, 2020): divides by how far the gradient is from what was expected of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON


def adabelief_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, and the corrections 1/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ)."""
    beta1, beta2 = k[0], k[1]
    return 1.0 - beta1, beta2, 1.0 - beta2, k[2], k[3], 1.0 / (1.0 - beta1**t), 1.0 / (1.0 - beta2**t) ** 0.5


def adabelief_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, s: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: m as Adam; s ← β₂·s + (1 − β₂)(g − m)² + ε; w ← (1 − η·λ)·w − η·m̂/(√ŝ + ε)."""
    m = m + now[0] * (g - m)
    s = now[1] * s + now[2] * (g - m) * (g - m) + now[3]
    return w * (1.0 - rate * now[4]) - rate * now[5] * m / (sqrt(s) * now[6] + now[3]), m, s


@dataclass(frozen=True)
class AdaBelief(Elementwise):
    """Adam that takes long steps where the gradient is as expected, however large, and short ones where it surprises.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean squared surprise.
        epsilon: ε, added to s at every step and to its root, as in the paper.
        decay: λ, decoupled as in the authors' own code.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-16
    decay: float = 0.0

    name: ClassVar[str] = "adabelief"
    title: ClassVar[str] = "AdaBelief"
    formula: ClassVar[str] = (
        r"s \leftarrow \beta_2 s + (1 - \beta_2)(g - m)^2 + \varepsilon,\quad "
        r"w \leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Zhuang and others", 2020)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        BETA1,
        replace(BETA2, title="Decay of the mean squared surprise"),
        replace(EPSILON, default=1e-16, low=1e-16),
        replace(DECOUPLED_DECAY, default=0.0),
    )
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(adabelief_constants)
    rule: ClassVar[Rule] = staticmethod(adabelief_rule)
