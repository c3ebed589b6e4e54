"""Every lab of the course as the page first shows it has a script that a reader can take away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fallline.course.content import load_course
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec

COURSE = load_course()


@pytest.mark.parametrize("slug", sorted(COURSE.labs))
def test_the_script_of_a_lab_is_in_order(slug: str, check: Callable[[str], str]) -> None:
    """It compiles, keeps to the line length, and imports what it uses and nothing else."""
    lab = COURSE.lab(slug)
    script = show_as_code(load_spec(lab.spec_for(lab.values({}))))
    compile(script, slug, "exec")
    assert not check(script)
    assert len(script.splitlines()) < 150
    assert "fallline." not in script
