"""RMSProp in the dialect of Keras: ``keras.optimizers.RMSprop``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, KERAS_EPSILON, KERAS_SMOOTHING, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_rmsprop_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """ρ, 1 − ρ, ε and the decay λ; nothing depends on the step."""
    return k[0], 1.0 - k[0], k[1], k[2]


def keras_rmsprop_rule(w: Real, g: Real, rate: Real, v: Real, now: tuple[Real, ...], sqrt: Real) -> tuple[Real, Real]:
    """One element: v ← ρ·v + (1 − ρ)·g²; w ← (1 − η·λ)·w − η·g/√(v + ε)."""
    v = now[0] * v + now[1] * g * g
    return w - rate * now[3] * w - rate * g / sqrt(v + now[2]), v


@dataclass(frozen=True)
class KerasRMSProp(Elementwise):
    """Takes the root of v + ε instead of adding ε to the root, and forgets ten times faster than torch's by default.

    Where slopes are below √ε = 3·10⁻⁴ its steps shrink in proportion to the slope; torch's keep their length.

    Attributes:
        smoothing: ρ.
        epsilon: ε, inside the root.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    smoothing: float = 0.9
    epsilon: float = 1e-7
    decay: float = 0.0

    name: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSProp"
    formula: ClassVar[str] = (
        r"v \leftarrow \rho v + (1 - \rho)\,g^2,\quad w \leftarrow w - \eta\,\frac{g}{\sqrt{v + \varepsilon}}"
    )
    source: ClassVar[tuple[str, int]] = ("Tieleman and Hinton", 2012)
    parameters: ClassVar[tuple[Parameter, ...]] = (KERAS_SMOOTHING, KERAS_EPSILON, KERAS_DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_rmsprop_constants)
    rule: ClassVar[Rule] = staticmethod(keras_rmsprop_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay rounded as Keras rounds it."""
        return self.smoothing, self.epsilon, rounded(self.decay)
