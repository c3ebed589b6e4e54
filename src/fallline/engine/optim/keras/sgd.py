"""SGD in the dialect of Keras: ``keras.optimizers.SGD``, whose velocity holds the rate of the steps that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.keras.parameters import KERAS_DECAY, KERAS_MOMENTUM, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import NESTEROV


def keras_sgd_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β, ν and the decay λ; nothing depends on the step."""
    return k[0], k[1], k[2]


def keras_sgd_rule(w: Real, g: Real, rate: Real, m: Real, now: tuple[Real, ...], _sqrt: Real) -> tuple[Real, Real]:
    """One element: m ← β·m − η·g; w ← (1 − η·λ)·w + m, or + β·m − η·g when it looks ahead."""
    m = now[0] * m - rate * g
    return w - rate * now[2] * w + (1.0 - now[1]) * m + now[1] * (now[0] * m - rate * g), m


@dataclass(frozen=True)
class KerasSGD(Elementwise):
    """Under a constant rate torch's SGD; when the rate falls, the speed gathered before is kept and only then fades.

    Attributes:
        momentum: β, the share of its speed that it keeps at each step.
        nesterov: 1 looks ahead.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    momentum: float = 0.0
    nesterov: float = 0.0
    decay: float = 0.0

    name: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"
    formula: ClassVar[str] = r"m \leftarrow \beta m - \eta\,g,\quad w \leftarrow w + m"
    source: ClassVar[tuple[str, int]] = ("Robbins and Monro", 1951)
    parameters: ClassVar[tuple[Parameter, ...]] = (replace(KERAS_MOMENTUM, default=0.0), NESTEROV, KERAS_DECAY)
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.01
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "slope"
    constants: ClassVar[Constants] = staticmethod(keras_sgd_constants)
    rule: ClassVar[Rule] = staticmethod(keras_sgd_rule)
    dialect: ClassVar[Dialect] = "keras"
    limit: ClassVar[str] = "2(1 + β)/λmax, or 2(1 + β)/((1 + 2β)λmax) looking ahead"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """Momentum and decay rounded as Keras rounds them."""
        return rounded(self.momentum), self.nesterov, rounded(self.decay)

    def largest_stable_rate(self, curvature: float) -> float | None:
        """Returns the limit of torch's SGD; None with a decay, which shifts it."""
        return momentum_limit(curvature, self.momentum, self.decay, ahead=bool(self.nesterov))


def momentum_limit(curvature: float, momentum: float, decay: float, *, ahead: bool) -> float | None:
    """Returns the largest stable rate of a heavy ball, or of Nesterov's; None with a decoupled decay."""
    if decay:
        return None
    pull = curvature * (1.0 + 2.0 * momentum if ahead else 1.0)
    return 2.0 * (1.0 + momentum) / pull if pull > 0.0 else inf
