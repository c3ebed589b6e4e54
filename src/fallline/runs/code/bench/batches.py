"""Batches shown as code: NumPy, one walk after another, each size on the same rows."""

from __future__ import annotations

import math

from fallline.runs.bench.batches import FRAMES, LATE, ROWS
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.batches import BatchesSpec

FIRST = math.ceil(FRAMES * math.sqrt(LATE))
"""The first moment that is late."""
TABLE = """\
table = load_diabetes(scaled=False)
x = table.data[:, [table.feature_names.index(name) for name in COLUMNS]]
x = (x - x.mean(axis=0)) / x.std(axis=0)
y = (table.target - table.target.mean()) / table.target.std()
best = np.linalg.lstsq(x, y, rcond=None)[0]
y = x @ best + DISAGREEMENT * (y - x @ best)
hessian = x.T @ x / len(x)"""

ORDER = {
    True: "order = rng.integers(len(x), size=(WALKS, EPOCHS * len(x)))",
    False: """\
decks = np.tile(np.arange(len(x)), (WALKS * EPOCHS, 1))
order = rng.permuted(decks, axis=1).reshape(WALKS, -1)""",
}

WALK = f"""\
def late_loss(rows, size):
    \"\"\"The mean loss above the lowest over the last fifth of a walk.\"\"\"
    shares = (np.arange({FIRST}, {FRAMES + 1}) / {FRAMES}) ** 2
    late = (len(rows) * shares / size).astype(int).tolist()
    w, losses = np.zeros(2), []
    for step in range(late[-1] + 1):
        loss = 0.5 * (w - best) @ hessian @ (w - best)
        losses += [loss] * late.count(step)
        batch = rows[step * size : (step + 1) * size] if size < len(x) else slice(None)
        error = x[batch] @ w - y[batch]
        w = w - RATE * x[batch].T @ error / size
    return np.mean(losses)


for size in sorted({{1, BATCH, len(x)}}):
    steps = EPOCHS * len(x) // size
    late = np.sort([late_loss(rows, size) for rows in order])[(WALKS - 1) // 2]
    print(f"{{size}} rows a step, {{steps}} steps: {{late:.6g}}")"""


def show_batches(spec: Spec, record: Record | None) -> str:
    """Returns the walks as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, BatchesSpec)  # noqa: S101 - the registry goes by kind
    columns = ", ".join(f'"{name}"' for name in spec.columns.split("-"))
    return script(
        docstring(f"{spec.title or 'Batches'}: {spec.epochs * ROWS:,} row-gradients in batches of every size."),
        [
            "import hashlib",
            "",
            "import numpy as np",
            "from sklearn.datasets import load_diabetes",
            "",
            f"COLUMNS, DISAGREEMENT = ({columns}), {spec.disagreement!r}",
            f"RATE, BATCH, EPOCHS, WALKS = {spec.rate!r}, {spec.batch}, {spec.epochs}, {spec.walks}",
            "",
            *TABLE.splitlines(),
            "",
            *generator_lines(spec.seed, "batches", "rows"),
            *ORDER[spec.replacement].splitlines(),
        ],
        WALK.splitlines(),
    )
