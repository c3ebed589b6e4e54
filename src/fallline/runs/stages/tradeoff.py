"""Stage 4, trade off: the front of everything that was trained, and which point of it is taken, and why."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.engine.fronts import non_dominated
from fallline.runs.spec.capstone import CapstoneSpec, TradeoffSpec
from fallline.runs.stage import Context, Output

KEYS = {
    "profit": ("profit_per_1000", "maximize"),
    "latency": ("latency_us", "minimize"),
    "fairness": ("fairness_gap", "minimize"),
    "interpretability": ("reading", "minimize"),
    "log_loss": ("log_loss", "minimize"),
}
"""Objective → key of a candidate, direction."""


def tradeoff(context: Context) -> Output:
    """Gathers the candidates of the stages before and picks one."""
    spec = context.spec
    assert isinstance(spec, CapstoneSpec)  # noqa: S101 - only capstones have this stage
    context.progress(0, 1, "comparing the candidates")
    points = candidates(context.parts)
    limits = spec.frame.constraints.model_dump()
    part = weigh(points, limits, spec.tradeoff, spec.frame.currency)
    warnings = () if any(point["feasible"] for point in part["points"]) else (part["sentence"],)
    return Output(part, warnings=warnings)


def candidates(parts: Any) -> list[dict[str, Any]]:
    """Returns the families trained by hand and the trials that ended, each with its numbers."""
    named = [(f"{name} by hand", entry) for name, entry in parts["train"]["families"].items()]
    named += [(f"trial {entry['number']}", entry) for entry in parts["tune"]["trials"] if entry["state"] == "complete"]
    return [
        {
            "name": name,
            "family": entry["family"],
            "params": entry["params"],
            "log_loss": entry["value"],
            "profit_per_1000": entry["profit_per_1000"],
            "profit_error": entry["profit_error"],
            "fold_profits": entry["fold_profits"],
            "fairness_gap": entry["fairness_gap"],
            "latency_us": entry["latency_us"],
            "reading": entry["reading"],
            "shape": entry["shape"],
        }
        for name, entry in named
    ]


def weigh(points: list[dict[str, Any]], limits: dict[str, Any], spec: TradeoffSpec, currency: str) -> dict[str, Any]:
    """Marks the feasible and the front, and picks by the Spec's rule.

    The size limit is left to stage compress, which knows the file.
    """
    objectives = [name for name in spec.objectives if all(point[KEYS[name][0]] is not None for point in points)]
    values = np.array([[point[KEYS[name][0]] for name in objectives] for point in points], dtype=np.float64)
    front = non_dominated(values, [KEYS[name][1] for name in objectives])
    marked = [
        {**point, "feasible": _feasible(point, limits), "on_front": bool(on)}
        for point, on in zip(points, front, strict=True)
    ]
    pool = [point for point in marked if point["feasible"]] or marked
    best = max(pool, key=lambda point: point["profit_per_1000"])
    pick = best if spec.rule == "best profit" else _simplest(pool, best)
    return {
        "points": marked,
        "objectives": objectives,
        "limits": limits,
        "currency": currency,
        "rule": spec.rule,
        "best": best["name"],
        "pick": {key: pick[key] for key in ("name", "family", "params", "shape", *(KEYS[name][0] for name in KEYS))},
        "sentence": _sentence(marked, pick, best, currency),
    }


def _feasible(point: dict[str, Any], limits: dict[str, Any]) -> bool:
    return all(
        limits[name] is None or point[name] is None or point[name] <= limits[name]
        for name in ("latency_us", "fairness_gap")
    )


def _simplest(pool: list[dict[str, Any]], best: dict[str, Any]) -> dict[str, Any]:
    """The one with the least to read, then the fastest, whose profit cannot be told from the best over the folds."""
    close = [point for point in pool if cannot_be_told(best["fold_profits"], point["fold_profits"])]
    return min(close, key=lambda p: (p["reading"], p["latency_us"], -p["profit_per_1000"], p["name"]))


def cannot_be_told(best: list[float], other: list[float]) -> bool:
    """Whether the mean paired difference over the folds is within one standard error (Breiman et al., 1984)."""
    difference = np.array(best) - np.array(other)
    error = difference.std(ddof=1) / np.sqrt(len(difference)) if len(difference) > 1 else 0.0
    return bool(difference.mean() <= error)


def _sentence(points: list[dict[str, Any]], pick: dict[str, Any], best: dict[str, Any], currency: str) -> str:
    feasible = [point for point in points if point["feasible"]]
    if not feasible:
        return f"No candidate keeps to the limits; {pick['name']} ({pick['family']}) comes out best without them."
    front = sum(point["on_front"] for point in feasible)
    start = f"{len(feasible)} of {len(points)} candidates keep to the limits, {front} of them on the front. "
    earned = f"{currency}{pick['profit_per_1000']:,.0f} per 1,000"
    if pick["name"] == best["name"]:
        return start + f"{pick['name']} ({pick['family']}) earns the most, {earned}, and nothing simpler comes close."
    lost = best["profit_per_1000"] - pick["profit_per_1000"]
    return start + (
        f"{pick['name']} ({pick['family']}) earns {earned}, {currency}{lost:,.0f} less than {best['name']} "
        f"({best['family']}), within one standard error over the folds, and has the least to read of those: "
        f"{pick['shape']}"
    )
