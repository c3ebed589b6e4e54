"""Spec kind ``batches``: one budget of row-gradients, spent by all rows, a few, and one at a time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec


class BatchesSpec(Spec):
    """Least squares on two columns of the diabetes table (442 patients), by batches of three sizes and a sweep of them.

    Both columns and the target are standardised; walks start from weights of 0.

    Attributes:
        columns: what the model reads.
        rate: the learning rate η, the same for all.
        batch: rows in a step of the mini-batch; 442 takes each once.
        epochs: the budget: how often the table is read, whatever the batch.
        replacement: whether each row is a draw of its own; else the table is shuffled and dealt out.
        disagreement: what is left of the rows' residuals: 1 as measured, 0 puts every row on one plane.
        walks: how many of each size; what is drawn is their median and quartiles.
    """

    kind: Literal["batches"] = "batches"
    columns: Literal["bmi-s5", "s4-s5", "s1-s2"] = "bmi-s5"
    rate: Annotated[float, Field(gt=0, le=10)] = 0.1
    batch: Annotated[int, Field(ge=1, le=442)] = 32
    epochs: Annotated[int, Field(ge=1, le=30)] = 3
    replacement: bool = True
    disagreement: Annotated[float, Field(ge=0, le=1)] = 1.0
    walks: Annotated[int, Field(ge=1, le=40)] = 24
