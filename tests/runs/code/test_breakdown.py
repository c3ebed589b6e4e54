"""A breakdown's mechanism as a script: the same ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.breakdown import BREAKDOWNS
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("case", BREAKDOWNS)
def test_the_script_ends_the_same(case: str, run: Callable[[str], list[str]]) -> None:
    """Strength by strength; where there is no number, infinity is printed."""
    spec = load_spec({"kind": "breakdown", "case": case, "seed": 3})
    part = answer(spec).part("breakdown")
    for line, strength, end in zip(run(show_as_code(spec)), part["strengths"], part["ends"]["sick"], strict=True):
        cause, said = map(float, line.split())
        assert cause == strength
        assert said == (float("inf") if end is None else pytest.approx(end, rel=1e-5))
