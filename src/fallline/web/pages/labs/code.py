"""Code: the Spec behind a picture, and the scripts that give the same numbers outside the site."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec, to_toml
from fallline.runs.views import VIEWS

TOOLS = {
    "descent": "PyTorch",
    "basins": "PyTorch",
    "line-fit": "NumPy",
    "batches": "NumPy",
    "rate-finder": "PyTorch",
    "drawn-schedule": "PyTorch",
    "framing": "Python",
    "problem": "NumPy",
    "failure": "NumPy",
    "momentum": "NumPy",
    "signal": "PyTorch",
    "finder": "PyTorch",
    "next-point": "scikit-learn",
    "study": "Optuna",
    "front": "NumPy",
    "profit": "NumPy",
    "explanation": "NumPy",
    "prediction": "ONNX Runtime",
}
"""Kind of Spec → the tool that its script is written in; plain Python for the others."""

SCRIPT = """from fallline.runs.answer import answer
from fallline.runs.spec import parse_spec

spec = parse_spec({toml})
record = answer(spec)
print(record.ending.sentence)
print(record.result["{kind}"])
"""

VIEW = """from fallline.runs.answer import answer
from fallline.runs.shipped import shipped_bytes, shipped_record
from fallline.runs.spec import parse_spec

spec = parse_spec({toml})
record = answer(spec, lambda name: shipped_record(name.partition(":")[2]), shipped_bytes)
print(record.ending.sentence)
print(record.result["{kind}"])
"""


def code_of(lab: Lab, values: Mapping[str, Value]) -> list[dict[str, str]]:
    """Returns the panels, each a title and a text: the field's own tool, the Spec, Fall Line."""
    spec = load_spec(lab.spec_for(values))
    toml = to_toml(spec)
    script = (VIEW if spec.kind in VIEWS else SCRIPT).format(toml=_quoted(toml), kind=spec.kind)
    panels = ((TOOLS.get(spec.kind, "Python"), show_as_code(spec)), ("Spec", toml), ("Fall Line", script))
    return [{"title": title, "text": text} for title, text in panels]


def _quoted(toml: str) -> str:
    """The Spec as a text in Python: line by line where nothing in it needs an escape."""
    plain = "'''" not in toml and "\\" not in toml
    return f"\n    '''\n{toml.strip()}\n'''\n" if plain else repr(toml)
