"""FTRL in the dialect of Keras: ``keras.optimizers.Ftrl``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Real, Rule
from fallline.engine.optim.ftrl import FIRST, ONSET, SECOND, START
from fallline.engine.optim.keras.parameters import KERAS_DECAY, rounded
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


def keras_ftrl_constants(_t: Real, k: Sequence[Real]) -> tuple[Real, ...]:
    """β, λ₁, 2·λ₂ and the decay λ; nothing depends on the step."""
    return k[0], k[1], 2.0 * k[2], k[4]


def keras_ftrl_rule(  # noqa: PLR0917 - the order in which the compiled loop hands them over
    w: Real, g: Real, rate: Real, n: Real, z: Real, now: tuple[Real, ...], sqrt: Real
) -> tuple[Real, Real, Real]:
    """One element: z ← z + g − (√(n + g²) − √n)·w/η; w ← −(z ∓ λ₁)/((β + √n)/η + 2·λ₂), 0 if |z| ≤ λ₁."""
    w = w - rate * now[3] * w
    total = n + g * g
    z = z + g - (sqrt(total) - sqrt(n)) / rate * w
    pull = now[1] + 0.0 * z
    within = (abs(z) <= now[1]) * z + (z > now[1]) * pull - (z < -now[1]) * pull
    return (within - z) / ((now[0] + sqrt(total)) / rate + now[2]), total, z


@dataclass(frozen=True)
class KerasFtrl(Elementwise):
    """Starts at n = 0.1 with β = 0, means λ₂·w² by its penalty, and forgets at once where the weights started.

    The last is a trap: from any start the first step lands near zero, as if training began there. Keras' power of the
    sum stays at −½.

    Attributes:
        beta: β, under the first steps.
        l1: λ₁ of λ₁·|w|.
        l2: λ₂ of λ₂·w².
        start: n before the first step.
        decay: λ, decoupled, as every weight decay in Keras.
    """

    beta: float = 0.0
    l1: float = 0.0
    l2: float = 0.0
    start: float = 0.1
    decay: float = 0.0

    name: ClassVar[str] = "ftrl"
    title: ClassVar[str] = "FTRL"
    formula: ClassVar[str] = (
        r"z \leftarrow z + g - \frac{\sqrt{n + g^2} - \sqrt n}{\eta}\,w,\quad n \leftarrow n + g^2,\quad "
        r"w \leftarrow -\frac{z - \lambda_1\operatorname{sign} z}{(\beta + \sqrt n) / \eta + 2\lambda_2}"
        r"\text{ or } 0 \text{ if } |z| \le \lambda_1"
    )
    source: ClassVar[tuple[str, int]] = ("McMahan and others", 2013)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(ONSET, default=0.0),
        FIRST,
        SECOND,
        replace(START, default=0.1),
        KERAS_DECAY,
    )
    memories: ClassVar[int] = 2
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(keras_ftrl_constants)
    rule: ClassVar[Rule] = staticmethod(keras_ftrl_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """The decay rounded as Keras rounds it."""
        return self.beta, self.l1, self.l2, self.start, rounded(self.decay)

    @property
    def initial(self) -> tuple[float, ...]:
        """The sum of squares starts at `start`, rounded as Keras rounds it."""
        return rounded(self.start), 0.0
