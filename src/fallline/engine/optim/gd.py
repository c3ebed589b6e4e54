"""Gradient descent (Cauchy, 1847): straight down, in proportion to the slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY


def gd_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """The decay λ; nothing depends on the step."""
    return (k[0],)


def gd_rule(w: Real, g: Real, rate: Real, now: tuple[Real, ...], _sqrt: Real) -> Real:
    """One element: w ← w − η·(g + λ·w)."""
    return w - rate * (g + now[0] * w)


@dataclass(frozen=True)
class GradientDescent(Elementwise):
    """Steps down the slope: w ← w − η·(g + λ·w).

    Attributes:
        decay: λ, added to the gradient as λ·w.
    """

    decay: float = 0.0

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    formula: ClassVar[str] = r"w \leftarrow w - \eta\,g"
    source: ClassVar[tuple[str, int]] = ("Cauchy", 1847)
    parameters: ClassVar[tuple[Parameter, ...]] = (DECAY,)
    memories: ClassVar[int] = 0
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(gd_constants)
    rule: ClassVar[Rule] = staticmethod(gd_rule)
    limit: ClassVar[str] = "2/λmax"

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns 2/(λmax + decay): each step multiplies the error by 1 − η·λ."""
        sharpest = curvature + self.decay
        return 2.0 / sharpest if sharpest > 0.0 else inf
