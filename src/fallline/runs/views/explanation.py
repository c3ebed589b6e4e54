"""View ``explanation``: why the model says what it says of one row."""

from __future__ import annotations

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
    values = dict(zip(shap["columns"], shap["values"][spec.row], strict=True))
    order = sorted(values, key=lambda name: -abs(values[name]))
    threshold = record.part("decide")["threshold"]
    chance = shap["probabilities"][spec.row]
    top = order[: spec.top]
    explained = sum(abs(values[name]) for name in top) / max(1e-12, sum(abs(value) for value in values.values()))
    part: dict[str, Any] = {
        "row": spec.row,
        "top": spec.top,
        "probability": chance,
        "acted": chance >= threshold,
        "threshold": threshold,
        "label": shap["labels"][spec.row],
        "first": {"column": order[0], "value": str(shap["rows"][spec.row][order[0]]), "push": values[order[0]]},
        "share": explained,
        "shap": {
            **{key: shap[key] for key in ("columns", "base")},
            "values": [shap["values"][spec.row]],
            "rows": [shap["rows"][spec.row]],
            "probabilities": [chance],
        },
    }
    direction = "up" if values[order[0]] > 0 else "down"
    part["sentence"] = (
        f"Probability {chance:.2f}, {'above' if part['acted'] else 'below'} the threshold {threshold:.2f}. "
        f"{order[0]} = {part['first']['value']} moves it most, {direction}; the {len(top)} largest columns make "
        f"{100 * explained:.0f} % of all movement."
    )
    return Output(part)
