"""A training as a script, in PyTorch and in Keras: run by itself, it gives the numbers of the run."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fallline.core.errors import DataError
from fallline.runs.code import show_as_code
from fallline.runs.execute import Surroundings, execute
from fallline.runs.spec import load_spec

CASES: dict[str, dict[str, Any]] = {
    "mlp": {
        "net": {"name": "mlp", "widths": [16], "dropout": 0.2, "norm": "layer", "activation": "gelu"},
        "set": {"name": "digits", "rows": 300, "noise": 0.1},
        "schedule": {"name": "one_cycle"},
        "optimizer": {"name": "adamw", "rate": 0.01},
    },
    "cnn": {"net": {"name": "cnn", "widths": [4, 8]}, "set": {"name": "mnist1d", "rows": 400}, "backend": "keras"},
    "logistic": {
        "net": {"name": "logistic"},
        "set": {"name": "xor"},
        "optimizer": {"name": "nesterov", "rate": 0.05},
        "schedule": {"name": "cosine"},
        "backend": "keras",
    },
    "linear": {
        "net": {"name": "linear", "initialiser": "lecun"},
        "set": {"name": "line", "rows": 60},
        "optimizer": {"name": "gd", "rate": 0.3},
        "batch": "full",
        "patience": 2,
        "epochs": 300,
    },
}


@pytest.mark.parametrize("name", CASES)
def test_the_script_gives_the_numbers_of_the_run(name: str, tmp_path: Path) -> None:
    """The last batch's loss, the lowest validation loss and its epoch, to 1e-5; nothing of Fall Line is imported."""
    spec = load_spec({"kind": "train", "epochs": 3, "seed": 2, **CASES[name]})
    file = tmp_path / "script.py"
    file.write_text(show_as_code(spec))
    assert "fallline" not in file.read_text()
    assert max(map(len, file.read_text().splitlines())) <= 88
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", done.stdout)]
    part = execute(spec, Surroundings(clock=time.time)).part("training")
    expected = [part["last_loss"], part["best_validation"], part["best_epoch"]]
    assert told == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        {"net": {"name": "gru"}},
        {"set": {"name": "text"}, "net": {"name": "gru"}},
        {"net": {"name": "mlp", "initialiser": "orthogonal"}},
        {"net": {"name": "mlp", "dropout": 0.1}, "backend": "keras"},
        {"label_noise": 0.1},
        {"precision": "float64"},
        {"optimizer": {"name": "lion"}},
        {"data": {"source": "named", "name": "iris"}},
    ],
)
def test_what_no_short_script_says_is_said(change: dict[str, Any]) -> None:
    """Rather than a script that gives other numbers there is a sentence."""
    with pytest.raises(DataError, match=r"shown|torch\.optim"):
        show_as_code(load_spec({"kind": "train", **change}))
