"""Muon in the dialect of Keras: ``keras.optimizers.Muon``."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from fallline.engine.optim.keras.parameters import rounded
from fallline.engine.optim.layerwise import Layerwise
from fallline.engine.optim.muon import ROUNDS, orthogonal
from fallline.engine.optim.optimizer import Dialect
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.parameters import DECOUPLED_DECAY, MOMENTUM, NESTEROV


@dataclass(frozen=True)
class KerasMuon(Layerwise):
    """Scales a matrix's step by 0.2·√(its longer side), so that it is as long as one of Adam's; torch by its shape.

    Layers that are no matrix are moved by Keras' Adam, with the same rate and decay.

    Attributes:
        momentum: μ, decay of the sum of gradients.
        nesterov: 1 looks ahead.
        rounds: k, of orthogonalisation.
        decay: λ, decoupled.
    """

    momentum: float = 0.95
    nesterov: float = 1.0
    rounds: float = 5.0
    decay: float = 0.004

    name: ClassVar[str] = "muon"
    title: ClassVar[str] = "Muon"
    formula: ClassVar[str] = (
        r"m \leftarrow \mu m + g,\quad w \leftarrow (1 - \eta\lambda)\,w - 0.2\,\eta\sqrt{\max(\text{rows}, "
        r"\text{columns})}\;U V^\top\ \text{ with }\ U \Sigma V^\top = \mu m + g"
    )
    source: ClassVar[tuple[str, int]] = ("Jordan and others", 2024)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        replace(MOMENTUM, symbol="μ", default=0.95),
        replace(NESTEROV, default=1.0),
        ROUNDS,
        replace(DECOUPLED_DECAY, default=0.004),
    )
    rate: ClassVar[float] = 0.001
    unit: ClassVar[Literal["slope", "distance", "relative", "share"]] = "distance"
    dialect: ClassVar[Dialect] = "keras"

    def start(self, w: Any) -> tuple[Any, ...]:
        """A matrix remembers its momentum, anything else Adam's two means."""
        return w * 0.0, w.reshape(-1)[:0] * 0.0 if w.ndim == 2 else w * 0.0

    def move(self, w: Any, g: Any, rate: float, memories: tuple[Any, ...], t: int) -> tuple[Any, ...]:
        """Shrinks the layer by the decay and takes the step of a matrix or Adam's."""
        m, v = memories
        w = w - rate * rounded(self.decay) * w
        if w.ndim != 2:
            m = m + (1.0 - 0.9) * (g - m)
            v = v + (1.0 - 0.999) * (g * g - v)
            pace = rate * (1.0 - rounded(0.999) ** t) ** 0.5 / (1.0 - rounded(0.9) ** t)
            return w - pace * m / (v**0.5 + 1e-7), m, v
        m = m + (g + (self.momentum - 1.0) * m)
        aim = g + self.momentum * m if self.nesterov else m
        stretch = rounded(math.sqrt(max(w.shape))) * 0.2
        return w - rate * stretch * orthogonal(aim, int(self.rounds), 1e-7), m, v
