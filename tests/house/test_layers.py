"""Imports go down only."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest


def lint(folder: Path, path: str = "") -> subprocess.CompletedProcess[str]:
    """Runs import-linter in a folder, with that folder's own contracts."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    environment = os.environ | ({"PYTHONPATH": path} if path else {})
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def skeleton(root: Path, tmp_path: Path) -> Path:
    """The rooms of the house, empty, under our contracts."""
    settings = (root / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings[settings.index("[tool.importlinter]") :], encoding="utf-8")
    contracts: list[dict[str, Any]] = tomllib.loads(settings)["tool"]["importlinter"]["contracts"]
    for contract in contracts:
        for container in contract.get("containers", ()):
            for room in (room.strip() for layer in contract["layers"] for room in layer.split("|")):
                folder = tmp_path.joinpath(*container.split("."), room)
                folder.mkdir(parents=True, exist_ok=True)
                for package in (folder, folder.parent, tmp_path / "fallline"):
                    (package / "__init__.py").touch()
    return tmp_path


def test_no_room_imports_one_above_it(root: Path) -> None:
    """Every contract of pyproject.toml is kept by the code as it is."""
    done = lint(root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_empty_house_keeps_every_contract(skeleton: Path) -> None:
    """The contracts ask for nothing but the rooms themselves."""
    done = lint(skeleton, str(skeleton))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("engine/tune", "import fallline.course"),  # up
        ("engine/optim", "import fallline.engine.schedules"),  # to a stranger
        ("web", "import fallline.storage"),  # to a stranger
        ("runs", "import sqlite3"),  # SQL outside storage
        ("core", "import logging"),  # the maths does no I/O
        ("storage", "import fastapi"),  # the web outside the web
    ],
)
def test_a_broken_layer_is_found(skeleton: Path, room: str, line: str) -> None:
    """One import against the grain breaks a contract."""
    (skeleton / "fallline" / room / "__init__.py").write_text(f"{line}\n", encoding="utf-8")
    done = lint(skeleton, str(skeleton))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
