"""AdaDelta (Zeiler, 2012): the step is measured in units of past steps, so it wants no rate.

Zeiler's method has no rate; torch and Keras multiply by one all the same, and with torch's 1 it is Zeiler's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, EPSILON, SMOOTHING


def adadelta_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ρ, 1 − ρ, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2]


def adadelta_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, u: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: v ← ρ·v + (1 − ρ)·g²; δ = g·√(u + ε)/√(v + ε); u ← ρ·u + (1 − ρ)·δ²; w ← w − η·δ."""
    g = g + now[3] * w
    v = now[0] * v + now[1] * g * g
    step = sqrt(u + now[2]) / sqrt(v + now[2]) * g
    return w - rate * step, v, now[0] * u + now[1] * step * step


@dataclass(frozen=True)
class AdaDelta(Elementwise):
    """Divides the root mean square of its past steps by that of its gradients, and goes so far along the slope.

    Attributes:
        smoothing: ρ, decay of both mean squares.
        epsilon: ε, inside both roots; its root is the length of the first steps.
        decay: λ, added to the gradient as λ·w.
    """

    smoothing: float = 0.9
    epsilon: float = 1e-6
    decay: float = 0.0

    name: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "AdaDelta"
    formula: ClassVar[str] = (
        r"v \leftarrow \rho v + (1 - \rho)\,g^2,\quad \delta = \sqrt{\frac{u + \varepsilon}{v + \varepsilon}}\,g,\quad "
        r"u \leftarrow \rho u + (1 - \rho)\,\delta^2,\quad w \leftarrow w - \eta\,\delta"
    )
    source: ClassVar[tuple[str, int]] = ("Zeiler", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(SMOOTHING, symbol="ρ", title="Decay of the mean squares", default=0.9),
        replace(EPSILON, default=1e-6, title="Floor under both mean squares"),
        DECAY,
    )
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 1.0
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "share"
    constants: ClassVar[Constants] = staticmethod(adadelta_constants)
    rule: ClassVar[Rule] = staticmethod(adadelta_rule)
