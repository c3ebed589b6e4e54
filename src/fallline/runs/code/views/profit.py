"""View ``profit`` shown as code: the profit curve of a Record's probabilities, in NumPy."""

from __future__ import annotations

from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import ProfitViewSpec

BODY = '''\
test = result["check"]["test"]
y, p = np.array(test["y"]), np.array(test["p"])
TP, FP, FN, TN = {tp!r}, {fp!r}, {fn!r}, {tn!r}


def profit(threshold):
    """Returns what acting at and above a threshold earns per 1,000 rows."""
    act = p >= threshold
    return 1000 * np.where(y, np.where(act, TP, FN), np.where(act, FP, TN)).mean()


elkan = {elkan}
cuts = [*np.unique(p), np.inf]
best = max(cuts, key=profit)
print("At {threshold!r}:", profit({threshold!r}))
print("Elkan's threshold:", elkan, profit(elkan))
print("Best of these rows:", best, profit(best))'''


def show_profit(spec: Spec, record: Record | None) -> str:
    """Returns the profit at a threshold, at Elkan's and at the best one as a script."""
    del record
    assert isinstance(spec, ProfitViewSpec)  # noqa: S101 - the registry goes by kind
    elkan = "0.0" if spec.fp >= spec.tn else "(TN - FP) / (TP - FN + TN - FP)"
    body = BODY.format(**{name: getattr(spec, name) for name in ("tp", "fp", "fn", "tn", "threshold")}, elkan=elkan)
    return view_script(spec.record, "The profit curve of a Record", ["import numpy as np"], body, "NumPy")
