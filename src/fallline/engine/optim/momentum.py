"""The heavy ball (Polyak, 1964): gradient descent with a memory of its own speed.

Torch's convention: the rate stands outside the memory, so lowering it slows the ball at once. Torch's dampening is left
out; with it the first step would differ from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, MOMENTUM


def momentum_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β and the decay λ; nothing depends on the step."""
    return k[0], k[1]


def momentum_rule(w: Real, g: Real, rate: Real, m: Real, now: tuple[Real, ...], _sqrt: Real) -> tuple[Real, Real]:
    """One element: m ← β·m + g; w ← w − η·m."""
    m = now[0] * m + (g + now[1] * w)
    return w - rate * m, m


@dataclass(frozen=True)
class Momentum(Elementwise):
    """Rolls down like a heavy ball: m ← β·m + g; w ← w − η·m.

    Attributes:
        momentum: β, the share of its speed that it keeps at each step.
        decay: λ, added to the gradient as λ·w.
    """

    momentum: float = 0.9
    decay: float = 0.0

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum"
    formula: ClassVar[str] = r"m \leftarrow \beta m + g,\quad w \leftarrow w - \eta\,m"
    source: ClassVar[tuple[str, int]] = ("Polyak", 1964)
    parameters: ClassVar[tuple[Parameter, ...]] = (MOMENTUM, DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(momentum_constants)
    rule: ClassVar[Rule] = staticmethod(momentum_rule)
    limit: ClassVar[str] = "2(1 + β)/λmax"

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns 2(1 + β)/(λmax + decay): beyond it the root near −1 of z² − (1 + β − η·λ)z + β leaves the circle."""
        sharpest = curvature + self.decay
        return 2.0 * (1.0 + self.momentum) / sharpest if sharpest > 0.0 else inf
