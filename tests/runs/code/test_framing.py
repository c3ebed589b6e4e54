"""Framing as a script: the same winner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


@pytest.mark.parametrize("asked", [{}, {"latency_ms": 0.01}, {"mode": "prices", "price_ms": 0.3, "price_gap": 1.3}])
def test_the_script_picks_the_same_model(asked: dict[str, Any], run: Callable[[str], list[str]]) -> None:
    """Within limits, within limits that nobody keeps, and at prices."""
    spec = load_spec({"kind": "framing", **asked})
    winner = answer(spec).part("framing")["winner"]
    assert run(show_as_code(spec))[-1] == f"Winner: {winner['name'] if winner else 'none'}"
