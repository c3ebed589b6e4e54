"""RMSProp (Tieleman and Hinton, 2012): AdaGrad that forgets.

Torch's plain form, neither centred nor with momentum. Keras takes the root of v + ε instead, which matters wherever the
slope is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECAY, EPSILON, SMOOTHING


def rmsprop_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """α, 1 − α, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2]


def rmsprop_rule(w: Real, g: Real, rate: Real, v: Real, now: tuple[Real, ...], sqrt: Real) -> tuple[Real, Real]:
    """One element: v ← α·v + (1 − α)·g²; w ← w − η·g/(√v + ε)."""
    g = g + now[3] * w
    v = now[0] * v + now[1] * g * g
    return w - rate * g / (sqrt(v) + now[2]), v


@dataclass(frozen=True)
class RMSProp(Elementwise):
    """Divides by the root of a running mean of squares: v ← α·v + (1 − α)·g²; w ← w − η·g/(√v + ε).

    Attributes:
        smoothing: α.
        epsilon: ε, outside the root as in torch.
        decay: λ, added to the gradient as λ·w.
    """

    smoothing: float = 0.99
    epsilon: float = 1e-8
    decay: float = 0.0

    name: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSProp"
    formula: ClassVar[str] = (
        r"v \leftarrow \alpha v + (1 - \alpha)\,g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{v} + \varepsilon}"
    )
    source: ClassVar[tuple[str, int]] = ("Tieleman and Hinton", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (SMOOTHING, EPSILON, DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(rmsprop_constants)
    rule: ClassVar[Rule] = staticmethod(rmsprop_rule)
