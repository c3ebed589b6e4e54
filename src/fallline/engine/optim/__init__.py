"""Optimizers: frozen hyperparameters and an elementwise rule, in torch's dialect. One file each."""

from __future__ import annotations

from fallline.engine.optim.adagrad import AdaGrad
from fallline.engine.optim.adam import Adam
from fallline.engine.optim.adamw import AdamW
from fallline.engine.optim.gd import GradientDescent
from fallline.engine.optim.momentum import Momentum
from fallline.engine.optim.nesterov import Nesterov
from fallline.engine.optim.optimizer import Optimizer, Parameter, State
from fallline.engine.optim.rmsprop import RMSProp

OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.name: kind for kind in (GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)
}

__all__ = [
    "OPTIMIZERS",
    "AdaGrad",
    "Adam",
    "AdamW",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Parameter",
    "RMSProp",
    "State",
]
