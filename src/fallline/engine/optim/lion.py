"""Lion (Chen and others, 2023): only the sign of a momentum; found by a search over programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY


def lion_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β₁, 1 − β₁, β₂, 1 − β₂ and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], 1.0 - k[1], k[2]


def lion_rule(w: Real, g: Real, rate: Real, m: Real, now: tuple[Real, ...], _sqrt: Real) -> tuple[Real, Real]:
    """One element: w ← (1 − η·λ)·w − η·sign(β₁·m + (1 − β₁)·g); m ← β₂·m + (1 − β₂)·g."""
    aim = now[0] * m + now[1] * g
    stride = rate + 0.0 * aim
    return w * (1.0 - rate * now[4]) - (aim > 0) * stride + (aim < 0) * stride, now[2] * m + now[3] * g


@dataclass(frozen=True)
class Lion(Elementwise):
    """Moves every weight by exactly the rate, towards where momentum and gradient point; it never settles by itself.

    Attributes:
        beta1: β₁, the share of momentum in the direction of this step.
        beta2: β₂, decay of the momentum that is kept.
        decay: λ, decoupled.
    """

    beta1: float = 0.9
    beta2: float = 0.99
    decay: float = 0.0

    name: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    formula: ClassVar[str] = (
        r"w \leftarrow w - \eta\bigl(\operatorname{sign}(\beta_1 m + (1 - \beta_1)\,g) + \lambda w\bigr),\quad "
        r"m \leftarrow \beta_2 m + (1 - \beta_2)\,g"
    )
    source: ClassVar[tuple[str, int]] = ("Chen and others", 2023)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(BETA1, title="Momentum in the direction"),
        replace(BETA2, default=0.99, title="Decay of the momentum"),
        replace(DECOUPLED_DECAY, default=0.0),
    )
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 1e-4
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(lion_constants)
    rule: ClassVar[Rule] = staticmethod(lion_rule)
