"""What the docs say of content is true."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from fallline.course.check import check_content
from fallline.course.content import SHIPPED, load_course

DOCS = Path(__file__).parents[2] / "docs" / "labs.md"


def test_the_shortest_lab_of_the_docs_works(tmp_path: Path) -> None:
    """Dropped into a week's folder as it is printed, it loads, runs and passes the check."""
    shutil.copytree(SHIPPED, tmp_path / "content", ignore=shutil.ignore_patterns("records"))
    example = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)[0]
    labs = tmp_path / "content" / "weeks" / "02-gradient-descent" / "labs"
    labs.mkdir(exist_ok=True)
    (labs / "two-rates-of-the-docs.toml").write_text(example)
    course = load_course(tmp_path / "content")
    assert "two-rates-of-the-docs" in course.week(2).labs
    assert [str(problem) for problem in check_content(course, seeds=2) if "of-the-docs" in problem.file] == []
