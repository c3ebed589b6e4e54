"""The public search: asked and told in any order, both directions, constraints, pruning, several processes."""

from __future__ import annotations

import math
import os
import time

import numpy as np
import pytest

import fallline as fl
from fallline.core.errors import FallLineError, SpecError
from fallline.engine.tune import Median, finished
from fallline.runs.study import AskedTrial, Best, search

SPACE = fl.Space(
    lr=fl.Float(1e-5, 1e-1, log=True), layers=fl.Int(1, 4), kind=fl.Categorical(["a", "b"]), fixed=fl.Fixed("me")
)


def loss(trial: AskedTrial) -> float:
    """Lowest, 0, at a rate of 1e-3, three layers, kind b."""
    params = trial.params
    assert params["fixed"] == "me"
    away = math.log10(float(params["lr"])) + 3  # type: ignore[arg-type] - a number
    return away**2 + abs(int(params["layers"]) - 3) / 4 + (params["kind"] == "a") / 2  # type: ignore[arg-type]


def test_ask_and_tell_finds_the_best() -> None:
    """Thirty trials are enough for the right choice and nearly the right rate; the first twelve are the same again."""
    study = fl.Study(SPACE, directions=["minimize"], sampler="fallline", seed=0)
    while len(study.trials) < 30:
        trial = study.ask()
        assert dict(trial) == dict(trial.params)
        study.tell(trial, loss(trial))
    assert study.best_params is not None
    assert study.best_params["kind"] == "b"
    assert study.best_params["layers"] == 3
    assert study.best_value is not None
    assert study.best_value < 0.05
    again = fl.Study(SPACE, seed=0)
    for known in study.trials[:12]:
        trial = again.ask()
        assert trial.params == known.params
        again.tell(trial, loss(trial))


def test_what_is_maximised_is_told_and_read_in_its_own_direction() -> None:
    """Maximising the negative gives the same trials, and the best value has its own sign."""
    down, up = fl.Study(SPACE, seed=1), fl.Study(SPACE, ["maximize"], seed=1)
    for _ in range(15):
        one, other = down.ask(), up.ask()
        assert one.params == other.params
        down.tell(one, loss(one))
        up.tell(other, -loss(other))
    assert down.best_value == -(up.best_value or 0.0)


def test_many_may_be_asked_for_before_any_is_told() -> None:
    """Told out of order, half of them failed or not finite, the study goes on; each trial is told once."""
    study = fl.Study(SPACE, seed=2)
    asked = [study.ask() for _ in range(8)]
    assert len({str(trial.params) for trial in asked}) == 8
    for trial in reversed(asked):
        study.tell(trial, [math.nan, None, math.inf, loss(trial)][trial.number % 4])
    assert [trial.state for trial in study.trials] == ["failed", "failed", "failed", "complete"] * 2
    with pytest.raises(SpecError, match="told before"):
        study.tell(asked[0], 1.0)
    with pytest.raises(SpecError, match="asked for"):
        study.tell(99, 1.0)
    assert study.ask().number == 8


def test_a_study_is_taken_up_from_what_it_wrote() -> None:
    """After any number of trials, what is asked next is what would have been asked."""
    whole = fl.Study(SPACE, seed=3)
    for _ in range(16):
        trial = whole.ask()
        whole.tell(trial, loss(trial))
    for cut in (1, 7, 12):
        data = {**whole.to_dict(), "trials": whole.to_dict()["trials"][:cut]}
        again = fl.Study(SPACE, seed=3).resume(data)
        while len(again.trials) < 16:
            trial = again.ask()
            again.tell(trial, loss(trial))
        assert again.trials == whole.trials


def test_a_search_starts_from_what_is_known() -> None:
    """Trials that were run elsewhere count; what the space does not allow is refused."""
    study = fl.Study(SPACE, seed=4)
    for rate in np.geomspace(1e-5, 1e-1, 12).tolist():
        study.add({"lr": rate, "layers": 3, "kind": "b", "fixed": "me"}, (math.log10(rate) + 3) ** 2)
    trial = study.ask()
    assert 1e-4 < float(trial.params["lr"]) < 1e-2  # type: ignore[arg-type] - a number
    with pytest.raises(SpecError, match="layers"):
        study.add({"lr": 1e-3, "layers": 9, "kind": "b", "fixed": "me"}, 1.0)
    assert len(study.trials) == 13


