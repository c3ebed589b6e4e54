"""A Spec of kind ``train``: what `fl.train` gives, kept, resumed after a kill, and drawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load as read

import fallline as fl
from fallline.core.errors import SpecError
from fallline.core.event import Event, EventKind
from fallline.figures.registry import figures_of
from fallline.runs.execute import Surroundings, execute
from fallline.runs.race.code import read_code, refuse_code, with_code
from fallline.runs.record import Record
from fallline.runs.sources import Named, load
from fallline.runs.spec import load_spec
from fallline.runs.training import stage

SMALL: dict[str, Any] = {
    "kind": "train",
    "net": {"name": "mlp", "widths": [8], "dropout": 0.2, "norm": "batch"},
    "set": {"name": "moons", "rows": 80},
    "optimizer": {"name": "adam", "rate": 0.02},
    "schedule": {"name": "cosine"},
    "epochs": 6,
    "batch": 16,
    "look": 3,
    "seed": 4,
}


def run(tree: dict[str, Any], **around: Any) -> Record:
    """Executes a Spec given as a tree."""
    return execute(load_spec(tree), Surroundings(clock=time.time, **around))


def test_a_spec_gives_what_the_function_gives() -> None:
    """The same names and seed: the same losses, best look and weights, which the artifact holds."""
    kept: dict[str, bytes] = {}

    def listen(event: Event) -> None:
        if event.kind is EventKind.ARTIFACT:
            kept[event.name] = event.payload

    part = run({**SMALL, "set": {"name": "moons"}}, listener=listen).part("training")
    net = fl.Net("mlp", {"widths": (8,), "dropout": 0.2, "norm": "batch"})
    schedule = fl.SCHEDULES["cosine"]()
    trace = fl.train(net, "moons", "adam", schedule, rate=0.02, epochs=6, batch=16, look=3, seed=4)
    assert np.allclose(part["losses"], trace.losses, rtol=1e-6)
    assert part["best_validation"] == trace.validation[trace.best]
    assert part["ending"] == trace.ending.to_dict()
    weights = read(kept["best.safetensors"])
    assert all(np.array_equal(weights[name], array) for name, array in trace.best_weights.items())


class Killed(Exception):
    """Stands for a process that is gone."""


@pytest.mark.parametrize(("backend", "fatals"), [("torch", (1, 4, 7)), ("keras", (3,))])
def test_a_killed_training_goes_on_from_its_last_snapshot(
    backend: str, fatals: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any of its looks, in either backend, it ends with the very result of one that was left alone."""
    monkeypatch.setattr(stage, "KEEP", 0.0)
    tree = {**SMALL, "backend": backend}
    whole = run(tree).result
    for fatal in fatals:
        kept: dict[str, Any] = {"bytes": {}, "checkpoints": {}, "seen": 0}

        def listen(event: Event, kept: dict[str, Any] = kept, fatal: int = fatal) -> None:
            if event.kind is EventKind.ARTIFACT:
                kept["bytes"][event.name] = event.payload
            if event.kind is EventKind.CHECKPOINT and event.name == "snapshot":
                kept["checkpoints"]["snapshot"] = event.payload
                kept["seen"] += 1
                if kept["seen"] == fatal:
                    raise Killed

        with pytest.raises(Killed):
            run(tree, listener=listen)
        (content,) = [each for name, each in kept["bytes"].items() if name.endswith(f"-{3 * fatal}")]
        around = Surroundings(clock=time.time, read_bytes=lambda _, content=content: content)
        assert execute(load_spec(tree), around, kept["checkpoints"]).result == whole


def test_a_cancelled_training_stops() -> None:
    """At the next step after someone asked for it."""
    record = run({**SMALL, "epochs": 5000}, cancelled=iter([False] * 10 + [True] * 10_000).__next__)
    assert record.ending.kind == "cancelled"
    assert not record.result


@pytest.mark.parametrize(
    ("name", "task"), [("breast_cancer", "binary"), ("iris", "classes"), ("diabetes", "regression")]
)
def test_a_table_is_learnt_whatever_its_target(name: str, task: str) -> None:
    """Two classes, several, numbers: each learns well above chance with the loss that suits it."""
    tree = {
        "kind": "train",
        "net": {"name": "mlp", "widths": [16]},
        "data": {"source": "named", "name": name},
        "optimizer": {"rate": 0.01},
        "epochs": 25,
    }
    part = run(tree, data=lambda: load(Named(name=name))).part("training")
    assert part["task"] == task
    assert part["best_score"] > (0.3 if task == "regression" else 0.85)


