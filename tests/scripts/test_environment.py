"""The set-up of `.venv`: what makes it run again, and what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment, pip

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in a folder with a space in its name, set up before, with a stand-in for its Python."""
    root = tmp_path / "fall line"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    monkeypatch.setattr(environment, "PYTHON", root / ".venv" / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", root / ".venv" / "fallline.json")
    environment.STAMP.write_text(json.dumps(environment.wanted() | {"extra": "serve"}), encoding="utf-8")
    return root


def test_a_second_time_nothing_is_done(checkout: Path) -> None:
    """What was set up for `serve` is ready for `serve`, and for nothing more."""
    assert environment.ready("serve")
    assert not environment.ready("dev")
    environment.main(["serve"])
    assert not (checkout / ".make").exists()


def test_what_tests_need_holds_what_serving_needs(checkout: Path) -> None:
    """After `make test`, `make serve` starts at once."""
    environment.STAMP.write_text(json.dumps(environment.wanted() | {"extra": "dev"}), encoding="utf-8")
    assert environment.ready("serve")


def test_a_new_dependency_asks_for_a_new_install_and_a_lint_rule_does_not(checkout: Path) -> None:
    """Only the parts of pyproject.toml that decide what is installed count."""
    project = checkout / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("line-length = 120", "line-length = 100"), encoding="utf-8")
    assert environment.ready("serve")
    project.write_text(text.replace('"numpy>=2.2"', '"numpy>=2.3"'), encoding="utf-8")
    assert not environment.ready("serve")


@pytest.mark.parametrize("stamp", ["", "[]", '{"root": "elsewhere"}'])
def test_a_torn_or_foreign_stamp_counts_as_none(checkout: Path, stamp: str) -> None:
    """A set-up that was cut off, or a checkout that was moved, is set up again."""
    environment.STAMP.write_text(stamp, encoding="utf-8")
    assert not environment.ready("serve")


def test_a_failed_install_shows_why_and_stops(tmp_path: Path) -> None:
    """What pip said last is shown, all of it is kept, and the set-up ends."""
    with pytest.raises(SystemExit, match="pip could not install this"):
        pip.install(Path(sys.executable), ["--no-index", "no-such-package-here"], tmp_path / "log")
    assert "no-such-package-here" in (tmp_path / "log").read_text(encoding="utf-8")


def test_make_without_a_python_says_what_is_missing() -> None:
    """A machine without Python 3.11 gets one sentence, and nothing is made."""
    without = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "check", "PYTHON="], cwd=ROOT, env=without, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stdout


def test_help_names_every_verb() -> None:
    """`make help` lists each verb of the Makefile with a sentence."""
    without = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, env=without, capture_output=True, text=True, check=True, timeout=60
    )
    for verb in ("serve", "test", "check", "fmt", "bench", "soak", "docs"):
        assert f"make {verb}" in done.stdout
