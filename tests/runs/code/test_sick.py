"""A sick training as a script: the same loss in PyTorch, for every case as it is repaired."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.course.content import load_course
from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec


def test_the_script_ends_where_the_run_ends(check: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """To 1e-5 of the loss, in float32 to 2e-7; all eight in this process, as torch takes seconds to come."""
    lab = load_course().lab("debug-it")
    for puzzle in lab.puzzles:
        spec = load_spec(lab.spec_for(lab.values(lab.query(puzzle.solution))))
        part, text = answer(spec).part("sick"), show_as_code(spec)
        assert not check(text)
        exec(compile(text, "script.py", "exec"), {})  # noqa: S102 - the script is ours, and is what is tested
        said = float(capsys.readouterr().out.split()[-1])
        slack = {"rel": 1e-3, "abs": 2e-7} if part["model"].endswith("float32") else {"rel": 1e-5, "abs": 1e-13}
        assert max(said, 0.0) == pytest.approx(part["losses"][-1], **slack), spec
