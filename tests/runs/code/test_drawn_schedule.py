"""A drawn schedule as a script: the same training in PyTorch, one seed of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from fallline.engine.schedules import AnnealLinear, Sequence
from fallline.peers.code_schedules import factor_of, functions
from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


def test_the_script_ends_among_the_seeds(run: Callable[[str], list[str]]) -> None:
    """Its lowest validation loss is no further from the median of ten seeds than a factor of two."""
    spec = load_spec({"kind": "drawn-schedule", "epochs": 2, "heights": [0.6, 0.8, 0.9, 0.9, 0.9, 0.9, 0.7, 0.4, 0.0]})
    median = answer(spec).part("drawn-schedule")["runs"]["mine"]["end"]["median"]
    found = re.search(r"lowest validation loss ([0-9.e-]+)", run(show_as_code(spec))[-1])
    assert found
    assert 0.5 * median < float(found[1]) < 2.0 * median


@pytest.mark.parametrize("steps", [3, 90, 225])
def test_straight_lines_are_one_short_function(steps: int) -> None:
    """As source they give the very factors, also on a run shorter than there are lines."""
    heights = (0.05, 1.0, 0.4, 0.4, 0.0)
    lines = Sequence(parts=tuple(AnnealLinear(*ends) for ends in pairwise(heights)))
    source = factor_of(lines, steps)
    assert source == f"lines_through([0.05, 1, 0.4, 0.4, 0], {steps})"
    known: dict[str, object] = {}
    exec("from bisect import bisect\n" + "\n".join("\n".join(each) for each in functions(source)), known)  # noqa: S102
    factor = eval(source, known)  # noqa: S307
    np.testing.assert_allclose([factor(t) for t in range(steps)], lines.factors(steps), atol=1e-12)
