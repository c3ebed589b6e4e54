"""RMSProp, centred (Graves, 2013): divides by the standard deviation of the gradient, and may keep its speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, EPSILON, MOMENTUM, SMOOTHING


def rmsprop_centered_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """α, 1 − α, β, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2], k[3]


def rmsprop_centered_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, mean: Real, m: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: m ← β·m + g/(√(v − mean²) + ε); w ← w − η·m, with v and mean the running means of g² and g."""
    g = g + now[4] * w
    v = now[0] * v + now[1] * g * g
    mean = mean + now[1] * (g - mean)
    m = now[2] * m + g / (sqrt(v - mean * mean) + now[3])
    return w - rate * m, v, mean, m


@dataclass(frozen=True)
class RMSPropCentered(Elementwise):
    """Divides by the root of a running variance instead of a running mean of squares, with momentum if wanted.

    Attributes:
        smoothing: α, decay of both running means.
        momentum: β, the share of its speed that it keeps at each step.
        epsilon: ε, outside the root as in torch.
        decay: λ, added to the gradient as λ·w.
    """

    smoothing: float = 0.99
    momentum: float = 0.0
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "rmsprop_centered"
    title: ClassVar[str] = "RMSProp, centred"
    formula: ClassVar[str] = (
        r"v \leftarrow \alpha v + (1 - \alpha)\,g^2,\quad \bar g \leftarrow \alpha \bar g + (1 - \alpha)\,g,\quad "
        r"m \leftarrow \beta m + \frac{g}{\sqrt{v - \bar g^2} + \varepsilon},\quad w \leftarrow w - \eta\,m"
    )
    source: ClassVar[tuple[str, int]] = ("Graves", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (SMOOTHING, replace(MOMENTUM, default=0.0), EPSILON, DECAY)
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(rmsprop_centered_constants)
    rule: ClassVar[Rule] = staticmethod(rmsprop_centered_rule)
