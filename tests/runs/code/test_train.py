"""A training as a script, in PyTorch and in Keras: run by itself, it gives the numbers of the run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fallline.core.errors import DataError, SpecError
from fallline.runs.code import show_as_code
from fallline.runs.execute import Surroundings, execute
from fallline.runs.race.code import read_code
from fallline.runs.sources.load import load, sha256_of
from fallline.runs.spec import load_spec
from fallline.runs.spec.base import Spec
from fallline.runs.spec.train import TrainSpec

MOONS: dict[str, Any] = {"set": {"name": "moons", "rows": 100}, "precision": "float64"}
SMALL: dict[str, Any] = {"name": "mlp", "widths": [6]}
TEXT: dict[str, Any] = {"set": {"name": "text", "rows": 24, "noise": 0.05}, "batch": 8}

TORCH: dict[str, dict[str, Any]] = {
    "mlp": {
        "net": {"name": "mlp", "widths": [16], "dropout": 0.2, "norm": "layer", "activation": "gelu"},
        "set": {"name": "digits", "rows": 300, "noise": 0.1},
        "schedule": {"name": "one_cycle"},
        "optimizer": {"name": "adamw", "rate": 0.01},
    },
    "linear": {
        "net": {"name": "linear", "initialiser": "lecun"},
        "set": {"name": "line", "rows": 60},
        "optimizer": {"name": "gd", "rate": 0.3},
        "batch": "full",
        "patience": 2,
        "epochs": 300,
    },
    "gru": {**TEXT, "net": {"name": "gru", "widths": [6], "initialiser": "he-uniform"}, "optimizer": {"name": "lion"}},
    "transformer": {**TEXT, "net": {"name": "transformer", "widths": [8]}, "optimizer": {"name": "muon"}},
    "attention without text": {
        "net": {"name": "transformer", "widths": [4], "norm": "none", "initialiser": "orthogonal", "dropout": 0.1},
        "set": {"name": "digits", "rows": 200},
        "optimizer": {"name": "sophia", "params": {"every": 3.0}},
        "precision": "float64",
        "epochs": 2,
    },
    "states": {
        "net": {"name": "gru", "widths": [4, 3], "initialiser": "orthogonal"},
        "set": {"name": "mnist1d", "rows": 400},
        "precision": "float64",
        "label_noise": 0.2,
        "epochs": 2,
    },
    "plan": {
        **MOONS,
        "net": {**SMALL, "initialiser": "torch", "activation": "tanh"},
        "steps": 23,
        "look": 5,
        "patience": 2,
        "batch": 16,
        "noise": 0.02,
        "label_noise": 0.1,
        "plan": {
            "rate": {"name": "warmup_cosine"},
            "momentum": {"name": "anneal_linear", "params": {"start": 0.5, "end": 1.0}},
            "decay": {"name": "exponential", "params": {"gamma": 0.9}},
            "batch": {"name": "inverse", "params": {"low": 0.3}},
        },
        "optimizer": {"name": "adamw", "rate": 0.02, "params": {"decay": 0.3}, "options": {"l2": 0.1}},
    },
    "plateau": {
        **MOONS,
        "net": SMALL,
        "epochs": 12,
        "schedule": {
            "name": "reduce_on_plateau",
            "params": {"patience": 1, "gamma": 0.5, "threshold": 0.05, "cooldown": 1, "floor": 0.2},
        },
        "optimizer": {"name": "momentum", "rate": 0.05, "groups": [{"layers": ["output.*"], "factor": 0.5}]},
    },
    "options": {
        **MOONS,
        "net": {**SMALL, "dropout": 0.2, "norm": "batch"},
        "optimizer": {
            "name": "adabelief",
            "rate": 0.02,
            "options": {"sam": 0.05, "clip_norm": 0.5, "accumulate": 3.0, "ema": 0.8, "decay": 0.1},
            "groups": [{"layers": ["*.bias"], "factor": 2.0, "params": {"beta1": 0.5}}],
        },
        "schedule": {"name": "cosine"},
    },
    "drawn together": {
        **MOONS,
        "net": SMALL,
        "optimizer": {"name": "schedule_free", "rate": 0.05, "options": {"clip_global_norm": 0.3}},
        "plan": {"momentum": {"name": "anneal_linear", "params": {"start": 0.9, "end": 1.0}}},
    },
    "newton": {
        **MOONS,
        "net": {"name": "logistic"},
        "batch": "full",
        "optimizer": {"name": "newton_cg", "options": {"l2": 0.01}},
    },
    "quasi-newton": {**MOONS, "net": SMALL, "batch": "full", "epochs": 12, "optimizer": {"name": "lbfgs"}},
    "prodigy": {
        **MOONS,
        "net": SMALL,
        "optimizer": {"name": "prodigy", "options": {"decay": 0.01}},
        "plan": {"decay": {"name": "cosine"}, "rate": {"name": "cosine"}},
    },
    "noisy line": {"net": {"name": "linear"}, "set": {"name": "line", "rows": 60}, "label_noise": 0.5, "epochs": 2},
    "table": {"net": SMALL, "data": {"source": "named", "name": "mlc_churn", "rows": 400}, "epochs": 2},
    "numbers": {
        "net": {"name": "linear"},
        "data": {"source": "named", "name": "diabetes"},
        "loss": "huber",
        "epochs": 2,
    },
    "classes": {"net": SMALL, "data": {"source": "named", "name": "iris"}, "batch": 16, "epochs": 4},
}
KERAS: dict[str, dict[str, Any]] = {
    "cnn": {"net": {"name": "cnn", "widths": [4, 8]}, "set": {"name": "mnist1d", "rows": 400}},
    "batch norm": {
        "net": {"name": "mlp", "widths": [6], "norm": "batch"},
        "set": {"name": "digits", "rows": 200},
        "precision": "float64",
        "optimizer": {"name": "momentum", "rate": 0.0078125},
    },
    "logistic": {
        "net": {"name": "logistic"},
        "set": {"name": "xor"},
        "optimizer": {"name": "nesterov", "rate": 0.05},
        "schedule": {"name": "cosine"},
    },
    "gru": {**TEXT, "net": {"name": "gru", "widths": [6], "initialiser": "he-uniform"}},
    "states": {
        "net": {"name": "gru", "widths": [4, 3]},
        "set": {"name": "digits", "rows": 200},
        "precision": "float64",
        "schedule": {"name": "triangular", "params": {"up": 2, "down": 2, "low": 0.25}},
        "optimizer": {"rate": 0.0078125},
        "epochs": 2,
    },
    "transformer": {
        **TEXT,
        "net": {"name": "transformer", "widths": [4, 4], "dropout": 0.1, "initialiser": "xavier-uniform"},
        "optimizer": {"rate": 0.0078125},
        "precision": "float64",
        "epochs": 2,
    },
    "steps": {
        **MOONS,
        "net": {**SMALL, "initialiser": "orthogonal", "dropout": 0.2},
        "optimizer": {"rate": 0.0078125},
        "steps": 23,
        "look": 5,
        "patience": 2,
        "label_noise": 0.1,
        "plan": {
            "rate": {"name": "step", "params": {"every": 7, "gamma": 0.5}},
            "batch": {"name": "inverse", "params": {"low": 0.3}},
        },
    },
    "plateau": {
        **MOONS,
        "net": SMALL,
        "epochs": 12,
        "schedule": {
            "name": "reduce_on_plateau",
            "params": {"patience": 1, "gamma": 0.5, "threshold": 0.05, "cooldown": 1, "floor": 0.25},
        },
        "optimizer": {"name": "gd", "rate": 0.25},
    },
    "callback": {
        **MOONS,
        "net": SMALL,
        "epochs": 12,
        "schedule": {
            "name": "reduce_on_plateau",
            "params": {"patience": 1, "gamma": 0.5, "threshold": 0.02, "absolute": 1, "cooldown": 2},
        },
        "optimizer": {"name": "gd", "rate": 0.25},
    },
}
DRIVER = """
import contextlib, io, json, os, runpy, sys
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
said = []
for path in sys.argv[2:]:
    if sys.argv[1] == "torch":
        import torch
        torch.set_default_dtype(torch.float32)
        torch.set_num_threads(1)
    else:
        import keras
        keras.utils.clear_session()
        keras.config.set_floatx("float32")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(path)
    said.append(out.getvalue())
