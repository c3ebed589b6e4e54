"""Lion in the dialect of Keras: ``keras.optimizers.Lion``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from fallline.engine.optim.elementwise import Constants, Elementwise, Rule
from fallline.engine.optim.keras.parameters import rounded
from fallline.engine.optim.lion import Lion, lion_constants, lion_rule
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter


@dataclass(frozen=True)
class KerasLion(Elementwise):
    """The paper's Lion at ten times its default rate.

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
    formula: ClassVar[str] = Lion.formula
    source: ClassVar[tuple[str, int]] = ("Chen and others", 2023)
    parameters: ClassVar[tuple[Parameter, ...]] = Lion.parameters
    memories: ClassVar[int] = 1
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    constants: ClassVar[Constants] = staticmethod(lion_constants)
    rule: ClassVar[Rule] = staticmethod(lion_rule)
    dialect: ClassVar[Dialect] = "keras"

    @property
    def hyperparameters(self) -> tuple[float, ...]:
        """All three rounded as Keras rounds them."""
        return rounded(self.beta1), rounded(self.beta2), rounded(self.decay)
