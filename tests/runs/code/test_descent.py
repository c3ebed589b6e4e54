"""The race as a script in PyTorch walks the same path as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fallline.core.rng import generator
from fallline.engine.descent import Runner, Trace, race
from fallline.engine.optim.options import OPTIONS as KNOWN
from fallline.engine.schedules import SCHEDULES
from fallline.engine.surfaces import SURFACES
from fallline.runs.answer import answer
from fallline.runs.bench.rows import rows_surface
from fallline.runs.code import show_as_code
from fallline.runs.sources.load import load
from fallline.runs.spec import load_spec
from fallline.runs.spec.descent import DescentSpec
from fallline.runs.spec.loss import noise_of
from fallline.runs.spec.names import build_optimizer, pace_of

ALL: dict[str, dict[str, Any]] = {
    "gd": {"rate": 0.01, "params": {"decay": 0.01}},
    "momentum": {"rate": 0.004, "params": {"momentum": 0.8}},
    "nesterov": {"rate": 0.004, "params": {"momentum": 0.8, "decay": 0.02}},
    "flat": {"optimizer": "nesterov", "rate": 0.005, "params": {"momentum": 0.0}},
    "adagrad": {"rate": 0.2, "params": {"start": 0.1, "epsilon": 1e-6}},
    "rmsprop": {"rate": 0.02, "params": {"smoothing": 0.9}},
    "adam": {"rate": 0.05, "params": {"beta1": 0.8, "beta2": 0.99}},
    "adamw": {"rate": 0.05},
}
"""Every optimizer, with other settings than the defaults."""

SETTINGS: dict[str, list[dict[str, Any]]] = {
    "constant": [{}],
    "step": [{}, {"every": 7, "gamma": 0.5}],
    "exponential": [{"gamma": 0.95}],
    "cosine": [{}, {"floor": 0.1}],
    "warmup_cosine": [{}, {"warmup": 1.0, "floor": 0.2}, {"warmup": 0.0}],
    "one_cycle": [
        {},
        {"rise": 1.0},
        {"rise": 0.025},
        {"rise": 0.0, "divide": 5.0, "final": 10.0},
        {"phases": 3, "linear": 1},
        {"phases": 3, "rise": 0.7},
    ],
    "one_cycle_momentum": [{}, {"phases": 3, "low": 0.2, "linear": 1}],
    "multi_step": [{}, {"milestones": [7, 20, 21], "gamma": 0.5}],
    "inverse_time": [{"half": 5.0, "power": 0.5}],
    "polynomial": [{}, {"power": 2.0, "floor": 0.1}],
    "warm_restarts": [
        {"first": 5},
        {"first": 5, "multiply": 1.5, "shrink": 0.7, "floor": 0.1},
        {"first": 7, "multiply": 1.0},
    ],
    "flat_cosine": [{}, {"flat": 1.0}, {"flat": 0.0, "floor": 0.3}],
    "wsd": [{}, {"warmup": 0.0, "decay": 1.0, "power": 0.5}, {"warmup": 0.8, "decay": 0.8, "floor": 0.1}],
    "triangular": [
        {},
        {"up": 3, "down": 5, "shrink": 0.5},
        {"up": 4, "down": 2, "gamma": 0.95},
        {"shrink": 0.7, "up": 5},
    ],
    "noam": [{"warmup": 6}],
    "anneal_linear": [{"start": 0.1, "end": 1.0}],
    "anneal_cosine": [{"start": 0.1, "end": 1.0}],
    "anneal_exponential": [{}],
    "anneal_polynomial": [{"start": 0.1, "end": 0.9, "power": 3.0}],
    "warmup": [{}, {"share": 0.0}, {"share": 1.0, "start": 0.2}],
    "inverse": [{"low": 0.1}],
    "sequence": [{}],
}
"""Every schedule, with the settings at which torch's own would divide by zero (0.025 of 40 steps is one step)."""

RISE = {"name": "anneal_linear", "params": {"start": 0.1, "end": 1.0}}
NESTED: list[dict[str, Any]] = [
    {"name": "warmup", "params": {"share": 0.3}, "parts": [{"name": "warm_restarts", "params": {"first": 9}}]},
    {"name": "inverse", "params": {"low": 0.3}, "parts": [{"name": "triangular", "params": {"up": 4, "down": 7}}]},
    {
        "name": "sequence",
        "parts": [{**RISE, "share": 0.2}, {"name": "wsd", "share": 0.0}, {"name": "cosine", "share": 0.8}],
    },
    {
        "name": "sequence",
        "parts": [
            {**RISE, "until": 6},
            {
                "name": "sequence",
                "parts": [{"name": "constant"}, {"name": "step", "params": {"every": 3}}],
                "until": 19,
            },
            {"name": "one_cycle", "until": 60},
            {"name": "constant"},
        ],
    },
]
"""Schedules made of schedules."""