print(json.dumps(said))
"""


def numbers(spec: Spec) -> list[float]:
    """The last batch's loss, the lowest validation loss and its epoch, of a run."""
    assert isinstance(spec, TrainSpec)
    source = spec.data
    around = Surroundings(clock=time.time, read_code=read_code)
    if source is not None:
        around = Surroundings(clock=time.time, data=lambda: load(source), data_sha256=sha256_of(source))
    part = execute(spec, around).part("training")
    return [part["last_loss"], part["best_validation"], part["best_epoch"]]


def differences(backend: str, cases: dict[str, dict[str, Any]], folder: Path, check: Callable[[str], str]) -> list[str]:
    """Runs the scripts of Specs in one process, and says where they leave the run: 1e-9 in float64, 1e-5 in float32."""
    specs = [
        load_spec({"kind": "train", "epochs": 3, "seed": 2, "backend": backend, **each}) for each in cases.values()
    ]
    files = [folder / f"{number}.py" for number in range(len(specs))]
    found = []
    for name, file, spec in zip(cases, files, specs, strict=True):
        file.write_text(script := show_as_code(spec))
        found += [f"{name}: {fault}" for fault in check(script).splitlines()]
        assert "fallline" not in script
    command = [sys.executable, "-c", DRIVER, backend, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    for name, spec, said in zip(cases, specs, json.loads(done.stdout.splitlines()[-1]), strict=True):
        told, expected = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", said)], numbers(spec)
        within = 1e-9 if getattr(spec, "precision", "") == "float64" else 1e-5
        if told != pytest.approx(expected, rel=within, abs=within):
            found.append(f"{name}: {told} instead of {expected}")
    return found


def test_scripts_in_torch_give_the_numbers_of_the_run(tmp_path: Path, check: Callable[[str], str]) -> None:
    """Every net, kind of rows, start, option, plan and look; nothing of Fall Line is imported."""
    found = differences("torch", TORCH, tmp_path, check)
    assert not found, "\n".join(found)


def test_scripts_in_keras_give_the_numbers_of_the_run(tmp_path: Path, check: Callable[[str], str]) -> None:
    """As in PyTorch, with Keras' own schedules and, where it goes by a difference, its own callback."""
    found = differences("keras", KERAS, tmp_path, check)
    assert not found, "\n".join(found)
    assert "CosineDecay(" in show_as_code(load_spec({"kind": "train", "backend": "keras", **KERAS["logistic"]}))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"data": {"source": "file", "path": "mine.csv"}}, "a table of one's own"),
        ({"backend": "keras", "plan": {"momentum": {"name": "cosine"}}}, "shown in PyTorch alone"),
        ({"backend": "keras", "noise": 0.1}, "shown in PyTorch alone"),
        ({"optimizer": {"groups": [{"layers": ["input.*"]}]}}, r"groups\.0\.layers.*dense1\.weight"),
        ({"optimizer": {"name": "gd"}, "plan": {"momentum": {"name": "cosine"}}}, "something that .* has"),
    ],
)
def test_what_no_short_script_says_is_said(change: dict[str, Any], sentence: str) -> None:
    """Rather than a script that gives other numbers there is a sentence."""
    with pytest.raises((DataError, SpecError), match=sentence):
        show_as_code(load_spec({"kind": "train", **change}))
