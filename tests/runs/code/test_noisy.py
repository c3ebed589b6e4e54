"""The script of a column meets the very draws, and torch ends where the crowd ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("asked", [{"problem": "heavy", "batch": 4}])
def test_torch_ends_where_the_crowd_ends(asked: dict[str, Any], run: Callable[[str], list[str]]) -> None:
    """Six optimizers, fifteen draws: the medians agree to eleven digits."""
    spec = load_spec({"kind": "noisy", "steps": 20, **asked})
    cells = answer(spec).part("noisy")["here"]["cells"]
    for line in run(show_as_code(spec)):
        name, _, told = line.partition(": ")
        assert float(told.removeprefix("np.float64(").removesuffix(")")) == pytest.approx(
            cells[name]["median"], rel=1e-11
        )


def test_real_rows_have_a_script(check: Callable[[str], str]) -> None:
    """It is in order, and reads the table where it lies."""
    script = show_as_code(load_spec({"kind": "noisy", "problem": "rows", "batch": 16, "steps": 20}))
    assert not check(script)
    assert "load_diabetes" in script
