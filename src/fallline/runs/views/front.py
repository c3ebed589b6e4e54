"""View ``front``: the candidates of a Record weighed again, with one's own limits and rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.runs.spec.capstone import TradeoffSpec
from fallline.runs.spec.views import FrontViewSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.tradeoff import cannot_be_told, weigh

KEPT = (
    "name", "family", "params", "log_loss", "profit_per_1000", "profit_error", "fold_profits", "fairness_gap",
    "latency_us", "reading", "shape",
)  # fmt: skip


def front(context: Context) -> Output:
    """Picks again; the search itself is not repeated."""
    spec = context.spec
    assert isinstance(spec, FrontViewSpec)  # noqa: S101 - only this kind has this stage
    kept = context.read_record(spec.record).part("tradeoff")
    points = [{key: point[key] for key in KEPT} for point in kept["points"]]
    limits = {"latency_us": spec.latency_us, "fairness_gap": spec.fairness_gap, "size_kb": None}
    part = weigh(points, limits, TradeoffSpec(rule=spec.rule), kept["currency"])
    part["across"], part["up"] = spec.across, spec.up
    every, pick = part["points"], part["pick"]
    best = max(every, key=lambda point: point["profit_per_1000"])
    gaps = [point["fairness_gap"] for point in every if point["fairness_gap"] is not None]
    part["points"] = every = _beside_the_best(every, part["best"])
    part["total"] = len(every)
    part["feasible"] = sum(point["feasible"] for point in every)
    part["close"] = sum(point["close"] for point in every)
    part["on_front"] = sum(point["feasible"] and point["on_front"] for point in every)
    part["same_pick"] = pick["name"] == kept["pick"]["name"]
    part["first_pick"] = kept["pick"]["name"]
    part["best_of_all"] = {key: best[key] for key in ("name", "family", "profit_per_1000", "profit_error", "reading")}
    part["lost_per_1000"] = best["profit_per_1000"] - pick["profit_per_1000"]
    part["smallest_gap"] = min(gaps, default=None)
    part["fastest_us"] = min(point["latency_us"] for point in every)
    return Output(part)


def _beside_the_best(points: list[dict[str, Any]], best: str) -> list[dict[str, Any]]:
    """Adds how far each within the limits is below the best of them over the same folds, and how sure that is."""
    top = next(point for point in points if point["name"] == best)
    kept = []
    for point in points:
        if not point["feasible"]:
            kept.append({**point, "below": None, "below_error": None, "close": False})
            continue
        difference = np.array(top["fold_profits"]) - np.array(point["fold_profits"])
        error = float(difference.std(ddof=1) / np.sqrt(len(difference))) if len(difference) > 1 else 0.0
        close = cannot_be_told(top["fold_profits"], point["fold_profits"])
        kept.append({**point, "below": float(difference.mean()), "below_error": error, "close": close})
    return kept
