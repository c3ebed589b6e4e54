"""View ``explanation`` shown as code: the SHAP values of one row, from the Record."""

from __future__ import annotations

from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import ExplanationViewSpec

BODY = """\
shap = result["explain"]["shap"]
row, pushes = shap["rows"][{row}], np.array(shap["values"][{row}])

# SHAP values are in log odds: with the base they add up to the probability.
print("Probability:", expit(shap["base"] + pushes.sum()))
for place in np.argsort(-np.abs(pushes), kind="stable")[:{top}]:
    column = shap["columns"][place]
    print(f"{{pushes[place]:+.9f}} {{column}} = {{row[column]}}")"""


def show_explanation(spec: Spec, record: Record | None) -> str:
    """Returns what moves one prediction as a script."""
    del record
    assert isinstance(spec, ExplanationViewSpec)  # noqa: S101 - the registry goes by kind
    imports = ["import numpy as np", "from scipy.special import expit"]
    body = BODY.format(row=spec.row, top=spec.top)
    return view_script(spec.record, "Why the model of a Record says what it says of one row", imports, body)
