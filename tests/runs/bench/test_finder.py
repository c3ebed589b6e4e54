"""A Spec of kind ``finder``: what `fl.find_rate` finds on the same net and rows, kept, drawn, and tried out."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import torch

import fallline as fl
from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.train.finder.optimizers import SWEPT, torch_optimizer
from fallline.engine.train.loop.criteria import CRITERIA
from fallline.engine.train.loop.recipe import Recipe
from fallline.engine.train.loop.training import module_of
from fallline.figures.registry import figures_of
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.execute import Surroundings, execute
from fallline.runs.spec import load_spec

SMALL: dict[str, Any] = {
    "kind": "finder",
    "net": {"name": "mlp", "widths": [6]},
    "set": {"name": "moons", "rows": 80},
    "steps": 40,
    "seeds": 2,
    "seed": 3,
    "batch": 16,
    "probe": {"steps": 20},
}


def found(**changed: Any) -> dict[str, Any]:
    """The part of a small finder."""
    part: dict[str, Any] = answer(load_spec({**SMALL, **changed})).part("finder")
    return part


def test_a_spec_finds_what_the_function_finds() -> None:
    """Same net, rows, order and optimizer: the same sweeps, suggestions and recommendation."""
    part = found(set={"name": "moons"})
    data = fl.load_set("moons", generator(3, "train", "data"))
    x, y = torch.from_numpy(data.x[data.train]), torch.from_numpy(data.y[data.train])

    def batches(draw: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
        return [(x[rows], y[rows]) for rows in torch.randperm(len(x), generator=draw).split(16)]

    net = module_of(fl.Net("mlp", {"widths": (6,)}), data, Recipe(fl.optimizer("adam"), seed=3), torch.device("cpu"))
    finding = fl.find_rate(
        net, batches, CRITERIA["log_loss"], torch.optim.Adam, low=1e-5, high=10.0, steps=40, seeds=2, seed=3
    )
    assert part["rate"] == finding.rate
    assert part["sentence"] == finding.ending.sentence
    assert {each["rule"]: each["rate"] for each in part["suggestions"]} == {
        each.rule: each.rate for each in finding.suggestions
    }
    assert part["sweeps"][1]["losses"] == pytest.approx(finding.sweeps[1].losses, rel=1e-6)
    assert part["sweeps"][0]["reached"] == len(finding.sweeps[0].rates)


@pytest.mark.parametrize("name", SWEPT)
def test_torchs_optimizer_takes_our_steps(name: str) -> None:
    """Each optimizer that is swept by name steps as ours of that name does, hyperparameters other than the default."""
    kind = fl.OPTIMIZERS[name]
    settings = {"decay": 0.01, "momentum": 0.5, "smoothing": 0.8, "beta1": 0.7, "beta2": 0.9, "epsilon": 1e-4}
    known = {parameter.name for parameter in kind.parameters}
    ours = kind(**{key: value for key, value in settings.items() if key in known})
    w = np.array([1.0, -2.0, 0.5])
    theirs = torch.tensor(w, requires_grad=True)
    optimizer, state = torch_optimizer(ours, [theirs], 0.05), ours.init(w)
    curves = np.array([1.0, 3.0, 0.2])
    for _ in range(30):
        w, state = ours.step(w, curves * w, state, 0.05)
        optimizer.zero_grad()
        (0.5 * torch.from_numpy(curves) * theirs**2).sum().backward()
        optimizer.step()
    assert np.allclose(w, theirs.detach().numpy(), rtol=1e-7 if name == "nadam" else 1e-11)


def test_the_training_at_a_rate_is_that_of_the_training_loop() -> None:
    """What if I take this one: `fl.train` with that rate, from the weights that the sweeps started from."""
    part = found(set={"name": "moons"}, probe={"rate": 0.05, "steps": 20})
    (probe,) = part["probes"]
    net = fl.Net("mlp", {"widths": (6,)})
    trace = fl.train(net, "moons", "adam", rate=0.05, steps=20, batch=16, seed=3, look=2)
    assert probe["name"] == "chosen"
    assert probe["losses"] == pytest.approx(trace.losses.tolist(), rel=1e-6)
    assert probe["end"] == pytest.approx(trace.train[-1], rel=1e-6)
    assert probe["share"] == pytest.approx(0.05 / part["rate"])
    assert probe["learnt"]


def test_every_rule_is_tried_on_request() -> None:
    """The chosen rate, the recommended one and each rule's: one training each, the best of them named by its loss."""
    part = found(probe={"rate": 0.5, "steps": 20, "rules": True})
    names = [each["name"] for each in part["probes"]]
    assert names == ["chosen", "recommended", "valley", "slide", "minimum", "steep", "curvature"]
    best = min(part["probes"], key=lambda each: each["end"])
    assert part["best_probe"] == best["name"]


