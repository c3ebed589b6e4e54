"""Spec kind ``sick``: a training in which something is wrong, and all that one may change about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class SickSpec(Spec):
    """A case and its treatment.

    Attributes:
        case: which training; the letters say nothing of what is wrong.
        rate: the base learning rate.
        schedule: what multiplies it.
        span: steps in which the schedule falls.
        warmup: steps in which the rate first rises.
        batch: rows a step; 0 for all.
        standardise: whether features are brought to mean 0 and deviation 1.
        clip: longest gradient that is used; 0 for any.
        start: what the first weights are multiplied by.
    """

    kind: Literal["sick"] = "sick"
    case: Literal["a", "b", "c", "d", "e", "f", "g", "h"] = "a"
    rate: Annotated[float, Field(gt=0, le=1_000)] = 0.1
    schedule: Literal["constant", "cosine", "exponential"] = "constant"
    span: Annotated[int, Field(ge=1, le=10_000)] = 100
    warmup: Annotated[int, Field(ge=0, le=10_000)] = 0
    batch: Annotated[int, Field(ge=0, le=10_000)] = 0
    standardise: bool = False
    clip: Annotated[float, Field(ge=0, le=1_000)] = 0.0
    start: Annotated[float, Field(ge=0.001, le=1_000)] = 1.0
