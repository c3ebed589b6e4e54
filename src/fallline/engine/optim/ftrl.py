"""FTRL-Proximal (McMahan and others, 2013): AdaGrad that can set weights to exactly zero, made for sparse features.

Follow the regularised leader: the weights minimise the sum of all gradients so far, each pulled to where it was seen,
plus λ₁·|w| + ½·λ₂·w².
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter

ONSET = Parameter("beta", "β", "Slope to which the first steps are damped", 1.0, 0.0, 2.0)
FIRST = Parameter("l1", "λ₁", "Pull to exactly zero", 0.0, 0.0, 1.0)
SECOND = Parameter("l2", "λ₂", "Pull towards zero", 0.0, 0.0, 1.0)
START = Parameter("start", "n₀", "Sum of squares at the start", 0.0, 0.0, 1.0)


def ftrl_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β, λ₁, λ₂, and 1 at the first step."""
    return k[0], k[1], k[2], 1.0 * (t == 1.0)


def ftrl_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, n: Real, z: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: z ← z + g − (√(n + g²) − √n)·w/η; n ← n + g²; w ← −(z ∓ λ₁)/((β + √n)/η + λ₂), 0 if |z| ≤ λ₁."""
    pull = now[1] + 0.0 * w
    # The paper starts at w = 0. Anywhere else, the leader of nothing is told to be where the start is.
    z = z - now[3] * (w * ((now[0] + sqrt(n)) / rate + now[2]) + (w > 0) * pull - (w < 0) * pull)
    total = n + g * g
    z = z + g - (sqrt(total) - sqrt(n)) / rate * w
    within = (abs(z) <= now[1]) * z + (z > now[1]) * pull - (z < -now[1]) * pull
    return (within - z) / ((now[0] + sqrt(total)) / rate + now[2]), total, z


@dataclass(frozen=True)
class Ftrl(Elementwise):
    """Without penalties AdaGrad with a damped start; with λ₁, weights that do not earn their keep are exactly zero.

    Made for a constant rate: weights are what it remembers times η, so a rate that falls to zero takes them along.

    Attributes:
        beta: β, under the first steps.
        l1: λ₁ of λ₁·|w|.
        l2: λ₂ of ½·λ₂·w²; Keras means λ₂·w² by the same name.
        start: n before the first step: 0 in the paper, 0.1 in Keras.
    """

    beta: float = 1.0
    l1: float = 0.0
    l2: float = 0.0
    start: float = 0.0

    name: ClassVar[str] = "ftrl"
    title: ClassVar[str] = "FTRL"
    formula: ClassVar[str] = (
        r"z \leftarrow z + g - \frac{\sqrt{n + g^2} - \sqrt n}{\eta}\,w,\quad n \leftarrow n + g^2,\quad "
        r"w \leftarrow -\frac{z - \lambda_1\operatorname{sign} z}{(\beta + \sqrt n) / \eta + \lambda_2}"
        r"\text{ or } 0 \text{ if } |z| \le \lambda_1"
    )
    source: ClassVar[tuple[str, int]] = ("McMahan and others", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (ONSET, FIRST, SECOND, START)
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.1
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(ftrl_constants)
    rule: ClassVar[Rule] = staticmethod(ftrl_rule)

    @property
    def initial(self) -> tuple[float, ...]:
        """The sum of squares starts at `start`."""
        return self.start, 0.0
