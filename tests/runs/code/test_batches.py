"""Batches as a script: the same walks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("replacement", [True, False])
def test_the_script_ends_where_the_lab_ends(replacement: bool, run: Callable[[str], list[str]]) -> None:
    """The median late loss of one row, a few and all, to six digits."""
    spec = load_spec(
        {"kind": "batches", "batch": 20, "epochs": 1, "walks": 5, "replacement": replacement, "disagreement": 0.8}
    )
    runs = answer(spec).part("batches")["runs"]
    said = [float(line.split(": ")[1]) for line in run(show_as_code(spec))]
    assert said == pytest.approx([runs[key]["late"]["median"] for key in ("one", "mini", "full")], rel=1e-5)
