"""Spec kind ``capstone``: one's own table from framing to a served model; each stage has a Spec of its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from fallline.runs.sources.spec import DataSpec
from fallline.runs.spec.base import Metric, PlainName, Share, Spec, SpecModel

Money = Annotated[float, Field(ge=-1e9, le=1e9)]
FamilyName = Literal["logistic", "boosting", "mlp"]
Objective = Literal["profit", "latency", "fairness", "interpretability", "log_loss"]


class PayOffSpec(SpecModel):
    """Money per outcome of one decision; a gain is positive, a cost negative.

    Attributes:
        tp: acted on, and it was positive (a churner who is kept, less the offer).
        fp: acted on, and it was negative (an offer wasted).
        fn: not acted on, and it was positive (a customer lost).
        tn: not acted on, and it was negative.
    """

    tp: Money = 80.0
    fp: Money = -20.0
    fn: Money = 0.0
    tn: Money = 0.0


class ConstraintsSpec(SpecModel):
    """What a model must keep to; None sets no limit.

    Attributes:
        latency_us: microseconds per row by the cost model.
        size_kb: kilobytes of the ONNX file.
        fairness_gap: largest difference of the selection rate between groups.
    """

    latency_us: Annotated[float, Field(gt=0, le=1e9)] | None = None
    size_kb: Annotated[float, Field(gt=0, le=1e9)] | None = None
    fairness_gap: Annotated[float, Field(gt=0, le=1)] | None = None


class SplitSpec(SpecModel):
    """How rows are set aside for the test.

    Attributes:
        kind: ``stratified`` keeps class shares; ``grouped`` keeps a group on one side; ``time`` tests on the latest.
        test: share of the rows.
        column: the group or time column.
    """

    kind: Literal["holdout", "stratified", "grouped", "time"] = "stratified"
    test: Share = 0.2
    column: Annotated[str, Field(max_length=200)] | None = None


class FrameSpec(SpecModel):
    """Stage 1: what is wanted, in money, and under which limits.

    Attributes:
        payoff: money per outcome.
        currency: for the labels.
        constraints: limits.
        sensitive: column by which fairness is measured; None takes the first that the schema marks as sensitive.
        split: rows for the test.
    """

    payoff: PayOffSpec = PayOffSpec()
    currency: Annotated[str, Field(max_length=8)] = "€"
    constraints: ConstraintsSpec = ConstraintsSpec()
    sensitive: Annotated[str, Field(max_length=200)] | None = None
    split: SplitSpec = SplitSpec()


class FamilySpec(SpecModel):
    """One model family with hyperparameters; those not named take the family's defaults.

    Attributes:
        family: its name.
        params: hyperparameters by name.
    """

    family: FamilyName
    params: Annotated[dict[PlainName, bool | int | float | str], Field(max_length=32)] = Field(default_factory=dict)


class TrainSpec(SpecModel):
    """Stage 2: each family once, by hand.

    Attributes:
        families: which, and with which hyperparameters.
        folds: of the cross-validation that every later stage shares.
    """

    families: Annotated[tuple[FamilySpec, ...], Field(min_length=1, max_length=8)] = (
        FamilySpec(family="logistic"),
        FamilySpec(family="boosting"),
        FamilySpec(family="mlp", params={"optimizer": "adamw", "schedule": "cosine"}),
    )
    folds: Annotated[int, Field(ge=2, le=20)] = 5


class TuneSpec(SpecModel):
    """Stage 3: a search over families and their hyperparameters.

    Attributes:
        trials: how many.
        sampler: who suggests the next.
        startup: trials first that look at no other: of ``tpe`` and ``optuna.tpe``.
        pruner: who stops a trial that falls behind over the folds.
        batch: trials that go out together; part of the result, so it does not depend on the machine.
        metric: what is minimised over the folds.
        space: family → parameter → range; families or parameters not named keep their own ranges.
    """

    trials: Annotated[int, Field(ge=1, le=5_000)] = 64
    sampler: PlainName = "optuna.tpe"
    startup: Annotated[int, Field(ge=0, le=1_000)] = 16
    pruner: PlainName = "racing"
    batch: Annotated[int, Field(ge=1, le=64)] = 2
    metric: Metric = "log_loss"
    space: Annotated[dict[FamilyName, dict[PlainName, dict[PlainName, Any]]], Field(max_length=3)] = Field(
        default_factory=dict
    )


class TradeoffSpec(SpecModel):
    """Stage 4: the front, and which point of it is taken.

    Attributes:
        objectives: the axes of the front.
        rule: ``simplest within one standard error`` takes the most interpretable, then cheapest, among the feasible
            whose profit cannot be told from the best; ``best profit`` takes the best feasible.
    """

    objectives: Annotated[tuple[Objective, ...], Field(min_length=1, max_length=5)] = (
        "profit",
        "latency",
        "fairness",
        "interpretability",
    )
    rule: Literal["simplest within one standard error", "best profit"] = "simplest within one standard error"


class CheckSpec(SpecModel):
    """Stage 5: can the pick be trusted.

    Attributes:
        resamples: of the bootstrap.
        level: of its intervals.
    """

    resamples: Annotated[int, Field(ge=100, le=20_000)] = 1_000
    level: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95


class DecideSpec(SpecModel):
    """Stage 6: the threshold.

    Attributes:
        threshold: None lets the pay-offs decide; a number fixes it.
        resamples: of the bootstrap that says whether moving from the closed form pays.
    """

    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    resamples: Annotated[int, Field(ge=100, le=20_000)] = 1_000


class ExplainSpec(SpecModel):
    """Stage 7: what the pick looks at.

    Attributes:
        repeats: of each permutation.
        rows: test rows explained by SHAP.
        background: training rows they are compared with.
    """

    repeats: Annotated[int, Field(ge=2, le=100)] = 5
    rows: Annotated[int, Field(ge=1, le=5_000)] = 120
    background: Annotated[int, Field(ge=1, le=1_000)] = 60


class CompressSpec(SpecModel):
    """Stage 8: the file that is served.

    Attributes:
        parity: largest difference allowed between the file and the model, in probability.
        repeats: timed calls of each variant (observed only).
    """

    parity: Annotated[float, Field(gt=0, le=0.1)] = 1e-5
    repeats: Annotated[int, Field(ge=1, le=100_000)] = 2_000


class ReportSpec(SpecModel):
    """Stage 9: the model card and the report.

    Attributes:
        purpose: what the model is for, in a sentence.
        not_for: what it must not be used for.
        contact: who answers questions about it.
    """

    purpose: Annotated[str, Field(max_length=1_000)] = ""
    not_for: Annotated[str, Field(max_length=1_000)] = ""
    contact: Annotated[str, Field(max_length=200)] = ""


class CapstoneSpec(Spec):
    """From a table to a model that can be served, each stage a Spec of its own.

    Attributes:
        data: the table.
        frame: stage 1.
        train: stage 2.
        tune: stage 3.
        tradeoff: stage 4.
        check: stage 5.
        decide: stage 6.
        explain: stage 7.
        compress: stage 8.
        report: stage 9.
    """

    kind: Literal["capstone"] = "capstone"
    data: DataSpec
    frame: FrameSpec = FrameSpec()
    train: TrainSpec = TrainSpec()
    tune: TuneSpec = TuneSpec()
    tradeoff: TradeoffSpec = TradeoffSpec()
    check: CheckSpec = CheckSpec()
    decide: DecideSpec = DecideSpec()
    explain: ExplainSpec = ExplainSpec()
    compress: CompressSpec = CompressSpec()
    report: ReportSpec = ReportSpec()
