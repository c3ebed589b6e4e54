"""Code: the Spec behind a picture, and the scripts that give the same numbers outside the site."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.runs.code import SHOWN, show_as_code
from fallline.runs.spec import load_spec, to_toml

TOOLS = {"descent": "PyTorch"}
"""Kind of Spec → the tool that its script is written in."""

SCRIPT = """from fallline.runs.answer import answer
from fallline.runs.spec import parse_spec

spec = parse_spec(
    '''
{toml}
'''
)
record = answer(spec)
print(record.ending.sentence)
print(record.result["{kind}"])
"""


def code_of(lab: Lab, values: Mapping[str, Value]) -> list[dict[str, str]]:
    """Returns the panels, each a title and a text: the field's own tool where there is one, Fall Line, the Spec."""
    spec = load_spec(lab.spec_for(values))
    toml = to_toml(spec)
    panels = [("Fall Line", SCRIPT.format(toml=toml.strip(), kind=spec.kind)), ("Spec", toml)]
    if spec.kind in SHOWN:
        panels.insert(0, (TOOLS.get(spec.kind, "Python"), show_as_code(spec)))
    return [{"title": title, "text": text} for title, text in panels]
