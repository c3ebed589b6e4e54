"""A picture shown as code gives the picture's numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fallline.course.content import load_course
from fallline.runs.spec import parse_spec
from fallline.web.pages.labs.answering import Answers
from fallline.web.pages.labs.code import code_of
from fallline.web.pages.labs.shelf import Shelf

COURSE = load_course()


@pytest.mark.parametrize("slug", sorted(COURSE.labs))
def test_the_spec_is_the_one_on_the_screen(slug: str) -> None:
    """The Spec's text reads back to what the lab runs."""
    lab = COURSE.lab(slug)
    panels = {panel["title"]: panel["text"] for panel in code_of(lab, lab.values({}))}
    shown = parse_spec(panels["Spec"]).to_tree()
    assert shown == Answers(Shelf()).record(lab, lab.values({})).spec


def test_the_script_runs_and_says_the_same(tmp_path: Path) -> None:
    """Copied into a file and run, the Fall Line script prints the result of the Record."""
    lab = COURSE.lab("playground")
    values = lab.values({"rate": "0.1", "steps": "20"})
    script = tmp_path / "lab.py"
    script.write_text(next(panel["text"] for panel in code_of(lab, values) if panel["title"] == "Fall Line"))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert str(Answers(Shelf()).record(lab, values).result["descent"]) in done.stdout
