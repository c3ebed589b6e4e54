"""View ``prediction``: the deployed model, asked about one customer and about the same one changed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.peers import onnxruntime
from fallline.runs.record import Record
from fallline.runs.spec.views import PredictionViewSpec
from fallline.runs.stage import Bytes, Context, Output


def prediction(context: Context) -> Output:
    """Runs the Record's own ONNX file on a row, before and after the changes."""
    spec = context.spec
    assert isinstance(spec, PredictionViewSpec)  # noqa: S101 - only this kind has this stage
    record = context.read_record(spec.record)
    shap, service = record.part("explain")["shap"], record.part("compress")["service"]
    if spec.row >= len(shap["rows"]):
        raise SpecError("row", spec.row, f"a row below {len(shap['rows'])}")
    base = {column["name"]: shap["rows"][spec.row].get(column["name"]) for column in service["columns"]}
    changed = {**base, **_changes(spec, service["columns"])}
    before, after = (_ask(record, context.read_bytes, row, service["columns"]) for row in (base, changed))
    threshold = service["threshold"]
    part: dict[str, Any] = {
        "row": {name: "" if value is None else str(value) for name, value in changed.items()},
        "columns": service["columns"],
        "changed": [name for name in base if base[name] != changed[name]],
        "before": before,
        "after": after,
        "threshold": threshold,
        "acted": after >= threshold,
        "moved": after - before,
        "crossed": (before >= threshold) != (after >= threshold),
    }
    part["sentence"] = _sentence(part)
    return Output(part)


def _changes(spec: PredictionViewSpec, columns: list[dict[str, Any]]) -> dict[str, Any]:
    kinds = {column["name"]: column["kind"] for column in columns}
    changes: dict[str, Any] = {}
    for name, text in spec.changes.items():
        if name not in kinds:
            close = nearest(name, kinds)
            raise SpecError("changes", name, "a column of the model", f"Did you mean {close!r}?" if close else "")
        changes[name] = _number(name, text) if kinds[name] != "word" else text
    return changes


def _number(name: str, text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise SpecError(f"changes.{name}", text, "a number, or nothing when it is missing") from None


def _ask(record: Record, read: Bytes, row: dict[str, Any], columns: list[dict[str, Any]]) -> float:
    service = record.part("compress")["service"]
    name = next(item["file"] for item in record.part("compress")["variants"] if item["name"] == service["variant"])
    sha256 = next(artifact.sha256 for artifact in record.artifacts if artifact.name == name)
    given = {column["name"]: [row[column["name"]]] for column in columns}
    return float(onnxruntime.predict(_session(sha256, read), given)[0])


@lru_cache(maxsize=8)
def _session(sha256: str, read: Bytes) -> Any:
    return onnxruntime.session(read(sha256))


def _sentence(part: dict[str, Any]) -> str:
    act = "act" if part["acted"] else "leave alone"
    if not part["changed"]:
        return f"Probability {part['after']:.3f} against a threshold of {part['threshold']:.3f}: {act}."
    names = ", ".join(part["changed"][:3])
    crossed = "and the decision changes" if part["crossed"] else "and the decision stays"
    return f"Changing {names} moves the probability from {part['before']:.3f} to {part['after']:.3f}, {crossed}: {act}."
