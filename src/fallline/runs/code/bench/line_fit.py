"""A line fit shown as code: NumPy's closed form, and the descent row by row."""

from __future__ import annotations

from fallline.runs.bench.line_fit import ROWS
from fallline.runs.code.bench.draws import generator_lines
from fallline.runs.code.layout import docstring, script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.line_fit import LineFitSpec

SCALED = {
    "raw": [],
    "centred": ["x = x - x.mean()"],
    "standardised": ["x = (x - x.mean()) / x.std()"],
}

THEORY = """\
slope, intercept = np.polyfit(x, y, 1)
print("Closed form:", intercept, slope)

design = np.column_stack([np.ones_like(x), x])
low, high = np.linalg.eigvalsh(2 * design.T @ design / len(x))
print("Limit:", 2 / high)
print("Goldilocks:", 2 / (low + high))"""

WALK = """\
b = m = 0.0
for {step} in range(STEPS):
    rows = {rows}
    error = b + m * x[rows] - y[rows]
    b, m = b - RATE * 2 * error.mean(), m - RATE * 2 * (error * x[rows]).mean()
    if not (abs(b) < 1e12 and abs(m) < 1e12):
        break
print("Descent:", b, m)"""


def show_line_fit(spec: Spec, record: Record | None) -> str:
    """Returns the fit as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, LineFitSpec)  # noqa: S101 - the registry goes by kind
    full = spec.batch == ROWS
    deck = [
        *generator_lines(spec.seed, "line-fit", "rows"),
        "deals = -(-STEPS * BATCH // len(x))",
        "deck = np.concatenate([rng.permutation(len(x)) for _ in range(deals)])",
        "",
    ]
    rows = "slice(None)" if full else "deck[step * BATCH : (step + 1) * BATCH]"
    return script(
        docstring(f"{spec.title or 'A line'}: closed form and gradient descent, in NumPy."),
        [
            *([] if full else ["import hashlib", ""]),
            "import numpy as np",
            "from sklearn.datasets import load_diabetes",
            "",
            f"RATE, STEPS{'' if full else ', BATCH'} = {spec.rate!r}, {spec.steps}{'' if full else f', {spec.batch}'}",
            "",
            "table = load_diabetes(scaled=False)",
            f'x, y = table.data[:, table.feature_names.index("{spec.column}")], table.target',
            *SCALED[spec.scaling],
            "",
            *THEORY.splitlines(),
            "",
            *([] if full else deck),
            *WALK.format(rows=rows, step="_" if full else "step").splitlines(),
        ],
    )
