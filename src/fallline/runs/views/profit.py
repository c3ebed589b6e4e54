"""View ``profit``: the profit curve of a Record's probabilities under one's own pay-offs and threshold."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.core.errors import SpecError
from fallline.engine.decide import PayOff, elkan, profit_curve, profit_rows
from fallline.engine.metrics import confusion
from fallline.runs.spec.views import ProfitViewSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.decide import curve_of

NEAR = 0.005
"""Share of the profit that nobody would miss."""


def profit_view(context: Context) -> Output:
    """Computes the curve, the threshold that the pay-offs give, and what the chosen one costs against it."""
    spec = context.spec
    assert isinstance(spec, ProfitViewSpec)  # noqa: S101 - only this kind has this stage
    if spec.tp <= spec.fn:
        raise SpecError("tp", spec.tp, f"more than fn = {spec.fn:g}", "Acting on a positive must pay.")
    record = context.read_record(spec.record)
    test = record.part("check")["test"]
    y, p = np.array(test["y"], dtype=np.int8), np.array(test["p"])
    payoff = PayOff(spec.tp, spec.fp, spec.fn, spec.tn)
    rule = elkan(payoff)
    here = 1000 * float(profit_rows(y, p, spec.threshold, payoff).mean())
    there = 1000 * float(profit_rows(y, p, rule.threshold, payoff).mean())
    curve = profit_curve(y, p, payoff)
    best = curve.best()
    counts = confusion(y, p, spec.threshold)
    part: dict[str, Any] = {
        "threshold": spec.threshold,
        "elkan": rule.threshold,
        "profit_per_1000": here,
        "elkan_profit_per_1000": there,
        "best_threshold": curve.cut(best),
        "best_profit_per_1000": 1000 * float(curve.profit[best]) / len(y),
        "lost_per_1000": there - here,
        "currency": record.part("frame")["currency"],
        "confusion": {name: int(getattr(counts, name)) for name in ("tp", "fp", "fn", "tn")},
        "acted": int(counts.tp + counts.fp),
        "rows": len(y),
        "loses_per_1000": -here if here < 0 else None,
        "close": abs(there - here) < NEAR * max(1.0, abs(there)),
        "curve": curve_of(y, p, payoff),
        "fairness": None,
    }
    part["sentence"] = _sentence(part, len(y))
    return Output(part)


def _sentence(part: dict[str, Any], rows: int) -> str:
    currency = part["currency"]
    start = (
        f"At {part['threshold']:.2f} you act on {part['acted']:,} of {rows:,} and earn "
        f"{currency}{part['profit_per_1000']:,.0f} per 1,000. "
    )
    lost = part["lost_per_1000"]
    if part["close"]:
        return start + f"The pay-offs alone say {part['elkan']:.2f}; you are as good as there."
    if lost > 0:
        return start + f"The pay-offs alone say {part['elkan']:.2f}, which earns {currency}{lost:,.0f} more."
    return start + (
        f"That is {currency}{-lost:,.0f} more than at {part['elkan']:.2f}, where the pay-offs put it: luck of these "
        "rows unless it holds on others."
    )