NET = """
import torch

def net():
    return torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))
"""


def test_ones_own_code_is_trained_hashed_and_refused_by_a_server(tmp_path: Path) -> None:
    """The source counts in the key; a site says no; the same seed starts the same."""
    file = tmp_path / "mine.py"
    file.write_text(NET)
    tree = {**SMALL, "code": f"{file}:net"}
    first, again = (run(tree, read_code=read_code).part("training") for _ in range(2))
    assert first == again
    assert first["parameters"] == 21
    before = with_code("", load_spec(tree))
    file.write_text(NET.replace("Tanh", "ReLU"))
    assert with_code("", load_spec(tree)) != before
    with pytest.raises(SpecError, match="command line"):
        refuse_code(load_spec(tree))


def test_keras_trains_the_same_spec() -> None:
    """Gradient descent: the curves of both backends agree to 1e-5, and the Record says who computed."""
    tree = {**SMALL, "net": {"name": "mlp", "widths": [8]}, "optimizer": {"name": "gd", "rate": 0.2}}
    ours, theirs = (run({**tree, "backend": name}).part("training") for name in ("torch", "keras"))
    assert np.allclose(ours["losses"], theirs["losses"], atol=1e-5)
    assert (ours["backend"], theirs["backend"]) == ("PyTorch", "Keras on TensorFlow")


def test_the_curves_are_drawn() -> None:
    """Loss by step and epoch, score, gradient and rate, each with its numbers; the best look is marked."""
    record = run(SMALL)
    figures = {figure.id: figure for figure in figures_of(record)}
    assert list(figures) == [
        "training-steps",
        "training-epochs",
        "training-score",
        "training-gradient",
        "training-rate",
    ]
    part = record.part("training")
    assert f"epoch {part['best_epoch']:.3g}" in figures["training-epochs"].alt
    assert figures["training-epochs"].caption == part["ending"]["sentence"]
    assert len(figures["training-steps"].table.rows) == part["steps"] == 24


def test_a_training_that_breaks_at_once_has_a_verdict_and_no_curve() -> None:
    """Nothing in the part is not finite, and nothing is drawn."""
    tree = {**SMALL, "net": {"name": "mlp", "widths": [1024] * 20, "initialiser": "large-normal"}}
    record = run({**tree, "set": {"name": "line", "rows": 40}, "batch": "full"})
    assert record.part("training")["ending"]["kind"] == "undefined"
    assert figures_of(record) == ()


def test_a_long_training_shows_some_of_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """First, last and best are among them."""
    monkeypatch.setattr(stage, "POINTS", 5)
    part = run({**SMALL, "epochs": 10}).part("training")
    assert (part["step"][0], part["step"][-1], len(part["step"])) == (1, 40, 5)
    assert part["validation"][part["best"]] == pytest.approx(part["best_validation"], rel=1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"net": {"name": "mlpp"}}, "net.name"),
        ({"net": {"name": "linear", "widths": [3]}}, "linear has"),
        ({"net": {"activation": "relo"}}, "Did you mean 'relu'"),
        ({"set": {"name": "moon"}}, "Did you mean 'moons'"),
        ({"set": {"name": "digits", "rows": 50}}, "set.rows"),
        ({"optimizer": {"name": "adagrd"}}, "Did you mean 'adagrad'"),
        ({"optimizer": {"name": "adam", "params": {"beta": 0.1}}}, "optimizer.params"),
        ({"loss": "logloss"}, "Did you mean 'log_loss'"),
        ({"backend": "jax"}, "backend"),
        ({"backend": "keras", "code": "a.py:net"}, "backend = 'torch'"),
        ({"plan": {"rate": {"name": "cosine"}}}, "plan.rate"),
        ({"batch": "most"}, "batch"),
    ],
)
def test_a_wrong_training_is_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    """The error names the path and what was expected."""
    with pytest.raises(SpecError, match=said):
        load_spec({**SMALL, **change})
