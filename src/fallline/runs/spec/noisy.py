"""Spec kind ``noisy``: optimizers at batch sizes on one noisy problem, each with the best rate of a grid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class NoisySpec(Spec):
    """A grid of optimizers and batch sizes.

    Attributes:
        problem: a quadratic with normal noise or with heavy tails, or least squares on real rows.
        condition: of the quadratic: largest over smallest curvature.
        noise: σ of the noise of a single row, in units of the slope at the start.
        degrees: ν of Student's t, for heavy tails.
        budget: whether every batch size has as many steps, or as many rows.
        steps: of each descent, where steps are counted; 16 times as many rows, where rows are.
        batch: the batch size that is looked at closely.
    """

    kind: Literal["noisy"] = "noisy"
    problem: Literal["normal", "heavy", "rows"] = "heavy"
    condition: Annotated[float, Field(ge=1, le=1e4)] = 20.0
    noise: Annotated[float, Field(ge=0, le=100)] = 2.0
    degrees: Annotated[float, Field(gt=1, le=50)] = 1.5
    budget: Literal["steps", "rows"] = "steps"
    steps: Annotated[int, Field(ge=20, le=200)] = 120
    batch: Literal[1, 4, 16, 64] = 4
