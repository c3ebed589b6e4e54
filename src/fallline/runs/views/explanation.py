"""View ``explanation``: why the model says what it says of one row."""

from __future__ import annotations

import math
from typing import Any

from fallline.core.errors import SpecError
from fallline.runs.spec.views import ExplanationViewSpec
from fallline.runs.stage import Context, Output


def explanation(context: Context) -> Output:
    """Takes one explained row out of a Record."""
    spec = context.spec
    assert isinstance(spec, ExplanationViewSpec)  # noqa: S101 - only this kind has this stage
    record = context.read_record(spec.record)
    shap = record.part("explain")["shap"]
    if not shap or spec.row >= len(shap["values"]):
        count = len(shap["values"]) if shap else 0
        raise SpecError("row", spec.row, f"a row below {count}: the Record explains {count} test rows")
    threshold, chance = record.part("decide")["threshold"], shap["probabilities"][spec.row]
    part: dict[str, Any] = {
        "row": spec.row,
        "rows": len(shap["values"]),
        "top": spec.top,
        "probability": chance,
        "acted": chance >= threshold,
        "threshold": threshold,
        "label": shap["labels"][spec.row],
        "positive": record.part("frame")["positive"],
        "target": record.part("frame")["target"],
        **_movers(shap, spec.row, spec.top),
        **_margin(chance, threshold, shap["values"][spec.row]),
        **_overall(shap, spec.row, record.part("explain")["permutation"][0]["column"]),
        "shap": {
            **{key: shap[key] for key in ("columns", "base")},
            "values": [shap["values"][spec.row]],
            "rows": [{name: _shown(value) for name, value in shap["rows"][spec.row].items()}],
            "probabilities": [chance],
        },
        "every": {"probabilities": shap["probabilities"], "labels": shap["labels"]},
    }
    part["sentence"] = _sentence(part)
    return Output(part)


def _movers(shap: dict[str, Any], row: int, top: int) -> dict[str, Any]:
    """What moves this row, the largest first; how much of all movement the columns shown make."""
    values = dict(zip(shap["columns"], shap["values"][row], strict=True))
    order = sorted(values, key=lambda name: -abs(values[name]))
    whole = max(1e-12, sum(abs(value) for value in values.values()))
    named = [{"column": name, "value": _shown(shap["rows"][row][name]), "push": values[name]} for name in order]
    against = [each for each in named if each["push"] * named[0]["push"] < 0]
    return {
        "first": named[0],
        "second": named[1] if len(named) > 1 else None,
        "against": against[0] if against else None,
        "up": sum(value for value in values.values() if value > 0),
        "down": sum(value for value in values.values() if value < 0),
        "share": sum(abs(values[name]) for name in order[:top]) / whole,
        "enough": next(n + 1 for n in range(len(order)) if sum(abs(values[k]) for k in order[: n + 1]) >= 0.8 * whole),
    }


def _margin(chance: float, threshold: float, pushes: list[float]) -> dict[str, Any]:
    """How far the row is from the threshold in log-odds, and whether its largest push alone makes the decision."""
    margin = _log_odds(chance) - _log_odds(threshold)
    largest = max(pushes, key=abs)
    return {"margin": margin, "first_decides": (margin - largest >= 0) != (chance >= threshold)}


def _log_odds(chance: float) -> float:
    inside = min(max(chance, 1e-12), 1 - 1e-12)
    return math.log(inside / (1 - inside))


def _overall(shap: dict[str, Any], row: int, most: str) -> dict[str, Any]:
    """Where the column that matters most over all rows stands in this one."""
    values = dict(zip(shap["columns"], shap["values"][row], strict=True))
    order = sorted(values, key=lambda name: -abs(values[name]))
    return {"overall": {"column": most, "rank": order.index(most) + 1, "push": values[most]}}


def _shown(value: object) -> str:
    """A value as a person writes it: 2, not 2.0."""
    if value is None:
        return "missing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sentence(part: dict[str, Any]) -> str:
    first, count = part["first"], min(part["top"], len(part["shap"]["columns"]))
    return (
        f"Probability {part['probability']:.2f}, {'above' if part['acted'] else 'below'} the threshold "
        f"{part['threshold']:.2f}. {first['column']} = {first['value']} moves it most, "
        f"{'up' if first['push'] > 0 else 'down'}; the {count} largest columns make {100 * part['share']:.0f} % of all "
        "movement."
    )
