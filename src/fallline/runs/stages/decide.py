"""Stage 6, decide: the threshold from the pay-offs, moved only where that gains more than its error; who it touches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.decide import PayOff, choose_threshold, elkan, fairness, profit_curve, profit_rows, total_profit
from fallline.engine.metrics import bootstrap, confusion
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.check import ends
from fallline.runs.stages.frame import payoff_of
from fallline.runs.stages.rows import rows_of

POINTS = 201
"""Thresholds at which the profit curve is kept."""


def decide(context: Context) -> Output:
    """Chooses the threshold on out-of-fold rows and confirms it on the test rows."""
    spec = context.spec
    assert isinstance(spec, CapstoneSpec)  # noqa: S101 - only capstones have this stage
    context.progress(0, 2, "the threshold")
    seen, test = context.parts["check"]["out_of_fold"], context.parts["check"]["test"]
    payoff = payoff_of(spec)
    y, p = np.array(test["y"], dtype=np.int8), np.array(test["p"])
    if spec.decide.threshold is None:
        rng = context.rng("threshold")
        choice = choose_threshold(np.array(seen["y"]), np.array(seen["p"]), payoff, rng, spec.decide.resamples)
        threshold, why, moved = choice.threshold, choice.sentence, choice.moved
    else:
        threshold, why, moved = spec.decide.threshold, "The Spec fixes the threshold.", False
    money = profit_rows(y, p, threshold, payoff)
    earned = bootstrap(total_profit, (money,), context.rng("profit"), spec.decide.resamples, level=spec.check.level)
    context.progress(1, 2, "fairness by group")
    part: dict[str, Any] = {
        "threshold": float(threshold),
        "elkan": elkan(payoff).threshold,
        "moved": moved,
        "why": why,
        "currency": spec.frame.currency,
        "payoff": context.parts["frame"]["payoff"],
        "profit": ends(earned, 1000 / len(y)),
        "profit_per_1000": 1000 * float(money.mean()),
        "confusion": _counts(y, p, threshold),
        "curve": curve_of(y, p, payoff),
        "fairness": _fairness(context, spec, y, p, threshold, payoff),
    }
    part["sentence"] = _sentence(part, context.parts["frame"]["baselines"])
    return Output(part)


def curve_of(y: NDArray[np.int8], p: NDArray[np.float64], payoff: PayOff) -> dict[str, list[float]]:
    """Returns profit per 1,000 rows on a grid of thresholds."""
    curve = profit_curve(y, p, payoff)
    grid = np.linspace(0.0, 1.0, POINTS)
    places = [curve.index(float(threshold)) for threshold in grid]
    per_thousand = 1000 * curve.profit[places] / len(y)
    return {"threshold": grid.tolist(), "profit_per_1000": per_thousand.tolist()}


def _counts(y: NDArray[np.int8], p: NDArray[np.float64], threshold: float) -> dict[str, int]:
    counts = confusion(y, p, threshold)
    return {name: int(getattr(counts, name)) for name in ("tp", "fp", "fn", "tn")}


def _fairness(
    context: Context, spec: CapstoneSpec, y: NDArray[np.int8], p: NDArray[np.float64], threshold: float, payoff: PayOff
) -> dict[str, Any] | None:
    column = context.parts["frame"]["sensitive"]
    if column is None:
        return None
    rows = rows_of(context)
    values = np.array([str(value) for value in rows.table.column(column).to_pylist()])[rows.split.test]
    found = fairness(
        y, p, values, threshold, payoff, context.rng("fairness"), attribute=column, resamples=spec.decide.resamples
    )
    gap = found.rates.demographic_parity
    return {
        "column": column,
        "groups": [
            {
                "name": group.name,
                "count": group.count,
                "base_rate": float(group.confusion.base_rate),
                "selection_rate": float(group.confusion.selection),
                "tpr": _number(group.confusion.recall),
                "fpr": _number(group.confusion.fall_out),
                "profit_per_row": money,
            }
            for group, money in zip(found.rates.groups, found.profit_per_row, strict=True)
        ],
        "gap": None if gap is None else ends(gap),
        "sentence": found.sentence.replace("%", " %").replace("  %", " %"),
    }


def _number(value: Any) -> float | None:
    return None if not np.isfinite(value) else float(value)


def _sentence(part: dict[str, Any], baselines: dict[str, Any]) -> str:
    currency, found = part["currency"], part["profit"]
    name, best = max(baselines.items(), key=lambda item: item[1]["profit_per_1000"])
    more = part["profit_per_1000"] - best["profit_per_1000"]
    return (
        f"Act at and above {part['threshold']:.3f}: on the test rows that earns {currency}{found['estimate']:,.0f} per "
        f"1,000 [{found['low']:,.0f}, {found['high']:,.0f}], {currency}{more:,.0f} more than to {name}. {part['why']}"
    )
