"""Schedules: what multiplies the base rate, as pure functions of the step. One file each."""

from __future__ import annotations

from fallline.engine.schedules.constant import Constant
from fallline.engine.schedules.cosine import Cosine
from fallline.engine.schedules.exponential import Exponential
from fallline.engine.schedules.one_cycle import OneCycle
from fallline.engine.schedules.schedule import Parameter, Schedule
from fallline.engine.schedules.step import Step
from fallline.engine.schedules.warmup_cosine import WarmupCosine

SCHEDULES: dict[str, type[Schedule]] = {
    kind.name: kind for kind in (Constant, Step, Exponential, Cosine, WarmupCosine, OneCycle)
}

__all__ = [
    "SCHEDULES",
    "Constant",
    "Cosine",
    "Exponential",
    "OneCycle",
    "Parameter",
    "Schedule",
    "Step",
    "WarmupCosine",
]
