"""View ``prediction``: the deployed model, asked about one customer, about the same one changed, and along a column."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from fallline.core.choice import nearest
from fallline.core.errors import SpecError
from fallline.peers import onnxruntime
from fallline.runs.record import Record
from fallline.runs.spec.views import PredictionViewSpec
from fallline.runs.stage import Bytes, Context, Output

POINTS = 61
"""Along a column that holds numbers."""
Row = dict[str, Any]


def prediction(context: Context) -> Output:
    """Runs the Record's own ONNX file on a row before and after the changes, and along one column."""
    spec = context.spec
    assert isinstance(spec, PredictionViewSpec)  # noqa: S101 - only this kind has this stage
    record = context.read_record(spec.record)
    shap, service = record.part("explain")["shap"], record.part("compress")["service"]
    if not shap or spec.row >= len(shap["rows"]):
        raise SpecError("row", spec.row, f"a row below {len(shap['rows']) if shap else 0}")
    columns = {column["name"]: column for column in service["columns"]}
    base: Row = {name: shap["rows"][spec.row].get(name) for name in columns}
    changed = {**base, **_changes(spec, columns)}
    along = _along(spec, columns, shap["rows"], changed)
    line = [{**changed, along["column"]: value} for value in along["at"]]
    before, after, *chances = _ask(record, context.read_bytes, [base, changed, *line])
    threshold = service["threshold"]
    part: dict[str, Any] = {
        "row": {name: "" if value is None else str(value) for name, value in changed.items()},
        "columns": service["columns"],
        "changed": [name for name in base if base[name] != changed[name]],
        "changes": sum(base[name] != changed[name] for name in base),
        "before": before,
        "after": after,
        "threshold": threshold,
        "acted": after >= threshold,
        "moved": after - before,
        "crossed": (before >= threshold) != (after >= threshold),
        "label": shap["labels"][spec.row],
        "along": {
            **along,
            "p": [round(chance, 6) for chance in chances],
            "lowest": min(chances),
            "highest": max(chances),
            "span": max(chances) - min(chances),
            "turns": _turns(along, chances, threshold),
        },
    }
    part["sentence"] = _sentence(part)
    return Output(part)


def _changes(spec: PredictionViewSpec, columns: dict[str, Any]) -> Row:
    changes: Row = {}
    for name, given in spec.changes.items():
        _known("changes", name, columns)
        word = columns[name]["kind"] == "word"
        if word and not isinstance(given, str):
            raise SpecError(f"changes.{name}", given, "one of its words, as text")
        changes[name] = given if word else _number(f"changes.{name}", given)
    return changes


def _known(path: str, name: str, columns: dict[str, Any]) -> None:
    if name not in columns:
        close = nearest(name, columns)
        raise SpecError(path, name, "a column of the model", f"Did you mean {close!r}?" if close else "")


def _number(path: str, given: str | float) -> float | None:
    if isinstance(given, str) and not given.strip():
        return None
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise SpecError(path, given, "a number, or nothing when it is missing")
    return value


def _along(spec: PredictionViewSpec, columns: dict[str, Any], rows: list[Row], here: Row) -> dict[str, Any]:
    """Returns where the prediction is drawn: from the lowest to the highest of the explained rows, or every word."""
    numbers = [name for name, column in columns.items() if column["kind"] != "word"]
    name = spec.across or next(iter(numbers), next(iter(columns)))
    _known("across", name, columns)
    if columns[name]["kind"] == "word":
        return {"column": name, "kind": "word", "at": list(columns[name]["levels"]), "here": here[name]}
    known = [float(row[name]) for row in rows if row.get(name) is not None]
    ends = sorted([*known, *([] if here[name] is None else [here[name]])] or [0.0, 1.0])
    grid = np.linspace(ends[0], ends[-1], POINTS)
    return {"column": name, "kind": "number", "at": np.round(grid, 4).tolist(), "here": here[name]}


def _turns(along: dict[str, Any], chances: list[float], threshold: float) -> Any:
    """The first value at which the decision is another than at the start of the line; None where it never turns."""
    acted = [chance >= threshold for chance in chances]
    return next((at for at, one in zip(along["at"], acted, strict=True) if one != acted[0]), None)


def _ask(record: Record, read: Bytes, rows: list[Row]) -> list[float]:
    service = record.part("compress")["service"]
    name = next(item["file"] for item in record.part("compress")["variants"] if item["name"] == service["variant"])
    sha256 = next(artifact.sha256 for artifact in record.artifacts if artifact.name == name)
    given = {column["name"]: [row[column["name"]] for row in rows] for column in service["columns"]}
    return [float(chance) for chance in onnxruntime.predict(_session(sha256, read), given)]


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
