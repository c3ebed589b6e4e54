"""RMSProp, centred, in the dialect of Keras: ``keras.optimizers.RMSprop(centered=True)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import (
    KERAS_DECAY,
    KERAS_EPSILON,
    KERAS_MOMENTUM,
    KERAS_SMOOTHING,
    rounded,
)
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_rmsprop_centered_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ρ, 1 − ρ, β, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2], k[3]


def keras_rmsprop_centered_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, v: Real, mean: Real, m: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real, Real]:
    """One element: m ← β·m + η·g/√(v − mean² + ε); w ← (1 − η·λ)·w − m."""
    v = now[0] * v + now[1] * g * g
    mean = now[0] * mean + now[1] * g
    m = now[2] * m + rate * g / sqrt(v - mean * mean + now[3])
    return w - rate * now[4] * w - m, v, mean, m


@dataclass(frozen=True)
class KerasRMSPropCentered(Elementwise):
    """Has ε inside the root, where rounding may take v − mean² below zero, and a momentum that holds the rate.

    Attributes:
        smoothing: ρ, decay of both running means.
        momentum: β, the share of its speed that it keeps at each step.
        epsilon: ε, inside the root.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    smoothing: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "rmsprop_centered"
    title: ClassVar[str] = "RMSProp, centred"
    formula: ClassVar[str] = (
        r"v \leftarrow \rho v + (1 - \rho)\,g^2,\quad \bar g \leftarrow \rho \bar g + (1 - \rho)\,g,\quad "
        r"m \leftarrow \beta m + \eta\,\frac{g}{\sqrt{v - \bar g^2 + \varepsilon}},\quad w \leftarrow w - m"
    )
    source: ClassVar[tuple[str, int]] = ("Graves", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        KERAS_SMOOTHING,
        replace(KERAS_MOMENTUM, default=0.0),
        KERAS_EPSILON,
        KERAS_DECAY,
    )
    memories: ClassVar[int] = 3
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_rmsprop_centered_constants)
    rule: ClassVar[Rule] = staticmethod(keras_rmsprop_centered_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay rounded as Keras rounds it."""
        return self.smoothing, self.momentum, self.epsilon, rounded(self.decay)
