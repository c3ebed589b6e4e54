"""Code: the Spec behind a picture, and the Python that gives the same numbers outside the site."""

from __future__ import annotations

from collections.abc import Mapping

from fallline.course.knob import Value
from fallline.course.lab import Lab
from fallline.runs.spec import load_spec, to_toml


def code_of(lab: Lab, values: Mapping[str, Value]) -> list[dict[str, str]]:
    """Returns the panels: title, language and text of each."""
    spec = load_spec(lab.spec_for(values))
    toml = to_toml(spec)
    script = f'import fallline\n\nspec = fallline.parse_spec("""\n{toml.strip()}\n""")\nrecord = fallline.answer(spec)\nprint(record.result["{spec.kind}"])\n'
    return [
        {"title": "Python", "text": script},
        {"title": "Spec", "text": toml},
    ]
