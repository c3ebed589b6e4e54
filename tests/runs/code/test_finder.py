"""A finder as a script: run by itself, PyTorch sweeps as the run did."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec

CASES: dict[str, dict[str, Any]] = {
    "mlp": {"net": {"name": "mlp", "widths": [6], "dropout": 0.2}, "set": {"name": "moons", "rows": 80}, "batch": 16},
    "cnn": {
        "net": {"name": "cnn", "widths": [3, 4]},
        "set": {"name": "mnist1d", "rows": 400},
        "optimizer": {"name": "nesterov", "params": {"momentum": 0.8}},
    },
    "linear": {"net": {"name": "linear"}, "set": {"name": "line", "rows": 60}, "optimizer": {"name": "gd"}},
    "gru": {
        "net": {"name": "gru", "widths": [4], "initialiser": "orthogonal"},
        "set": {"name": "text", "rows": 24},
        "batch": 8,
    },
}


@pytest.mark.parametrize("name", CASES)
def test_the_script_sweeps_as_the_run_did(name: str, run: Callable[[str], list[str]]) -> None:
    """The last loss of each sweep and how far it came, and two of the rules, to five digits."""
    spec = load_spec({"kind": "finder", "steps": 50, "seeds": 2, "seed": 5, "curvature": False, **CASES[name]})
    said = run(show_as_code(spec))
    part = answer(spec).part("finder")
    rules: dict[str, list[float]] = {"minimum": [], "steep": []}
    for number, sweep in enumerate(part["sweeps"]):
        last, rate = map(float, re.findall(r"last .*?([\d.e+-]+)\)? at ([\d.e+-]+)", said[2 * number])[0])
        assert last == pytest.approx(sweep["smooth"][-1], rel=1e-4)
        assert rate == pytest.approx(part["rates"][sweep["reached"] - 1], rel=1e-5)
        for rule, told in zip(rules, re.findall(r"[\d.e+-]*\d", said[2 * number + 1]), strict=True):
            rules[rule].append(float(told))
    for rule, each in rules.items():  # the median of two on a logarithmic axis
        suggestion = next(found for found in part["suggestions"] if found["rule"] == rule)
        assert suggestion["rate"] == pytest.approx((each[0] * each[1]) ** 0.5, rel=1e-5)
