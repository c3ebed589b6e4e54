"""Schedules: what multiplies a rate, momentum, decay or batch size, as pure functions of the step. One file each."""

from __future__ import annotations

from fallline.engine.schedules.anneal_cosine import AnnealCosine
from fallline.engine.schedules.anneal_exponential import AnnealExponential
from fallline.engine.schedules.anneal_linear import AnnealLinear
from fallline.engine.schedules.anneal_polynomial import AnnealPolynomial
from fallline.engine.schedules.composite import Composite
from fallline.engine.schedules.constant import Constant
from fallline.engine.schedules.cosine import Cosine
from fallline.engine.schedules.exponential import Exponential
from fallline.engine.schedules.feedback import FeedbackSchedule, FeedbackState
from fallline.engine.schedules.flat_cosine import FlatCosine
from fallline.engine.schedules.inverse import Inverse
from fallline.engine.schedules.inverse_time import InverseTime
from fallline.engine.schedules.multi_step import MultiStep
from fallline.engine.schedules.noam import Noam
from fallline.engine.schedules.one_cycle import OneCycle
from fallline.engine.schedules.one_cycle_momentum import OneCycleMomentum
from fallline.engine.schedules.parameter import Parameter
from fallline.engine.schedules.plan import Plan
from fallline.engine.schedules.polynomial import Polynomial
from fallline.engine.schedules.reduce_on_plateau import ReduceOnPlateau
from fallline.engine.schedules.schedule import Schedule, Shape
from fallline.engine.schedules.sequence import Sequence
from fallline.engine.schedules.step import Step
from fallline.engine.schedules.triangular import Triangular
from fallline.engine.schedules.warm_restarts import WarmRestarts
from fallline.engine.schedules.warmup import Warmup
from fallline.engine.schedules.warmup_cosine import WarmupCosine
from fallline.engine.schedules.wsd import WarmupStableDecay

SCHEDULES: dict[str, type[Schedule]] = {
    kind.name: kind
    for kind in (
        Constant,
        Step,
        MultiStep,
        Exponential,
        InverseTime,
        Polynomial,
        Cosine,
        WarmRestarts,
        WarmupCosine,
        Warmup,
        OneCycle,
        OneCycleMomentum,
        FlatCosine,
        WarmupStableDecay,
        Triangular,
        Noam,
        AnnealLinear,
        AnnealCosine,
        AnnealExponential,
        AnnealPolynomial,
        Inverse,
        Sequence,
    )
}

FEEDBACK_SCHEDULES: dict[str, type[FeedbackSchedule]] = {ReduceOnPlateau.name: ReduceOnPlateau}
"""Name → a schedule that goes by a metric; a loop that measures one calls its `init` and `update`."""

__all__ = [
    "FEEDBACK_SCHEDULES",
    "SCHEDULES",
    "AnnealCosine",
    "AnnealExponential",
    "AnnealLinear",
    "AnnealPolynomial",
    "Composite",
    "Constant",
    "Cosine",
    "Exponential",
    "FeedbackSchedule",
    "FeedbackState",
    "FlatCosine",
    "Inverse",
    "InverseTime",
    "MultiStep",
    "Noam",
    "OneCycle",
    "OneCycleMomentum",
    "Parameter",
    "Plan",
    "Polynomial",
    "ReduceOnPlateau",
    "Schedule",
    "Sequence",
    "Shape",
    "Step",
    "Triangular",
    "WarmRestarts",
    "Warmup",
    "WarmupCosine",
    "WarmupStableDecay",
]
