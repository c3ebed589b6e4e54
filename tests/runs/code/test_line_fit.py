"""The line fit as a script: the same closed form, theory and walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize(
    "asked",
    [{"column": "bmi", "rate": 0.001}, {"column": "s5", "scaling": "standardised", "rate": 0.05, "batch": 50}],
)
def test_the_script_finds_the_same_lines(asked: dict[str, Any], run: Callable[[str], list[str]]) -> None:
    """Closed form, limit, best rate and the end of the walk, all rows and batches."""
    spec = load_spec({"kind": "line-fit", "steps": 60, "seed": 4, **asked})
    part = answer(spec).part("line-fit")
    said = {
        line.split(":")[0]: [float(word) for word in line.split(": ")[1].split()] for line in run(show_as_code(spec))
    }
    assert said["Closed form"] == pytest.approx([part["best"]["intercept"], part["best"]["slope"]])
    assert said["Limit"] == pytest.approx([part["limit"]])
    assert said["Goldilocks"] == pytest.approx([part["goldilocks"]])
    assert said["Descent"] == pytest.approx([part["intercept"], part["slope"]], rel=1e-6)


def test_the_line_in_the_columns_own_units_does_not_depend_on_scaling() -> None:
    """However the column is scaled, an arrived descent is the same line."""
    lines = []
    for scaling, rate in (("centred", 0.0488), ("standardised", 0.5)):
        spec = load_spec({"kind": "line-fit", "scaling": scaling, "rate": rate, "steps": 900})
        own = answer(spec).part("line-fit")["own"]
        lines.append([own["slope"], own["intercept"]])
    assert lines[0] == pytest.approx(lines[1], rel=1e-6)
