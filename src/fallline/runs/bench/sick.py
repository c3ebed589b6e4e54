"""Stage ``sick``: trains a case as it is treated, measures the signs, and says what they give."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.train.clinic import MODELS, Chart, Patient, Treatment, diagnose, measure, train
from fallline.runs.bench.short import short
from fallline.runs.bench.sick_cases import patient
from fallline.runs.spec.sick import SickSpec
from fallline.runs.stage import Context, Output


def sick(context: Context) -> Output:
    """Trains, measures, names."""
    spec = context.spec
    assert isinstance(spec, SickSpec)  # noqa: S101 - only this kind has this stage
    case, treatment = patient(spec.case, spec.seed), treatment_of(spec)
    chart = train(case, treatment, context.rng("batches"))
    signs = measure(case, treatment, chart)
    found = diagnose(case, chart, signs)
    x, _ = case.rows(standardise=spec.standardise)
    part: dict[str, Any] = {
        "case": spec.case,
        "model": MODELS[case.model].title,
        "rows": len(case.labels),
        "columns": dict(zip(case.columns, short(np.sqrt((x.astype(float) ** 2).mean(axis=0))), strict=True)),
        "budget": case.steps,
        "target": case.target,
        "name": found.name,
        "proof": found.proof,
        "cured": found.name == "well",
        "reached": reached(case, chart),
        "steps": chart.steps,
        "broken": chart.broken,
        "signs": {key: value if isfinite(value) else None for key, value in asdict(signs).items()},
        **_curves(chart),
    }
    return Output(part)


def treatment_of(spec: SickSpec) -> Treatment:
    """Returns what a Spec does to its case."""
    return Treatment(
        spec.rate, spec.schedule, spec.span, spec.warmup, spec.batch, spec.standardise, spec.clip, spec.start
    )  # fmt: skip


def reached(case: Patient, chart: Chart) -> int | None:
    """Returns the first step at which the loss is at or below the goal; None where it never is."""
    below = np.flatnonzero(chart.losses <= case.target)
    return int(below[0]) if len(below) else None


def _curves(chart: Chart) -> dict[str, list[float]]:
    named: dict[str, NDArray[np.float64]] = {
        "losses": chart.losses,
        "slopes": chart.slopes,
        "used": chart.used,
        "cosines": chart.cosines,
        "rates": chart.rates,
    }
    return {name: short(np.where(np.isfinite(values), values, 0.0)) for name, values in named.items()}
