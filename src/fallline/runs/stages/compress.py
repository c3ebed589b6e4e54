"""Stage 8, compress and export: one file of raw columns, its smaller variants, and what each of them loses."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.core.errors import FallLineError
from fallline.engine.compress.cost import cost
from fallline.engine.compress.inputs import inputs_of, raw_values
from fallline.engine.compress.shrink import Variant, variants
from fallline.engine.decide import profit_rows
from fallline.engine.metrics import log_loss
from fallline.engine.train import TreesModel
from fallline.peers import onnxruntime
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stage import Context, Output
from fallline.runs.stages.explain import kept_model
from fallline.runs.stages.fit import Fitted
from fallline.runs.stages.frame import payoff_of
from fallline.runs.stages.rows import Rows, rows_of

CALIBRATION_ROWS = 512
"""Training rows from which static int8 takes its ranges."""
Floats = NDArray[np.float64]


def compress(context: Context) -> Output:
    """Exports the pick and every smaller variant, and scores each file on the test rows through ONNX Runtime."""
    rows, fitted = rows_of(context), kept_model(context)
    context.progress(0, 2, "exporting")
    found = variants(fitted.encoding, fitted.model, _calibration(fitted), _quantisers(rows, fitted))
    files = [variant for variant in found if variant.data is not None]
    test = raw_values(fitted.encoding, rows.table, rows.split.test)
    full = fitted.probabilities(rows.table, rows.split.test)
    scored, observed, artifacts = [], {}, []
    for number, variant in enumerate(files):
        context.progress(number, len(files), f"scoring {variant.name}")
        data = variant.data or b""
        opened = onnxruntime.session(data)
        chances = onnxruntime.run(opened, test)
        artifacts.append(context.keep(_file(variant.name), "application/octet-stream", data))
        scored.append(_score(context, rows, fitted, variant, full, chances))
        one = {name: values[:1] for name, values in test.items()}
        p50, p99 = onnxruntime.time_one_row(opened, one, rows.spec.compress.repeats, context.clock)
        observed[variant.name] = {"p50_us": p50, "p99_us": p99}
    _check_parity(scored[0], rows.spec)
    service = _service(context, rows.spec, fitted, scored)
    part = {
        "variants": scored,
        "notes": [variant.note for variant in found if variant.data is None],
        "service": service,
    }
    part["sentence"] = _sentence(scored, service["variant"])
    return Output(part, {"variants": observed}, tuple(artifacts))


def _calibration(fitted: Fitted) -> tuple[float, float]:
    return fitted.calibration.a, fitted.calibration.b


def _quantisers(rows: Rows, fitted: Fitted) -> dict[str, Any]:
    some = rows.split.train[:: max(1, len(rows.split.train) // CALIBRATION_ROWS)]
    fed = partial(raw_values, fitted.encoding, rows.table, some)
    return {
        "int8 dynamic": onnxruntime.int8_dynamic,
        "int8 static": lambda data: onnxruntime.int8_static(data, fed()),
    }


def _file(name: str) -> str:
    return f"model-{name.replace(' ', '-')}.onnx"


def _score(
    context: Context, rows: Rows, fitted: Fitted, variant: Variant, full: Floats, chances: Floats
) -> dict[str, Any]:
    """What the file says on the test rows, against the model in Python."""
    y, payoff = rows.y[rows.split.test], payoff_of(rows.spec)
    threshold = context.parts["decide"]["threshold"]
    ours, theirs = (profit_rows(y, p, threshold, payoff).mean() for p in (full, chances))
    return {
        "name": variant.name,
        "file": _file(variant.name),
        "size": len(variant.data or b""),
        "log_loss": float(log_loss(y, chances)),
        "parity": float(np.abs(full - chances).max()),
        "agreement": float(((full >= threshold) == (chances >= threshold)).mean()),
        "profit_lost_per_1000": 1000 * float(ours - theirs),
        "latency_us": _latency(fitted, variant),
        "note": variant.note,
    }


def _latency(fitted: Fitted, variant: Variant) -> float:
    """Cost-model latency of a variant; the model knows nothing of int8, so a quantised net counts as the full one."""
    trees, word = variant.name.partition(" ")[::2]
    model = fitted.model.first(int(trees)) if word == "trees" and isinstance(fitted.model, TreesModel) else fitted.model
    return cost(fitted.encoding, model).microseconds


def _check_parity(full: dict[str, Any], spec: CapstoneSpec) -> None:
    if full["parity"] > spec.compress.parity:
        raise FallLineError(
            f"The exported file differs from the model by up to {full['parity']:.2g} in probability, more than the "
            f"{spec.compress.parity:g} that the Spec allows. The file is not kept; please report this table."
        )


def _service(context: Context, spec: CapstoneSpec, fitted: Fitted, scored: list[dict[str, Any]]) -> dict[str, Any]:
    """The file that is served: the full one unless it is too large and a smaller one loses nothing that can be told."""
    limit = spec.frame.constraints.size_kb
    error = context.parts["check"]["metrics"]["log_loss"]["error"]
    fitting = [
        each
        for each in scored
        if (limit is None or each["size"] <= 1000 * limit) and each["log_loss"] - scored[0]["log_loss"] <= error
    ]
    return {
        "name": "".join(char if char.isalnum() else "-" for char in (spec.title or "model").lower()).strip("-")[:40]
        or "model",
        "variant": (fitting or scored)[0]["name"],
        "threshold": context.parts["decide"]["threshold"],
        "positive": context.parts["frame"]["positive"],
        "columns": [
            {"name": each.column, "kind": each.kind, "levels": list(each.words)} for each in inputs_of(fitted.encoding)
        ],
    }


def _sentence(scored: list[dict[str, Any]], served: str) -> str:
    pick = next(each for each in scored if each["name"] == served)
    smallest = min(scored, key=lambda each: each["size"])
    start = (
        f"{pick['name']}, {pick['size'] / 1000:.1f} kB, is served; it agrees with the model to {pick['parity']:.0e} on "
        "every test row."
    )
    if smallest["name"] == pick["name"]:
        return f"{start} No variant is smaller."
    return (
        f"{start} The smallest, {smallest['name']}, takes {smallest['size'] / 1000:.1f} kB, changes "
        f"{100 * (1 - smallest['agreement']):.2f} % of decisions and loses "
        f"{smallest['profit_lost_per_1000']:,.1f} per 1,000."
    )