def test_two_objectives_give_a_front_and_constraints_a_feasible_best() -> None:
    """The front has no dominated trial; a best that breaks its constraint is none."""
    space = fl.Space(x=fl.Float(0.0, 1.0), y=fl.Float(0.0, 1.0))
    study = fl.Study(space, ["minimize", "maximize"], seed=0, n_constraints=1)
    for _ in range(30):
        trial = study.ask()
        x, y = float(trial["x"]), float(trial["y"])  # type: ignore[arg-type] - numbers
        study.tell(trial, [x + y, x - y], constraints=[0.2 - x])
    front = [study.objectives(trial) for trial in study.front]
    assert len(front) >= 2
    for low, high in front:
        assert not any(a <= low and b >= high and (a, b) != (low, high) for a, b in front)
    assert all(trial.feasible for trial in study.front)
    with pytest.raises(SpecError, match="a list of 1"):
        study.tell(study.ask(), [1.0, 1.0])
    with pytest.raises(SpecError, match="one for each direction"):
        study.tell(30, [1.0], constraints=[0.0])


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: fl.Study(SPACE, "minimize"), "a list with a word"),
        (lambda: fl.Study(SPACE, ["down"]), "a known name"),
        (lambda: fl.Study(SPACE, sampler="falline"), "Did you mean 'fallline'"),
        (lambda: fl.Study(SPACE, seed=-1), "whole number"),
        (lambda: fl.Study(SPACE, n_constraints=-1), "whole number"),
        (lambda: fl.optimize(loss, SPACE, trials=0), "1 or more"),
        (lambda: fl.optimize(loss, SPACE, workers=0), "1 or more"),
        (lambda: fl.Space(x=3), "a dimension"),
        (lambda: fl.Space(x=fl.Float(0, 1), constraints=["y < 1"]), "a parameter of this space"),
        (lambda: fl.Space(x=fl.Float(0, 1), constraints=["x > 2"]).sample(np.random.default_rng(0)), "meets them all"),
    ],
)
def test_misuse_is_one_sentence(build: object, words: str) -> None:
    """Who, which value, what was expected."""
    with pytest.raises(SpecError, match=words):
        build()  # type: ignore[operator]


def test_a_trial_reports_on_its_way_and_is_pruned() -> None:
    """What falls behind the median is stopped; what reports no number is stopped at once."""

    def objective(trial: AskedTrial) -> float:
        for step in range(4):
            trial.report(step, loss(trial) + 1.0 / (step + 1))
            if trial.should_prune():
                raise fl.Pruned("behind")
        return loss(trial)

    best = fl.optimize(objective, SPACE, trials=25, pruner=Median(startup=3))
    states = [trial.state for trial in best.study.trials]
    assert 3 <= states.count("pruned") <= 22
    assert best.value == min(t.values[0] for t in finished(best.study.trials))
    trial = fl.Study(SPACE).ask()
    trial.report(0, math.nan)
    assert trial.should_prune()


@pytest.mark.parametrize("forked", [True, False])
def test_several_processes_give_the_same_trials_every_time(forked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is faster; the objective may be a closure, and really runs elsewhere, forked or in a fresh process."""
    monkeypatch.setattr(search, "THREADED", () if forked else ("sys",))

    def objective(trial: AskedTrial) -> float:
        time.sleep(0.02 * (trial.number % 3))
        return loss(trial) + (0.0 if os.getpid() != home else 1e6)

    home = os.getpid()
    one, other = (fl.optimize(objective, SPACE, trials=14, workers=2, seed=7) for _ in range(2))
    assert isinstance(one, Best)
    assert one.study.trials == other.study.trials
    assert one.value < 10


def test_a_search_without_any_result_says_why() -> None:
    """The last exception is told."""

    def objective(trial: AskedTrial) -> float:
        raise ValueError("the disk is full")

    with pytest.raises(FallLineError, match=r"None of 3 trials.*ValueError: the disk is full"):
        fl.optimize(objective, SPACE, trials=3)
