"""Stage 7, explain: what the pick looks at, by shuffling columns and by SHAP; always on raw columns of unseen rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from fallline.core.errors import Unavailable
from fallline.engine.explain import Attribution, MatrixPool, PermutationImportance, permutation_importance
from fallline.peers.shap import shap_values
from fallline.runs.stage import Context, Output
from fallline.runs.stages.fit import Fitted
from fallline.runs.stages.rows import Indices, Rows, rows_of


def explain(context: Context) -> Output:
    """Explains the pick on test rows, compared with training rows."""
    rows, fitted = rows_of(context), kept_model(context)
    spec = rows.spec.explain
    test = rows.split.test
    context.progress(0, 2, "shuffling each column")
    pool = MatrixPool(fitted.encoding.matrix(rows.table, test), fitted.encoding.sources)
    found = permutation_importance(
        lambda matrix: fitted.calibration.probabilities(fitted.model.logits(matrix)),
        pool,
        rows.y[test],
        context.rng("permutation"),
        repeats=spec.repeats,
    )
    context.progress(1, 2, "SHAP")
    chosen = np.sort(context.rng("rows").choice(test, min(spec.rows, len(test)), replace=False))
    behind = context.rng("background").choice(
        rows.split.train, min(spec.background, len(rows.split.train)), replace=False
    )
    try:
        shap, warnings = _shap(context, rows, fitted, chosen, behind), []
    except Unavailable as missing:
        shap, warnings = None, [f"{missing} The rest of the run does not need it."]
    part = {"permutation": _permutation(found), "shap": shap}
    return Output({**part, "sentence": _sentence(found)}, warnings=warnings)


def kept_model(context: Context) -> Fitted:
    """Reads the model that stage check kept; the artifact is found by the checkpointed SHA-256."""
    sha256 = context.parts["check"]["model"]
    return Fitted.from_dict(orjson.loads(context.read_bytes(sha256)))


def _permutation(found: PermutationImportance) -> list[dict[str, Any]]:
    return [
        {"column": found.names[place], "rise": float(found.importance[place]), "error": float(found.error[place])}
        for place in found.order
    ]


def _shap(context: Context, rows: Rows, fitted: Fitted, chosen: Indices, behind: Indices) -> dict[str, Any]:
    both = np.concatenate([behind, chosen])
    pool = MatrixPool(fitted.encoding.matrix(rows.table, both), fitted.encoding.sources)
    places = np.arange(len(both))
    found = shap_values(
        lambda matrix: fitted.calibration.a * fitted.model.logits(matrix) + fitted.calibration.b,
        pool,
        places[len(behind) :],
        places[: len(behind)],
        context.rng("shap"),
    )
    return _plain(found, rows, chosen)


def _plain(found: Attribution, rows: Rows, chosen: Indices) -> dict[str, Any]:
    features = [column.name for column in rows.table.schema.features]
    taken = rows.table.take(chosen)
    values = {name: taken.column(name).to_pylist() for name in features}
    return {
        "columns": list(found.names),
        "values": [[round(float(value), 9) for value in row] for row in found.values],
        "errors": [[round(float(value), 9) for value in row] for row in found.error],
        "base": found.base,
        "probabilities": [float(1 / (1 + np.exp(-value))) for value in found.prediction],
        "labels": rows.y[chosen].tolist(),
        "rows": [{name: _json(values[name][row]) for name in features} for row in range(len(chosen))],
        "method": found.method,
    }


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str | bool) else str(value)


def _sentence(found: PermutationImportance) -> str:
    order = found.order
    clear = [found.names[p] for p in order if found.importance[p] > 2 * found.error[p]]
    idle = sum(1 for p in order if abs(found.importance[p]) <= found.error[p])
    first = order[0]
    return (
        f"{found.names[first]} matters most: shuffling it raises the log loss by {found.importance[first]:.4f} ± "
        f"{found.error[first]:.4f}. {len(clear)} of {len(order)} columns matter beyond two standard errors; "
        f"{idle} cannot be told from noise."
    )
