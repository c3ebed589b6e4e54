"""Schedule-Free AdamW (Defazio and others, 2024): averages its path instead of lowering its rate.

Three points: z takes AdamW's steps, x averages z and is the one to keep, and y, between them, is where gradients are
taken. The loop holds y as its weights; `judged` gives x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Judge, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import BETA1, BETA2, DECOUPLED_DECAY, EPSILON


def schedule_free_constants(t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β₁, β₂, 1 − β₂, ε, λ, the correction 1/√(1 − β₂ᵗ), and 1 at the first step."""
    return k[0], k[1], 1.0 - k[1], k[2], k[3], 1.0 / (1.0 - k[1] ** t) ** 0.5, 1.0 * (t == 1.0)


def schedule_free_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, z: Real, total: Real, top: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, ...]:
    """One element: z ← z − η·u; x ← (1 − c)·x + c·z; y ← (1 − β₁)·z + β₁·x, with u AdamW's step at y.

    As in the authors' code, a step weighs as the square of the largest rate so far: c = η²/Σ η², which is 1/t under a
    constant rate, and the decay acts at y.
    """
    z = z + now[6] * w
    pace = rate + 0.0 * w
    top = (pace >= top) * pace + (pace < top) * top
    total = total + top * top
    share = top * top / total
    v = now[1] * v + now[2] * g * g
    step = rate * (g / (sqrt(v) * now[5] + now[3]) + now[4] * w)
    return w + share * (z - w) + (now[0] * (1.0 - share) - 1.0) * step, v, z - step, total, top


def schedule_free_judge(w: Real, _v: Real, z: Real, _total: Real, _top: Real, k: Sequence[Real]) -> Real:
    """One element: the average x, worked out from y = (1 − β₁)·z + β₁·x."""
    return (w - (1.0 - k[0]) * z) / k[0]


@dataclass(frozen=True)
class ScheduleFree(Elementwise):
    """AdamW's steps from a point between the last step and the average of all, the average being the result.

    Attributes:
        beta1: β₁, how near to the average gradients are taken.
        beta2: β₂, decay of the mean square.
        epsilon: ε, outside the root and after the correction.
        decay: λ, decoupled.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "schedule_free"
    title: ClassVar[str] = "Schedule-Free AdamW"
    formula: ClassVar[str] = (
        r"z \leftarrow z - \eta\Bigl(\frac{g}{\sqrt{\hat v} + \varepsilon} + \lambda y\Bigr),\quad "
        r"x \leftarrow (1 - c)\,x + c\,z,\quad y \leftarrow (1 - \beta_1)\,z + \beta_1 x"
    )
    source: ClassVar[tuple[str, int]] = ("Defazio and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(BETA1, low=0.1, least=0.01, title="How near to the average gradients are taken"),
        BETA2,
        EPSILON,
        replace(DECOUPLED_DECAY, default=0.0),
    )
    memories: ClassVar[int] = 4
    rate: ClassVar[float] = 0.0025
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(schedule_free_constants)
    rule: ClassVar[Rule] = staticmethod(schedule_free_rule)
    judge: ClassVar[Judge | None] = staticmethod(schedule_free_judge)
