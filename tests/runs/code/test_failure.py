"""A failure's mechanism as a script: the same curves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.failure import FAILURES
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("case", FAILURES)
def test_the_script_draws_the_same_curves(case: str, run: Callable[[str], list[str]]) -> None:
    """Effort, what is seen and what is wanted, level by level."""
    spec = load_spec({"kind": "failure", "case": case, "seed": 3})
    part = answer(spec).part("failure")
    said = np.array([[float(word) for word in line.split()] for line in run(show_as_code(spec))])
    ours = np.array([part["efforts"], part["seens"], part["wanteds"]]).T
    assert said == pytest.approx(ours, abs=1e-4)
