"""Basins as a script: PyTorch counts what our engine counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize(("optimizer", "rate"), [("gd", 0.0165), ("adam", 0.1)])
def test_the_script_counts_what_we_count(optimizer: str, rate: float, run: Callable[[str], list[str]]) -> None:
    """In PyTorch, all starts in one tensor, the shares are ours to a start in a thousand."""
    spec = load_spec({"kind": "basins", "optimizer": optimizer, "rate": rate, "size": 32, "steps": 150})
    made = answer(spec).part("basins")
    said = [float(line.rsplit(": ")[-1]) for line in run(show_as_code(spec))]
    ours = [*(valley["share"] for valley in made["valleys"]), made["shares"]["stalled"], made["shares"]["diverged"]]
    assert said == pytest.approx(ours, abs=1e-3)
