"""Scripts are run as a reader would run them: in a process of their own, with warnings as errors."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.sources.load import load, sha256_of
from fallline.runs.spec import load_spec
from fallline.runs.spec.capstone import CapstoneSpec
from fallline.runs.stages import STAGES

Run = Callable[[str], list[str]]
WIDTH = 88


def run_script(script: str, folder: Path) -> list[str]:
    """Runs a script in a folder and returns the lines that it prints."""
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    command = [sys.executable, "-W", "error", path.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def faults(script: str, folder: Path) -> str:
    """What ruff finds in a script: long lines, names not used, imports out of order, and the like."""
    path = folder / "style.py"
    path.write_text(script, encoding="utf-8")
    rules = ["--select=E,W,F,I,B,UP,C4,SIM,RET,PIE,ERA,PLW", f"--line-length={WIDTH}", "--isolated", "--quiet"]
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise", *rules, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def stages(tree: dict[str, Any], *names: str) -> Record:
    """Runs some stages of a capstone, or all, in this process."""
    spec = load_spec(tree)
    assert isinstance(spec, CapstoneSpec)
    around = Surroundings(
        clock=time.time,
        data=cache(lambda: load(spec.data, allow_files=True)),
        data_sha256=sha256_of(spec.data, allow_files=True),
    )
    chosen = {name: stage for name, stage in STAGES.items() if name in names or not names}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("fallline.runs.execute.stages_of", lambda _: chosen)
        return execute(spec, around)


@pytest.fixture(scope="session")
def record_of() -> Callable[..., Record]:
    """Runs some stages of a capstone, or all: ``record_of(tree, "frame", "train")``."""
    return stages


@pytest.fixture
def check(tmp_path: Path) -> Callable[[str], str]:
    """Says what is wrong with the style of a script; nothing when all is well."""
    return lambda script: faults(script, tmp_path)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a script in the test's own folder, and holds it to the style of the house first."""

    def checked(script: str) -> list[str]:
        assert not faults(script, tmp_path)
        return run_script(script, tmp_path)

    return checked
