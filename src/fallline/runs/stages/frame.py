"""Stage 1, frame: what is wanted, in money; what the table is; what any model must beat."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.engine.data.schema import Schema
from fallline.engine.decide import PayOff, elkan, profit_rows
from fallline.engine.metrics import log_loss
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.rows import Rows, rows_of


def frame(context: Context) -> Output:
    """Reads the table, sets rows aside, and computes the baselines on the test rows."""
    context.progress(0, 1, "reading the table")
    rows = rows_of(context)
    spec, loaded, schema = rows.spec, context.data(), rows.table.schema
    sensitive = sensitive_column(spec, schema)
    payoff = payoff_of(spec)
    baselines = _baselines(rows, payoff)
    best = max(baselines, key=lambda name: baselines[name]["profit_per_1000"])
    part: dict[str, Any] = {
        "title": loaded.title,
        "licence": loaded.licence,
        "rows": rows.table.rows,
        "train": len(rows.split.train),
        "test": len(rows.split.test),
        "base_rate": float(rows.y.mean()),
        "target": schema.target,
        "positive": schema.positive,
        "schema": schema.to_dict(),
        "sensitive": sensitive,
        "payoff": spec.frame.payoff.model_dump(),
        "currency": spec.frame.currency,
        "limits": spec.frame.constraints.model_dump(),
        "elkan": elkan(payoff).threshold,
        "baselines": baselines,
        "reasons": [reason.sentence for reason in loaded.reasons],
    }
    part["sentence"] = (
        f"{part['rows']:,} rows, {part['train']:,} to learn from and {part['test']:,} to test; "
        f"{part['base_rate']:.1%} are {schema.target} = {schema.positive}. Without a model the best is to {best}."
    ).replace("%", " %")
    return Output(part, warnings=_warnings(schema, sensitive))


def payoff_of(spec: CapstoneSpec) -> PayOff:
    """Returns the pay-offs of a Spec as the engine takes them."""
    return PayOff(**spec.frame.payoff.model_dump())


def sensitive_column(spec: CapstoneSpec, schema: Schema) -> str | None:
    """Returns the column by which fairness is measured, if any.

    Raises:
        SpecError: the Spec names one that the table has not.
    """
    named = spec.frame.sensitive
    if named is None:
        return schema.sensitive[0] if schema.sensitive else None
    if named not in schema.names:
        close = nearest(named, schema.names)
        raise SpecError("frame.sensitive", named, "a column of the table", f"Did you mean {close!r}?" if close else "")
    return named


def _baselines(rows: Rows, payoff: PayOff) -> dict[str, dict[str, float]]:
    """What one earns on the test rows by acting on nobody or on everybody."""
    test = rows.split.test
    y = rows.y[test]
    prior = float(rows.y[rows.split.train].mean())
    loss = float(log_loss(y, np.full(len(y), prior)))
    never, always = np.zeros(len(y)), np.ones(len(y))
    return {
        name: {"profit_per_1000": 1000 * float(profit_rows(y, chances, 0.5, payoff).mean()), "log_loss": loss}
        for name, chances in (("act on nobody", never), ("act on everybody", always))
    }


def _warnings(schema: Schema, sensitive: str | None) -> list[str]:
    found = [
        f"Column {name!r} alone predicts the target almost perfectly: it may be known only afterwards. Unless you are "
        f'sure, leave it out with data.overrides."{name}".role = "ignored".'
        for name in schema.suspects
    ]
    if sensitive is None:
        found.append(
            "No sensitive column is named or recognised, so fairness is not measured. Name one in frame.sensitive."
        )
    return found
