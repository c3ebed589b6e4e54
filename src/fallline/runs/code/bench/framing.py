"""Framing shown as code: one table of models, one line that states the goal."""

from __future__ import annotations

from fallline.runs.code.layout import docstring, script, source
from fallline.runs.record import Record
from fallline.runs.sources.mortgages import mortgages
from fallline.runs.spec.base import Spec
from fallline.runs.spec.framing import FramingSpec

GOALS = {
    "limits": """\
LATENCY_MS, GAP = {latency}, {gap}
keeping = [m for m in MODELS if m[2] <= LATENCY_MS and m[3] <= GAP]
winner = max(keeping, key=lambda m: (m[1], -m[2]), default=None)
print("Keeping both limits:", len(keeping))""",
    "prices": """\
PRICE_MS, PRICE_GAP = {price_ms}, {price_gap}


def value(model):
    \"\"\"Returns points of accuracy, less what time and gap cost.\"\"\"
    name, accuracy, milliseconds, gap = model
    return 100 * accuracy - PRICE_MS * milliseconds - PRICE_GAP * gap / 0.1


winner = max(MODELS, key=value)""",
}


def show_framing(spec: Spec, record: Record | None) -> str:
    """Returns the models and the goal as a script; a Record says nothing that the Spec does not."""
    del record
    assert isinstance(spec, FramingSpec)  # noqa: S101 - the registry goes by kind
    rows = [
        f"    ({source(m['name'])}, {m['accuracy']}, {m['latency_us'] / 1000:.6g}, {m['gap']}),"
        for m in mortgages()["models"]
    ]
    goal = GOALS[spec.mode].format(
        latency=spec.latency_ms, gap=spec.gap, price_ms=spec.price_ms, price_gap=spec.price_gap
    )
    return script(
        docstring(f"{spec.title or 'Framing'}: the goal decides among the same models, in Python."),
        ["# Model, balanced accuracy, milliseconds of a decision, gap between the groups.", "MODELS = [", *rows, "]"],
        goal.splitlines(),
        ['print("Winner:", winner[0] if winner else "none")'],
    )
