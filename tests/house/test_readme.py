"""What a newcomer reads first is true: its commands run, its links lead somewhere, its map is the course's own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fallline.course.content import load_course
from scripts import links
from scripts.reference import verbs

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SLOW = {"fallline run examples/churn.toml", "fallline deploy shipped:churn"}
"""The first takes minutes and has tests of its own; the second serves until it is stopped, and has too."""
TABLE = "age,plan,churned\n" + "\n".join(
    f"{20 + row % 50},{'basic' if row % 3 else 'full'},{'yes' if row % 4 == 0 else 'no'}" for row in range(200)
)


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    """The text of README.md."""
    return (root / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """Lists the commands of the shell blocks, one per line."""
    blocks = [body for language, body in FENCE.findall(text) if language == "sh"]
    return [line for body in blocks for line in body.splitlines() if line.strip()]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs one `fallline` command in a folder, with a home of its own."""
    arguments = shlex.split(command)
    assert arguments[0] == "fallline"
    environment = {**os.environ, "FALLLINE_HOME": str(folder / "home"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "fallline.cli.main", *arguments[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_that_ends_soon_runs(readme: str, tmp_path: Path) -> None:
    """In order, in an empty folder that holds what the text told to save there: each ends with 0 and says something."""
    spec = next(body for language, body in FENCE.findall(readme) if language == "toml")
    (tmp_path / "ravine.toml").write_text(spec)
    (tmp_path / "customers.csv").write_text(TABLE)
    found = commands(readme)
    assert set(found) >= SLOW
    for command in found:
        if command not in SLOW:
            done = run(command, tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stderr}"
            assert done.stdout.strip(), command
    assert (tmp_path / "report.html").stat().st_size > 10_000
    assert 'target = "churned"' in (tmp_path / "customers.capstone.toml").read_text()


def test_the_python_runs(readme: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands, and every run says how it ended."""
    (script,) = (body for language, body in FENCE.findall(readme) if language == "python")
    exec(compile(script, "README.md", "exec"), {})  # noqa: S102 - our own README
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["Converged", "Step", "lowest", "{'rate':"]


def test_every_command_is_a_verb_that_exists(readme: str, root: Path) -> None:
    """Also those that are not run here; and the files that they name are there."""
    known = verbs()
    for command in commands(readme):
        assert shlex.split(command)[1] in known, command
    assert (root / "examples" / "churn.toml").is_file()


def test_the_two_commands_are_in_the_makefile(readme: str, root: Path) -> None:
    """`make` knows every verb that the text gives it, and the setting for a small PyTorch."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    given = set(re.findall(r"^make (\w+)", readme, re.MULTILINE))
    assert given == {"serve", "test"}
    assert all(f"\n{verb}:" in makefile for verb in given)
    assert "TORCH_INDEX ?=" in makefile


def test_the_map_is_the_course(readme: str) -> None:
    """Fourteen rows: number and title as the course has them, every lab of each week, and no page that is not there."""
    course = load_course(None)
    weeks = [(week.number, week.title) for week in course.weeks]
    rows = re.findall(r"^\| (\d+) \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", readme, re.MULTILINE)
    assert [(int(number), title) for number, title, _, _ in rows] == weeks
    for number, _, rooms, pages in rows:
        labs = {f"/labs/{lab.slug}" for lab in course.labs.values() if lab.week == int(number)}
        named = set(re.findall(r"`([^`]+)`", pages))
        assert named - {"/capstone"} == {f"/weeks/{number}", *labs}
        for room in re.findall(r"`([^`]+)`", rooms):
            assert (links.ROOT / "src" / "fallline" / room).is_dir(), room


def test_every_relative_link_leads_to_a_file(root: Path) -> None:
    """Pages, headings and pictures."""
    assert list(links.dead(root / "README.md", root)) == []


def test_pictures_are_small_and_described(readme: str, root: Path) -> None:
    """Each is shown in the text with words for who cannot see it, and is under 250 kB."""
    shown = dict(re.findall(r"!\[([^\]]+)\]\(docs/images/([\w-]+\.png)\)", readme))
    assert set(shown.values()) == {path.name for path in (root / "docs" / "images").iterdir()}
    assert all(len(words) > 20 for words in shown)
    for name in shown.values():
        picture = root / "docs" / "images" / name
        assert picture.stat().st_size < 250_000, name
        assert picture.read_bytes().startswith(b"\x89PNG")
