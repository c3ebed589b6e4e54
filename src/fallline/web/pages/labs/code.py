"""Code: the Spec behind a picture, and the Python that gives the same numbers outside the site."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.runs.spec import load_spec, to_toml

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
    """Returns the panels: title, language and text of each."""
    spec = load_spec(lab.spec_for(values))
    toml = to_toml(spec)
    script = SCRIPT.format(toml=toml.strip(), kind=spec.kind)
    return [
        {"title": "Python", "text": script},
        {"title": "Spec", "text": toml},
    ]
