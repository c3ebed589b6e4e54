"""RAdam (Liu and others, 2020): Adam that waits until its mean square can be trusted; a warm-up that it works out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECAY, EPSILON


def radam_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """1 − β₁, β₂, 1 − β₂, ε, λ, 1/(1 − β₁ᵗ), the share of Adam's step and that of plain momentum's."""
    known = 1.0 - k[1] ** t
    longest = 2.0 / (1.0 - k[1]) - 1.0
    length = longest - 2.0 * t * (1.0 - known) / known
    ratio = (length - 4.0) * (length - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * length)
    # The paper rectifies above 4; torch, and the authors' own code, above 5.
    trusted = 1.0 * (length > 5.0)
    adaptive = trusted * abs(ratio * known) ** 0.5
    return 1.0 - k[0], k[1], 1.0 - k[1], k[2], k[3], 1.0 / (1.0 - k[0] ** t), adaptive, 1.0 - trusted


def radam_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, m: Real, v: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: w ← w − η·m̂·r·√(1 − β₂ᵗ)/(√v + ε), or w − η·m̂ while v is not yet trusted."""
    g = g + now[4] * w
    m = m + now[0] * (g - m)
    v = now[1] * v + now[2] * g * g
    return w - rate * now[5] * m * (now[6] / (sqrt(v) + now[3]) + now[7]), m, v


@dataclass(frozen=True)
class RAdam(Elementwise):
    """Adam whose steps are scaled by how well its mean square is known, and plain momentum for the first few.

    Attributes:
        beta1: β₁, decay of the mean gradient.
        beta2: β₂, decay of the mean square, from ½ on: below, the rectification has no meaning.
        epsilon: ε, under the root of v before its correction, as in torch.
        decay: λ, added to the gradient as λ·w.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "radam"
    title: ClassVar[str] = "RAdam"
    formula: ClassVar[str] = (
        r"\rho_t = \rho_\infty - \frac{2t\beta_2^t}{1 - \beta_2^t},\quad r_t = \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)"
        r"\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\rho_t}},\quad "
        r"w \leftarrow w - \eta\,r_t\,\hat m\,\frac{\sqrt{1 - \beta_2^t}}{\sqrt v + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Liu and others", 2020)
    parameters: ClassVar[tuple[Parameter, ...]] = (BETA1, replace(BETA2, least=0.5), EPSILON, DECAY)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    # Its first steps multiply the gradient; where that is steep, they decide whether there are others.
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(radam_constants)
    rule: ClassVar[Rule] = staticmethod(radam_rule)