def test_of_adagrad_the_curvature_says_nothing_and_why() -> None:
    """There is no limit, so no picture of it, and the recommendation is the middle of the other four."""
    record = answer(load_spec({**SMALL, "optimizer": {"name": "adagrad"}}))
    part = record.part("finder")
    curvature = part["suggestions"][-1]
    assert curvature["rate"] is None
    assert "sets this optimizer no limit" in curvature["note"]
    assert part["limit"] == ()
    assert part["rate"] is not None
    assert [figure.id for figure in figures_of(record)] == ["finder-loss", "finder-probe"]


def test_a_rate_that_is_far_too_high_learns_nothing() -> None:
    """Plain descent at a rate of a thousand: the training says so, and every figure is still drawn."""
    record = answer(load_spec({**SMALL, "optimizer": {"name": "gd"}, "probe": {"rate": 1000.0, "steps": 20}}))
    (probe,) = record.part("finder")["probes"]
    assert not probe["learnt"]
    assert probe["ending"]["kind"] in {"diverged", "undefined"}
    assert all("<svg" in svg(figure) for figure in figures_of(record))


def test_the_same_spec_gives_the_same_part() -> None:
    """A finder is deterministic, dropout included, whether its sweeps are remembered or not."""
    net = {"name": "mlp", "widths": [6], "dropout": 0.3}
    first = found(net=net, steps=41)
    other = found(net=net, steps=41, probe={"steps": 0})
    again = found(net=net, steps=41, title="again")
    assert again == first
    assert other["sweeps"] == first["sweeps"]
    assert other["probes"] == []


def test_the_figures_show_sweep_limit_and_trainings() -> None:
    """The rate that was chosen is a line that sets the knob; without curvature there is no picture of limits."""
    record = answer(load_spec({**SMALL, "probe": {"rate": 0.05, "steps": 20}}))
    figures = {figure.id: figure for figure in figures_of(record)}
    assert list(figures) == ["finder-loss", "finder-limit", "finder-probe"]
    handles = [mark for mark in figures["finder-loss"].marks if getattr(mark, "handle", "")]
    assert [(mark.handle, mark.at) for mark in handles] == [("rate", 0.05)]  # type: ignore[union-attr]
    flat = answer(load_spec({**SMALL, "curvature": False, "probe": {"steps": 0}}))
    assert [figure.id for figure in figures_of(flat)] == ["finder-loss"]


def test_a_cancelled_finder_stops() -> None:
    """Within a sweep, at the next step after someone asked for it."""
    record = execute(
        load_spec({**SMALL, "steps": 500}),
        Surroundings(clock=time.time, cancelled=iter([False] * 10 + [True] * 10_000).__next__),
    )
    assert record.ending.kind == "cancelled"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"optimizer": {"name": "adm"}}, "Did you mean 'adam'"),
        ({"optimizer": {"name": "lbfgs"}}, "optimizer.name"),
        ({"optimizer": {"name": "adam", "params": {"beta": 0.1}}}, "optimizer.params"),
        ({"optimizer": {"name": "adam", "rate": 0.1}}, "optimizer"),
        ({"low": 0.1, "high": 0.01}, "high"),
        ({"low": 0.0}, "low"),
        ({"steps": 1000, "seeds": 20}, "in all sweeps"),
        ({"steps": 10}, "steps"),
        ({"seeds": 21}, "seeds"),
        ({"smoothing": 1.0}, "smoothing"),
        ({"blow_up": 1.0}, "blow_up"),
        ({"probe": {"rate": 0.0}}, "probe.rate"),
        ({"probe": {"steps": 100_000}}, "probe.steps"),
        ({"loss": "cross_entropy"}, "a loss for binary"),
        ({"net": {"name": "logistic"}, "set": {"name": "line"}}, "net.name"),
        ({"set": {"name": "moon"}}, "Did you mean 'moons'"),
    ],
)
def test_a_wrong_finder_is_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    """The error names the path and what was expected."""
    with pytest.raises(SpecError, match=said):
        load_spec({**SMALL, **change})
