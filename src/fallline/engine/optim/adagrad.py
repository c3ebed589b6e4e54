"""AdaGrad (Duchi, Hazan and Singer, 2011): each weight's steps shrink with all the slope that it has ever seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, EPSILON

START = Parameter("start", "s₀", "Sum of squares at the start", 0.0, 0.0, 1.0)


def adagrad_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ε and the decay λ; nothing depends on the step."""
    return k[0], k[2]


def adagrad_rule(w: Real, g: Real, rate: Real, s: Real, now: tuple[Real, ...], sqrt: Real) -> tuple[Real, Real]:
    """One element: s ← s + g²; w ← w − η·g/(√s + ε)."""
    g = g + now[1] * w
    s = s + g * g
    return w - rate * g / (sqrt(s) + now[0]), s


@dataclass(frozen=True)
class AdaGrad(Elementwise):
    """Divides by the root of the summed squares: s ← s + g²; w ← w − η·g/(√s + ε).

    Attributes:
        epsilon: ε, outside the root as in torch.
        start: s before the first step: 0 in torch, 0.1 in Keras, which is why the two part at once.
        decay: λ, added to the gradient as λ·w.
    """

    epsilon: float = 1e-10
    start: float = 0.0
    decay: float = 0.0

    name: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "AdaGrad"
    formula: ClassVar[str] = r"s \leftarrow s + g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{s} + \varepsilon}"
    source: ClassVar[tuple[str, int]] = ("Duchi, Hazan and Singer", 2011)
    parameters: ClassVar[tuple[Parameter, ...]] = (replace(EPSILON, default=1e-10), START, DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(adagrad_constants)
    rule: ClassVar[Rule] = staticmethod(adagrad_rule)
    limit: ClassVar[str] = "∞"

    @property
    def initial(self) -> tuple[float, ...]:
        """The sum of squares starts at `start`."""
        return (self.start,)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns infinity: a step too long adds to the sum, which divides the later ones until they are stable.

        Proven for every smooth convex loss by Traoré and Pauwels (2021).
        """
        del curvature
        return inf
