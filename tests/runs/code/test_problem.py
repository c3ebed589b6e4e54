"""A problem's tell-tales as a script: the same chord, the same answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.problem_cases import CASES
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("case", CASES)
def test_the_script_finds_the_same_chord(case: str, run: Callable[[str], list[str]]) -> None:
    """How far the curve rises above the chord, and whether asking again gives another answer."""
    spec = load_spec({"kind": "problem", "case": case, "left": -1.5, "right": 0.3})
    part = answer(spec).part("problem")
    said = {name: float(number) for name, number in (line.split(": ") for line in run(show_as_code(spec)))}
    assert said["Above the chord"] == pytest.approx(part["chord"]["above"], abs=1e-9)
    assert (said["Spread of answers"] > 0) == (part["truth"]["answers"] == "noisy")
