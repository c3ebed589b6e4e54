"""Nesterov's momentum (1983): the heavy ball with a correction for where it is about to be.

Torch's form (Sutskever and others, 2013, in shifted weights): the point that it keeps is the one that looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, MOMENTUM


def nesterov_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β and the decay λ; nothing depends on the step."""
    return k[0], k[1]


def nesterov_rule(w: Real, g: Real, rate: Real, m: Real, now: tuple[Real, ...], _sqrt: Real) -> tuple[Real, Real]:
    """One element: m ← β·m + g; w ← w − η·(g + β·m)."""
    g = g + now[1] * w
    m = now[0] * m + g
    return w - rate * (g + now[0] * m), m


@dataclass(frozen=True)
class Nesterov(Elementwise):
    """Looks ahead along its own speed: m ← β·m + g; w ← w − η·(g + β·m).

    Attributes:
        momentum: β, the share of its speed that it keeps at each step.
        decay: λ, added to the gradient as λ·w.
    """

    momentum: float = 0.9
    decay: float = 0.0

    name: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov"
    formula: ClassVar[str] = r"m \leftarrow \beta m + g,\quad w \leftarrow w - \eta\,(g + \beta m)"
    source: ClassVar[tuple[str, int]] = ("Nesterov", 1983)
    parameters: ClassVar[tuple[Parameter, ...]] = (MOMENTUM, DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(nesterov_constants)
    rule: ClassVar[Rule] = staticmethod(nesterov_rule)
    limit: ClassVar[str] = "2(1 + β)/((1 + 2β)λmax)"

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns 2(1 + β)/((1 + 2β)(λmax + decay)): looking ahead lowers the limit of the heavy ball."""
        sharpest = curvature + self.decay
        return 2.0 * (1.0 + self.momentum) / ((1.0 + 2.0 * self.momentum) * sharpest) if sharpest > 0.0 else inf
