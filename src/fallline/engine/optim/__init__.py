"""Optimizers: frozen hyperparameters and a step; what they remember is a value of its own. One file each."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.core.choice import lookup, nearest
from fallline.core.errors import SpecError
from fallline.engine.optim.adabelief import AdaBelief
from fallline.engine.optim.adadelta import AdaDelta
from fallline.engine.optim.adafactor import Adafactor
from fallline.engine.optim.adagrad import AdaGrad
from fallline.engine.optim.adam import Adam
from fallline.engine.optim.adamax import Adamax
from fallline.engine.optim.adamw import AdamW
from fallline.engine.optim.amsgrad import AMSGrad
from fallline.engine.optim.elementwise import Elementwise
from fallline.engine.optim.ftrl import Ftrl
from fallline.engine.optim.gd import GradientDescent
from fallline.engine.optim.keras import KERAS_OPTIMIZERS
from fallline.engine.optim.lamb import LAMB
from fallline.engine.optim.lbfgs import LBFGS
from fallline.engine.optim.lion import Lion
from fallline.engine.optim.momentum import Momentum
from fallline.engine.optim.muon import Muon
from fallline.engine.optim.nadam import NAdam
from fallline.engine.optim.nesterov import Nesterov
from fallline.engine.optim.newton_cg import NewtonCG
from fallline.engine.optim.optimizer import Dialect, Optimizer
from fallline.engine.optim.parameter import Parameter
from fallline.engine.optim.probe import Probe
from fallline.engine.optim.prodigy import Prodigy
from fallline.engine.optim.radam import RAdam
from fallline.engine.optim.rmsprop import RMSProp
from fallline.engine.optim.rmsprop_centered import RMSPropCentered
from fallline.engine.optim.sam import SAM
from fallline.engine.optim.schedule_free import ScheduleFree
from fallline.engine.optim.sgd import SGD
from fallline.engine.optim.sophia import Sophia
from fallline.engine.optim.state import State

OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.name: kind
    for kind in (
        GradientDescent,
        SGD,
        Momentum,
        Nesterov,
        AdaGrad,
        AdaDelta,
        RMSProp,
        RMSPropCentered,
        Adam,
        AMSGrad,
        AdamW,
        Adamax,
        NAdam,
        RAdam,
        AdaBelief,
        Lion,
        LAMB,
        Adafactor,
        Ftrl,
        Prodigy,
        Muon,
        ScheduleFree,
        SAM,
        Sophia,
        LBFGS,
        NewtonCG,
    )
}
"""Name → optimizer, as PyTorch has it, or else as its paper does."""


def optimizers_of(dialect: Dialect) -> Mapping[str, type[Optimizer]]:
    """Returns the optimizers of a dialect by name.

    Raises:
        SpecError: there is no such dialect.
    """
    return lookup(dialect, {"torch": OPTIMIZERS, "keras": KERAS_OPTIMIZERS}, "dialect")


def optimizer(name: str, dialect: Dialect = "torch", **hyperparameters: float) -> Optimizer:
    """Returns an optimizer by name.

    Args:
        name: as in `OPTIMIZERS`.
        dialect: whose formula of that name, and whose defaults.
        **hyperparameters: by name; those not given keep the dialect's defaults.

    Raises:
        SpecError: the name, the dialect or a hyperparameter is unknown, or a value is outside its range.

    >>> optimizer("adam", beta1=0.8)
    Adam(beta1=0.8, beta2=0.999, epsilon=1e-08, decay=0.0)
    """
    kind = lookup(name, optimizers_of(dialect), "optimizer")
    known = [parameter.name for parameter in kind.parameters]
    for key, value in hyperparameters.items():
        if key not in known:
            close = nearest(key, known)
            hint = f"Did you mean {close!r}?" if close else f"{name} has: {', '.join(known) or 'none'}."
            raise SpecError(key, value, f"a parameter of {name}", hint)
    return kind(**hyperparameters)


__all__ = [
    "KERAS_OPTIMIZERS",
    "LAMB",
    "LBFGS",
    "OPTIMIZERS",
    "SAM",
    "SGD",
    "AMSGrad",
    "AdaBelief",
    "AdaDelta",
    "AdaGrad",
    "Adafactor",
    "Adam",
    "AdamW",
    "Adamax",
    "Dialect",
    "Elementwise",
    "Ftrl",
    "GradientDescent",
    "Lion",
    "Momentum",
    "Muon",
    "NAdam",
    "Nesterov",
    "NewtonCG",
    "Optimizer",
    "Parameter",
    "Probe",
    "Prodigy",
    "RAdam",
    "RMSProp",
    "RMSPropCentered",
    "ScheduleFree",
    "Sophia",
    "State",
    "optimizer",
    "optimizers_of",
]
