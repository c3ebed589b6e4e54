"""The Keras dialect: what ``keras.optimizers`` means by the names that torch uses too. One file each."""

from __future__ import annotations

from fallline.engine.optim.keras.adadelta import KerasAdaDelta
from fallline.engine.optim.keras.adafactor import KerasAdafactor
from fallline.engine.optim.keras.adagrad import KerasAdaGrad
from fallline.engine.optim.keras.adam import KerasAdam
from fallline.engine.optim.keras.adamax import KerasAdamax
from fallline.engine.optim.keras.adamw import KerasAdamW
from fallline.engine.optim.keras.amsgrad import KerasAMSGrad
from fallline.engine.optim.keras.ftrl import KerasFtrl
from fallline.engine.optim.keras.gd import KerasGradientDescent
from fallline.engine.optim.keras.lamb import KerasLAMB
from fallline.engine.optim.keras.lion import KerasLion
from fallline.engine.optim.keras.momentum import KerasMomentum
from fallline.engine.optim.keras.muon import KerasMuon
from fallline.engine.optim.keras.nadam import KerasNAdam
from fallline.engine.optim.keras.nesterov import KerasNesterov
from fallline.engine.optim.keras.rmsprop import KerasRMSProp
from fallline.engine.optim.keras.rmsprop_centered import KerasRMSPropCentered
from fallline.engine.optim.keras.schedule_free import KerasScheduleFree
from fallline.engine.optim.keras.sgd import KerasSGD
from fallline.engine.optim.optimizer import Optimizer

KERAS_OPTIMIZERS: dict[str, type[Optimizer]] = {
    kind.name: kind
    for kind in (
        KerasGradientDescent,
        KerasSGD,
        KerasMomentum,
        KerasNesterov,
        KerasAdaGrad,
        KerasAdaDelta,
        KerasRMSProp,
        KerasRMSPropCentered,
        KerasAdam,
        KerasAMSGrad,
        KerasAdamW,
        KerasAdamax,
        KerasNAdam,
        KerasFtrl,
        KerasLion,
        KerasLAMB,
        KerasAdafactor,
        KerasMuon,
        KerasScheduleFree,
    )
}
"""Name → optimizer, as Keras 3 has it; names that Keras does not have are not here."""

__all__ = ["KERAS_OPTIMIZERS"]
