"""Adamax (Kingma and Ba, 2015, section 7.1): Adam under the largest slope instead of the mean square."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECAY, EPSILON


def adamax_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, ε, λ and the correction 1/(1 − β₁ᵗ)."""
    return 1.0 - k[0], k[1], k[2], k[3], 1.0 / (1.0 - k[0] ** t)


def adamax_rule(
    w: Real, g: Real, rate: Real, m: Real, u: Real, now: tuple[Real, ...], _sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: m ← m + (1 − β₁)(g − m); u ← max(β₂·u, |g| + ε); w ← w − η·m̂/u."""
    g = g + now[3] * w
    m = m + now[0] * (g - m)
    # The paper has no ε; torch adds it to each slope, Keras to the divisor.
    kept, fresh = now[1] * u, abs(g) + now[2]
    u = (kept >= fresh) * kept + (kept < fresh) * fresh
    return w - rate * now[4] * m / u, m, u


@dataclass(frozen=True)
class Adamax(Elementwise):
    """Divides the running mean of gradients by the largest recent slope, which fades by β₂ at each step.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the largest slope.
        epsilon: ε, added to each slope as in torch.
        decay: λ, added to the gradient as λ·w.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"
    formula: ClassVar[str] = (
        r"m \leftarrow \beta_1 m + (1 - \beta_1)\,g,\quad u \leftarrow \max(\beta_2 u, |g| + \varepsilon),\quad "
        r"w \leftarrow w - \eta\,\frac{m / (1 - \beta_1^t)}{u}"
    )
    source: ClassVar[tuple[str, int]] = ("Kingma and Ba", 2015)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, BETA2, EPSILON, DECAY)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.002
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(adamax_constants)
    rule: ClassVar[Rule] = staticmethod(adamax_rule)
