"""The race as a script in Keras walks the same path as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent import Runner, race
from fallline.engine.optim import KERAS_OPTIMIZERS
from fallline.engine.surfaces import SURFACES
from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec
from fallline.runs.spec.descent import DescentSpec
from fallline.runs.spec.names import build_optimizer
from fallline.runs.spec.schedules import build_schedule

ALL: dict[str, dict[str, Any]] = {
    "gd": {"rate": 1e-3, "options": {"clip_norm": 30.0}},
    "sgd": {"rate": 2e-4, "params": {"momentum": 0.8, "nesterov": 1.0}},
    "momentum": {"rate": 2e-4, "params": {"decay": 0.01}},
    "nesterov": {"rate": 2e-4, "options": {"accumulate": 3.0}},
    "adagrad": {"rate": 0.1, "params": {"start": 0.3}},
    "adadelta": {"rate": 1.0, "params": {"epsilon": 1e-5}},
    "rmsprop": {"rate": 0.01, "params": {"smoothing": 0.8}},
    "rmsprop_centered": {"rate": 0.003, "params": {"momentum": 0.5, "epsilon": 1e-3}},
    "adam": {"rate": 0.05, "params": {"beta1": 0.8}, "options": {"clip_value": 5.0}},
    "amsgrad": {"rate": 0.05},
    "adamw": {"rate": 0.05, "options": {"clip_global_norm": 20.0, "ema": 0.9}},
    "adamax": {"rate": 0.05},
    "nadam": {"rate": 0.05},
    "ftrl": {"rate": 0.1, "params": {"beta": 1.0, "l1": 0.01}},
    "lion": {"rate": 0.01, "params": {"decay": 0.1}},
    "lamb": {"rate": 0.01},
    "adafactor": {"rate": 0.01, "params": {"power": 0.7, "clip": 1.5}},
    "muon": {"rate": 0.01, "params": {"decay": 0.01}},
    "schedule_free": {"rate": 0.05, "params": {"beta1": 0.8}},
}
"""Every optimizer that Keras has, with some of its settings and options."""

DRIVER = """
import contextlib, io, json, os, runpy, sys
os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
found = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        names = runpy.run_path(path)
    paths = {name: names["descend"](runner) for name, runner in names["RACE"].items()}
    found.append({"paths": paths, "said": said.getvalue()})
print(json.dumps(found))
"""


def tree(surface: str, names: list[str], **more: Any) -> dict[str, Any]:
    """A race of some optimizers in Keras' dialect."""
    optimizers = {name: {**ALL[name], "dialect": "keras"} for name in names}
    start = list(SURFACES[surface].start)
    return {"kind": "descent", "surface": surface, "start": start, "steps": 30, "optimizers": optimizers, **more}


def scripts(trees: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Runs the scripts of Specs in one process: path of each runner, and what is printed."""
    paths = [folder / f"{number}.py" for number in range(len(trees))]
    for path, each in zip(paths, trees, strict=True):
        path.write_text(show_as_code(load_spec(each)))
    done = subprocess.run([sys.executable, "-c", DRIVER, *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_optimizer_of_keras_walks_the_same_path(tmp_path: Path) -> None:
    """On every surface, with options, schedules and noise, each path is ours to 1e-9, and what is printed too."""
    names = list(KERAS_OPTIMIZERS)
    assert names == list(ALL)
    trees = [
        tree("rosenbrock", names[:8]),
        tree("rosenbrock", names[8:16]),
        tree("rosenbrock", names[16:], schedule={"name": "cosine"}),
        tree("himmelblau", ["adam", "momentum"], noise=0.5, seed=11, schedule={"name": "warmup_cosine"}),
        *(tree(name, ["rmsprop"], steps=3) for name in SURFACES),
    ]
    done = scripts(trees, tmp_path)
    for each, ran in zip(trees, done, strict=True):
        spec = load_spec(each)
        assert isinstance(spec, DescentSpec)
        schedule = build_schedule(spec.schedule)
        runners = [Runner(build_optimizer(key, entry), entry.rate, schedule) for key, entry in spec.optimizers.items()]
        rng = generator(spec.seed, "descent", "noise")
        noise = spec.noise or SURFACES[spec.surface].noise
        found = race(SURFACES[spec.surface], runners, spec.start, spec.steps, noise=noise, rng=rng)
        for key, trace in zip(spec.optimizers, found, strict=True):
            path = np.array(ran["paths"][key])
            assert path.shape == trace.points.shape
            assert np.allclose(path, trace.points, rtol=1e-9, atol=1e-9), key
    runs = answer(load_spec(trees[1])).part("descent")["runs"]
    said = {line.split(":")[0]: line for line in done[1]["said"].splitlines()}
    assert float(said["nadam"].split("loss ")[1].split(" at")[0]) == pytest.approx(runs["nadam"]["loss"], rel=1e-9)
    assert runs["nadam"]["label"] == "NAdam, Keras"


def test_a_script_is_written_in_one_tool() -> None:
    """Dialects do not mix in a script, nor do options of which a tool has no argument; the error says what to do."""
    each = tree("ravine", ["adam"])
    each["optimizers"]["momentum"] = {"rate": 0.01}
    with pytest.raises(SpecError, match=r"optimizers\.momentum\.dialect.*switch the others off"):
        show_as_code(load_spec(each))
    with pytest.raises(SpecError, match="an option that Keras has"):
        show_as_code(
            load_spec(
                {**tree("ravine", ["adam"]), "optimizers": {"adam": {"dialect": "keras", "options": {"sam": 0.1}}}}
            )
        )


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"optimizer": "radam", "dialect": "keras"}, r"optimizers\.a\.optimizer"),
        ({"optimizer": "adam", "options": {"clipnorm": 1.0}}, r"optimizers\.a\.options: 'clipnorm'.*'clip_norm'"),
        ({"optimizer": "adam", "options": {"clip_norm": -1.0}}, r"optimizers\.a\.options\.clip_norm: -1"),
        ({"optimizer": "adam", "dialect": "jax"}, r"optimizers\.a\.dialect"),
    ],
)
def test_a_wrong_dialect_or_option_is_named(entry: dict[str, Any], path: str) -> None:
    """The error names the place in the Spec, and the nearest known name."""
    with pytest.raises(SpecError, match=path):
        load_spec({"kind": "descent", "optimizers": {"a": entry}})
