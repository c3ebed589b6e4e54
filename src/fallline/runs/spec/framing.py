"""Spec kind ``framing``: one set of trained models, and the goal that picks among them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class FramingSpec(Spec):
    """Accuracy, time and fairness of the shipped mortgage models, made one goal.

    Attributes:
        mode: the most accurate within limits, or the best balance at prices.
        latency_ms: limit on the time of a decision.
        gap: limit on the difference between the groups' shares of denials.
        price_ms: points of accuracy that a millisecond costs.
        price_gap: points of accuracy that a gap of 0.1 costs.
    """

    kind: Literal["framing"] = "framing"
    mode: Literal["limits", "prices"] = "limits"
    latency_ms: Annotated[float, Field(gt=0, le=1e4)] = 1.0
    gap: Annotated[float, Field(ge=0, le=1)] = 0.1
    price_ms: Annotated[float, Field(ge=0, le=100)] = 0.0
    price_gap: Annotated[float, Field(ge=0, le=100)] = 0.0