DRIVER = """
import contextlib, io, json, runpy, sys
found = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        names = runpy.run_path(path)
    paths = {
        name: names["descend"](**runner)
        if isinstance(runner, dict)
        else names["descend"](*(runner if isinstance(runner, tuple) else [runner]))
        for name, runner in names["RACE"].items()
    }
    found.append({"paths": paths, "said": said.getvalue()})
print(json.dumps(found))
"""


def tree(surface: str, steps: int = 40, **more: Any) -> dict[str, Any]:
    """A race of every optimizer from the surface's own start, at rates that it bears.

    Above the limit of stability a rippled surface is chaotic: the last bit decides the path, and nobody's is the same.
    """
    base = SURFACES[surface].rate.default
    sloped = {"gd": base, "momentum": base / 5, "nesterov": base / 5, "flat": base}
    optimizers = {key: {**entry, "rate": sloped.get(key, entry["rate"])} for key, entry in ALL.items()}
    start = list(SURFACES[surface].start)
    return {"kind": "descent", "surface": surface, "start": start, "steps": steps, "optimizers": optimizers, **more}


def scripts(trees: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Runs the scripts of Specs in one process, warnings being errors: path of each runner, and what is printed."""
    paths = [folder / f"{number}.py" for number in range(len(trees))]
    for path, each in zip(paths, trees, strict=True):
        path.write_text(show_as_code(load_spec(each)))
    command = [sys.executable, "-W", "error", "-c", DRIVER, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def traces(spec: DescentSpec) -> dict[str, Trace]:
    """The same race by the engine."""
    runners = {}
    for key, entry in spec.optimizers.items():
        runners[key] = Runner(build_optimizer(key, entry), entry.rate, pace_of(spec, key))
    if spec.rows is None or spec.data is None:
        surface = SURFACES[spec.surface]
    else:
        surface = rows_surface(load(spec.data).table, spec.rows)
    noise, rng = noise_of(spec, surface), generator(spec.seed, "descent", "noise")
    found = race(surface, list(runners.values()), spec.start, spec.steps, noise=noise, rng=rng)
    return dict(zip(runners, found, strict=True))


def differences(trees: list[dict[str, Any]], folder: Path) -> list[str]:
    """Says where a script leaves the engine's path by more than 1e-9, measured by how far the path has gone."""
    said = []
    for each, ran in zip(trees, scripts(trees, folder), strict=True):
        spec = load_spec(each)
        assert isinstance(spec, DescentSpec)
        for key, trace in traces(spec).items():
            path = np.array(ran["paths"][key])
            where = f"{spec.surface}, {key}, {spec.schedule}"
            if path.shape != trace.points.shape:
                said.append(f"{where}: {path.shape} instead of {trace.points.shape}")
            elif not np.allclose(path, trace.points, rtol=1e-9, atol=1e-9):
                said.append(f"{where}: by {np.abs(path - trace.points).max():.2g}")
    return said


def test_every_optimizer_walks_the_same_path_on_every_surface(tmp_path: Path) -> None:
    """The surface's own formula and torch.optim give our path to 1e-9, the noise of the noisy ones included."""
    assert not differences([tree(name) for name in SURFACES], tmp_path)


MORE: dict[str, dict[str, Any]] = {
    "sgd": {"rate": 2e-4, "params": {"momentum": 0.8, "dampening": 0.3}},
    "adadelta": {"rate": 1.0, "params": {"epsilon": 1e-5}},
    "rmsprop_centered": {"rate": 1e-3, "params": {"momentum": 0.5, "epsilon": 1e-3}},
    "amsgrad": {"rate": 0.02},
    "adamax": {"rate": 0.02, "params": {"beta2": 0.99}},
    "nadam": {"rate": 0.02, "params": {"momentum_decay": 0.1}},
    "radam": {"rate": 1e-4},
    "adafactor": {"rate": 0.01, "params": {"epsilon2": 0.01}},
    "muon": {"rate": 0.02},
    "adabelief": {"rate": 0.02},
    "lion": {"rate": 0.01, "params": {"decay": 0.1}},
    "ftrl": {"rate": 0.1, "params": {"l1": 0.1}},
    "schedule_free": {"rate": 0.02},
    "lamb": {"rate": 0.01},
    "prodigy": {"rate": 1.0},
    "sam": {"rate": 5e-4, "params": {"rho": 0.1}},
    "sophia": {"rate": 0.01, "params": {"every": 3.0, "seed": 4.0, "gamma": 0.1, "decay": 0.1}},
    "lbfgs": {"rate": 1.0, "params": {"history": 3.0}},
    "newton_cg": {"rate": 1.0},
}
"""The later ones; those that torch does not have are classes in the script."""
OPTIONS: list[dict[str, Any]] = [
    {
        "nesterov": {"rate": 2e-4, "options": {"l2": 0.1, "clip_norm": 3.0}},
        "adam": {"rate": 0.05, "options": {"decay": 0.1, "clip_global_norm": 5.0}},
        "adamw": {"rate": 0.05, "options": {"l2": 0.2, "clip_value": 2.0}},
        "gd": {"rate": 1e-3, "options": {"accumulate": 3.0, "ema": 0.8}},
        "lion": {"rate": 0.01, "options": {"decay": 0.1, "l2": 0.1, "accumulate": 2.0, "sam": 0.05}},
        "schedule_free": {"rate": 0.02, "options": {"clip_value": 2.0}},
    },
    {
        "sam": {"rate": 5e-4, "options": {"l2": 0.1, "sam": 0.02}},
        "sophia": {"rate": 0.02, "options": {"sam": 0.1, "clip_global_norm": 10.0, "ema": 0.8}},
        "torch": {"optimizer": "lbfgs", "rate": 0.1, "params": {"search": 0.0}, "options": {"clip_norm": 5.0}},
        "muon": {"rate": 0.02, "options": {"l2": 0.1}},
        "prodigy": {"rate": 1.0, "options": {"decay": 0.01}},
        "adam": {"rate": 0.05, "options": {"decay": 0.1, "l2": 0.1}},
    },
]
"""Every option, alone, together, and around those that ask for the loss."""


def test_every_later_optimizer_walks_the_same_path_too(tmp_path: Path) -> None:
    """With a falling rate, under which torch's scheduler adds keys of its own to what the classes keep."""
    names = list(MORE)
    races = [{name: MORE[name] for name in part} for part in (names[:8], names[8:15], names[15:])]
    trees = [tree("rosenbrock", 25, optimizers=each, schedule={"name": "cosine"}) for each in races]
    trees.append(tree("himmelblau", 12, optimizers=races[-1], noise=0.3, seed=5))
    assert not differences(trees, tmp_path)


def test_every_option_walks_the_same_path(tmp_path: Path) -> None:
    """Under a constant and a falling rate, with and without noise, and over a single step."""
    assert {name for each in OPTIONS for entry in each.values() for name in entry.get("options", {})} == set(KNOWN)
    trees = [
        tree("rosenbrock", steps, optimizers=each, **more)
        for each in OPTIONS
        for steps, more in ((30, {}), (30, {"schedule": {"name": "wsd"}, "noise": 0.3}), (1, {}))
    ]
    assert not differences(trees, tmp_path)


def test_every_schedule_lowers_the_rate_as_ours_does(tmp_path: Path) -> None:
    """Each schedule under each optimizer, down to a single step."""
    assert set(SETTINGS) == set(SCHEDULES)
    trees = [
        tree("rosenbrock", steps, schedule={"name": name, "params": params})
        for name, every in SETTINGS.items()
        for params in every
        for steps in (40, 1)
    ]
    trees += [tree("rosenbrock", schedule=schedule) for schedule in NESTED]
    said = differences(trees, tmp_path)
    assert not said, "\n".join(said)


def test_a_runner_may_have_a_schedule_of_its_own(tmp_path: Path) -> None:
    """One with a schedule, one without, and noise on every gradient."""
    own = {"rate": 0.02, "schedule": {"name": "warmup_cosine", "params": {"warmup": 0.3}}}
    optimizers = {"slow": {**own, "optimizer": "gd"}, "gd": {"rate": 0.02}, "off": {"optimizer": "adam", "on": False}}
    each = tree("ravine", noise=0.5, seed=11, optimizers=optimizers)
    ran = scripts([each], tmp_path)[0]
    optimizers.pop("off")
    assert list(ran["paths"]) == sorted(optimizers)
    assert not differences([each], tmp_path)


def test_heavy_tails_are_drawn_as_the_run_draws_them(tmp_path: Path) -> None:
    """Student's t and the α-stable law, draw by draw."""
    kinds = [("heavy_tailed", {"scale": 0.2, "degrees": 3.0}), ("alpha_stable", {"scale": 0.2, "alpha": 1.6})]
    trees = [tree("bowl", noisy={"kind": kind, "params": params}, seed=5) for kind, params in kinds]
    assert not differences(trees, tmp_path)


def test_a_run_that_leaves_the_map_ends_where_ours_does(tmp_path: Path) -> None:
    """Divergence is cut at the same step."""
    each = tree("ravine", optimizers={"gd": {"rate": 0.5}, "momentum": {"rate": 1.0}})
    assert not differences([each], tmp_path)


def test_it_prints_what_the_record_says(tmp_path: Path) -> None:
    """Loss to 1e-9 and steps, as the lab shows them."""
    each = tree("beale")
    said = scripts([each], tmp_path)[0]["said"].splitlines()
    runs = answer(load_spec(each)).part("descent")["runs"]
    assert [line.split(":")[0] for line in said] == list(runs)
    for line, run in zip(said, runs.values(), strict=True):
        assert float(line.split("loss ")[1].split(" at")[0]) == pytest.approx(run["loss"], rel=1e-9)
        assert line.endswith(f"after {run['steps']} steps")
