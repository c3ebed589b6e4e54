"""Spec kind ``breakdown``: a way in which training breaks that was written up, small enough to turn by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class BreakdownSpec(Spec):
    """A training that breaks as its cause grows, and the same training mended.

    Attributes:
        case: which mechanism.
        strength: of the cause, from 0 to 1.
        mended: whether the remedy of the literature is shown beside it.
    """

    kind: Literal["breakdown"] = "breakdown"
    case: Literal["adam", "penalty", "cliff", "half", "logarithm", "dead", "batch-norm"] = "adam"
    strength: Annotated[float, Field(ge=0, le=1)] = 0.5
    mended: bool = False
