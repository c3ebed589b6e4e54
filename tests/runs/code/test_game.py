"""A game as a script: PyTorch's own nets, losses and optimizers make the same points."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec

TREES: list[dict[str, Any]] = [
    {"rounds": 20, "judge_steps": 2, "penalty": 0.7},
    {"rounds": 20, "way": "extragradient", "loss": "squares", "source": "own", "latent": "uniform-1"},
    {"rounds": 15, "way": "together", "loss": "minimax", "judge_steps": 2, "maker": {"optimizer": "momentum"}},
    {"rounds": 5, "judge_alone": 5, "maker_alone": 5, "judge": {"optimizer": "rmsprop"}, "maker": {"optimizer": "gd"}},
    {"rounds": 0},
]


def test_the_script_makes_the_same_points(check: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """To a thousandth, in which points are kept; all in this process, as torch takes seconds to come."""
    for tree in TREES:
        spec = load_spec({"kind": "game", "seed": 2, **tree})
        text = show_as_code(spec)
        assert not check(text), text
        exec(compile(text, "script.py", "exec"), {})  # noqa: S102 - the script is ours, and is what is tested
        said = ast.literal_eval(capsys.readouterr().out)
        made = answer(spec).part("game")["moments"][-1]["made"][:3]
        assert [each for point in said for each in point] == pytest.approx(
            [each for point in made for each in point], abs=6e-4
        ), tree
