"""View ``prediction`` shown as code: the exported file asked about one row, in ONNX Runtime."""

from __future__ import annotations

from fallline.runs.code.layout import block, source
from fallline.runs.code.views.reading import view_script
from fallline.runs.record import Record
from fallline.runs.spec.base import Spec
from fallline.runs.spec.views import PredictionViewSpec

BODY = '''\
service, variants = result["compress"]["service"], result["compress"]["variants"]
file = next(each["file"] for each in variants if each["name"] == service["variant"])
session = ort.InferenceSession(file, providers=["CPUExecutionProvider"])
inputs = json.loads(session.get_modelmeta().custom_metadata_map["inputs"])


def probability(row):
    """Returns the probability of the positive class; a missing value is "" or NaN."""
    fed = {{}}
    for each in inputs:
        value, word = row.get(each["column"]), each["kind"] == "word"
        plain = value or "" if word else np.nan if value in (None, "") else float(value)
        fed[each["name"]] = np.array([[plain]], dtype=object if word else np.float32)
    return session.run(["probability"], fed)[0].item()


row = result["explain"]["shap"]["rows"][{row}]
{changes}
print("Before:", probability(row))
print("After:", probability({{**row, **changes}}))
print("Act at and above:", service["threshold"])'''


def show_prediction(spec: Spec, record: Record | None) -> str:
    """Returns a prediction and the same with changes as a script."""
    del record
    assert isinstance(spec, PredictionViewSpec)  # noqa: S101 - the registry goes by kind
    entries = [f"{source(name)}: {source(text)}" for name, text in spec.changes.items()]
    body = BODY.format(row=spec.row, changes="\n".join(block("changes = {", entries, "}")))
    imports = ["import numpy as np", "import onnxruntime as ort"]
    return view_script(
        spec.record, "The exported model of a Record, asked about one row", imports, body, "ONNX Runtime"
    )
