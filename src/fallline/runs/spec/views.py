"""Specs that look at one stage of a kept Record with knobs: what would have been, had one asked otherwise.

``record`` is a Record's id, or ``shipped:churn`` for the one that comes with the course.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec
from fallline.runs.spec.capstone import Money, Objective

RecordName = Annotated[str, Field(pattern=r"^(shipped:)?[a-z0-9][a-z0-9-]{0,63}$")]
SHIPPED = "shipped:churn"


class ViewSpec(Spec):
    """Looks at kept Records and computes nothing new.

    Attributes:
        looks_at: the fields that name the Records.
    """

    looks_at: ClassVar[tuple[str, ...]] = ("record",)


class StudyViewSpec(ViewSpec):
    """The search as it went (week 4).

    Attributes:
        record: whose search.
        trials: look at the first so many.
        family: one model family, or ``all``.
        folds: choose by the mean over the first so many folds; 1 is a single hold-out.
    """

    kind: Literal["study"] = "study"
    record: RecordName = SHIPPED
    trials: Annotated[int, Field(ge=1, le=5_000)] = 64
    family: Literal["all", "logistic", "boosting", "mlp"] = "all"
    folds: Annotated[int, Field(ge=1, le=20)] = 5


class FrontViewSpec(ViewSpec):
    """The trade-off, with one's own limits and rule (week 6).

    Attributes:
        record: whose trials.
        across: objective on the horizontal axis.
        up: objective on the vertical axis.
        latency_us: limit.
        fairness_gap: limit.
        rule: as in the capstone's trade-off.
    """

    kind: Literal["front"] = "front"
    record: RecordName = SHIPPED
    across: Objective = "latency"
    up: Objective = "profit"
    latency_us: Annotated[float, Field(gt=0, le=1e6)] = 1_000.0
    fairness_gap: Annotated[float, Field(gt=0, le=1)] = 1.0
    rule: Literal["simplest within one standard error", "best profit"] = "simplest within one standard error"


class VariantsViewSpec(ViewSpec):
    """The exported variants under a budget (week 8).

    Attributes:
        record: whose variants.
        size_kb: largest file.
        latency_us: largest cost-model latency.
        log_loss_rise: largest rise of the test log loss against the full model.
    """

    kind: Literal["variants"] = "variants"
    record: RecordName = SHIPPED
    size_kb: Annotated[float, Field(gt=0, le=1e6)] = 1_000.0
    latency_us: Annotated[float, Field(gt=0, le=1e6)] = 1_000.0
    log_loss_rise: Annotated[float, Field(ge=0, le=1)] = 0.01


class ProfitViewSpec(ViewSpec):
    """The profit curve under one's own pay-offs, with a threshold to drag (week 9).

    Attributes:
        record: whose probabilities.
        tp: money when acted on and positive.
        fp: money when acted on and negative.
        fn: money when not acted on and positive.
        tn: money when not acted on and negative.
        threshold: act at and above this probability.
    """

    kind: Literal["profit"] = "profit"
    record: RecordName = SHIPPED
    tp: Money = 80.0
    fp: Money = -20.0
    fn: Money = 0.0
    tn: Money = 0.0
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5


class ExplanationViewSpec(ViewSpec):
    """Why the model says what it says of one row (week 10).

    Attributes:
        record: whose explanations.
        row: which of the explained test rows, from 0.
        top: how many columns are shown by name.
    """

    kind: Literal["explanation"] = "explanation"
    record: RecordName = SHIPPED
    row: Annotated[int, Field(ge=0, le=4_999)] = 0
    top: Annotated[int, Field(ge=1, le=40)] = 8


class ComparisonViewSpec(ViewSpec):
    """Two Records side by side (week 11).

    Attributes:
        first: one.
        second: the other.
        only_differences: hide what is the same.
    """

    looks_at: ClassVar[tuple[str, ...]] = ("first", "second")

    kind: Literal["comparison"] = "comparison"
    first: RecordName = SHIPPED
    second: RecordName = "shipped:churn-random"
    only_differences: bool = True


class PredictionViewSpec(ViewSpec):
    """The deployed model, asked about one customer (week 12).

    Attributes:
        record: whose model.
        row: the customer to start from: which of the explained test rows.
        changes: column → the value it takes instead: text, or a number where the column holds numbers.
        across: the column along which the prediction is drawn; the first that holds numbers when not named.
    """

    kind: Literal["prediction"] = "prediction"
    record: RecordName = SHIPPED
    row: Annotated[int, Field(ge=0, le=4_999)] = 0
    changes: Annotated[dict[str, Annotated[str, Field(max_length=200)] | float], Field(max_length=64)] = Field(
        default_factory=dict
    )
    across: Annotated[str, Field(max_length=200)] | None = None
