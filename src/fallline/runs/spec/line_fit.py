"""Spec kind ``line-fit``: a straight line through a real table, by closed form and by descent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class LineFitSpec(Spec):
    """Least squares on one column of the diabetes table (442 patients).

    Attributes:
        column: what the line reads.
        scaling: the column as it is, less its mean, or less its mean and in standard deviations.
        rate: the learning rate η.
        batch: rows in a step; 442 takes all.
        steps: how many, from intercept 0 and slope 0.
    """

    kind: Literal["line-fit"] = "line-fit"
    column: Literal["bmi", "bp", "s5", "age"] = "bmi"
    scaling: Literal["raw", "centred", "standardised"] = "raw"
    rate: Annotated[float, Field(gt=0, le=100)] = 0.001
    batch: Annotated[int, Field(ge=1, le=442)] = 442
    steps: Annotated[int, Field(ge=1, le=1_000)] = 200
