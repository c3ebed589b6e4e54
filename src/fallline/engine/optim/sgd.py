"""SGD as libraries have it (Robbins and Monro, 1951; Polyak, 1964; Nesterov, 1983): momentum, dampening, a look ahead.

It is stochastic when its gradients are: on the whole of the data, and without momentum, it is gradient descent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, MOMENTUM, NESTEROV

DAMPENING = Parameter("dampening", "δ", "Dampening of what momentum takes in", 0.0, 0.0, 1.0, below=1.0 + 1e-9)


def sgd_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β, 1 − δ, ν and the decay λ; the first step is never dampened, nor is one without momentum, as in torch."""
    return k[0], 1.0 - k[1] * (t > 1.0) * (k[0] > 0.0), k[2], k[3]


def sgd_rule(w: Real, g: Real, rate: Real, m: Real, now: tuple[Real, ...], _sqrt: Real) -> tuple[Real, Real]:
    """One element: m ← β·m + (1 − δ)·g; w ← w − η·m, or w − η·(g + β·m) when it looks ahead."""
    g = g + now[3] * w
    m = now[0] * m + now[1] * g
    return w - rate * ((1.0 - now[2]) * m + now[2] * (g + now[0] * m)), m


@dataclass(frozen=True)
class SGD(Elementwise):
    """Steps down a gradient that may be noisy: m ← β·m + (1 − δ)·g; w ← w − η·m.

    Attributes:
        momentum: β, the share of its speed that it keeps at each step.
        dampening: δ, the share of the gradient that momentum leaves out.
        nesterov: 1 looks ahead: w ← w − η·(g + β·m).
        decay: λ, added to the gradient as λ·w.
    """

    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: float = 0.0
    decay: float = 0.0

    name: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = r"m \leftarrow \beta m + (1 - \delta)\,g,\quad w \leftarrow w - \eta\,m"
    source: ClassVar[tuple[str, int]] = ("Robbins and Monro", 1951)
    parameters: ClassVar[tuple[Parameter, ...]] = (replace(MOMENTUM, default=0.0), DAMPENING, NESTEROV, DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(sgd_constants)
    rule: ClassVar[Rule] = staticmethod(sgd_rule)
    limit: ClassVar[str] = "2(1 + β)/((1 − δ)λmax), or 2(1 + β)/((1 + β + β(1 − δ))λmax) looking ahead"

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the rate at which a root of the recursion on a parabola passes −1."""
        beta, taken = self.momentum, 1.0 - self.dampening * (self.momentum > 0.0)
        gain = 1.0 + beta + beta * taken if self.nesterov else taken
        pull = gain * (curvature + self.decay)
        return 2.0 * (1.0 + beta) / pull if pull > 0.0 else inf
