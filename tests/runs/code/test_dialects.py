"""One script walks both dialects in the real tools, and ends where our own paths end."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.dialects import BOTH
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec

TREES: list[dict[str, Any]] = [
    {"optimizer": "rmsprop", "numbers": "own", "rate": 0.05},
    {"optimizer": "adam", "numbers": "same", "rate": 0.05, "decay": 0.05, "epsilon": 1e-3},
    {"optimizer": "adagrad", "numbers": "all", "surface": "rosenbrock", "start": [-1.2, 1.0]},
]


def test_scripts_end_where_the_paths_end(check: Callable[[str], str], tmp_path: Path) -> None:
    """PyTorch's half and Keras' half give the losses of the Record to nine digits."""
    path, specs = tmp_path / "script.py", [load_spec({"kind": "dialects", "steps": 30, **tree}) for tree in TREES]
    scripts = [show_as_code(spec) for spec in specs]
    assert not any(check(script) for script in scripts)
    path.write_text("\n\n".join(scripts), encoding="utf-8")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    losses = [float(found) for found in re.findall(r"loss (\S+) at", done.stdout)]
    runs = [answer(spec).part("dialects")["runs"] for spec in specs]
    wanted = [run[tool]["loss"] for run in runs for tool in ("torch", "keras")]
    assert losses == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", BOTH)
def test_every_name_has_a_script(name: str) -> None:
    """Each of the nineteen can be taken away: both halves compile, and each imports its own tool alone."""
    for numbers in ("same", "all"):
        script = show_as_code(load_spec({"kind": "dialects", "optimizer": name, "numbers": numbers, "decay": 0.01}))
        compile(script, name, "exec")
        assert script.count("RACE = {") == 2
        assert "keras.optimizers." in script
