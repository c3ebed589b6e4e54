"""Spec kind ``failure``: the mechanism of a documented failure, small enough to turn by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class FailureSpec(Spec):
    """What the optimizer saw and what was wanted, as it tries harder.

    Attributes:
        case: which mechanism.
        pressure: how hard it tries, from 0 to 1.
        cure: whether the objective is mended.
    """

    kind: Literal["failure"] = "failure"
    case: Literal["flu", "boat", "care"] = "flu"
    pressure: Annotated[float, Field(ge=0, le=1)] = 0.2
    cure: bool = False
