"""What the tests of the house look at: the files that this repository keeps."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_KEPT = {".git", ".venv", ".make", "build", "dist", "__pycache__"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def kept(root: Path) -> list[Path]:
    """Every file under version control; in an unpacked archive, which has none, every file but caches."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        files = [root / name for name in done.stdout.split("\0") if name]
    else:
        files = [path for path in root.rglob("*") if not NOT_KEPT.intersection(path.relative_to(root).parts)]
    return [path for path in files if path.is_file()]


@pytest.fixture(scope="session")
def sources(root: Path, kept: list[Path]) -> list[Path]:
    """Our own code among them, in any language; not what others wrote and we carry along."""
    folders = {"src", "tests", "benchmarks", "scripts"}
    return [
        path
        for path in kept
        if path.suffix in {".py", ".js", ".css"}
        and path.relative_to(root).parts[0] in folders
        and "vendor" not in path.parts
    ]
