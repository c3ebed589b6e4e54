"""Samplers, pruners and the study: determinism, resumption and what they save."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import FallLineError, SpecError
from fallline.engine.tune import (
    PRUNERS,
    SAMPLERS,
    Categorical,
    Float,
    Grid,
    Int,
    Median,
    Racing,
    Random,
    Sampler,
    Space,
    Study,
    Trial,
)
from fallline.engine.tune.pruners import Pruner
from fallline.peers import optuna

SPACE = Space(
    {
        "family": Categorical(("linear", "trees")),
        "c": Float(1e-3, 1e3, log=True, when=("family", ("linear",))),
        "leaves": Int(2, 16, when=("family", ("trees",))),
        "rate": Float(0.01, 0.3, log=True, when=("family", ("trees",))),
    }
)
EVERY: dict[str, Sampler] = {**SAMPLERS, **optuna.SAMPLERS, "optuna.tpe": optuna.Tpe(startup=4), "grid": Grid(points=6)}


def loss(params: dict[str, object]) -> float:
    """A loss with its best at eight leaves and a rate of 0.1."""
    if params["family"] == "linear":
        return 0.5 + 0.01 * np.log10(params["c"]) ** 2
    return 0.4 + 0.01 * abs(params["leaves"] - 8) + 0.05 * np.log10(params["rate"] / 0.1) ** 2


def ended(trial: Trial) -> Trial:
    """Every fifth trial is pruned, every seventh fails, the others complete."""
    value = loss(trial.params)
    if trial.number % 7 == 6:
        return Trial(trial.number, trial.params, "failed")
    if trial.number % 5 == 4:
        return Trial(trial.number, trial.params, "pruned", (), (value + 0.1,))
    return Trial(trial.number, trial.params, "complete", (value,), (value - 0.01, value + 0.01))


def run(study: Study, trials: int) -> Study:
    """Asks and tells until there are so many trials."""
    while len(study.trials) < trials and (asked := study.ask()):
        study = study.tell(*map(ended, asked))
    return study


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_sampler_suggests_allowed_parameters(name: str) -> None:
    """Alone and in batches, with no past and with a mixed one, what is suggested is allowed."""
    sampler, rng = EVERY[name], np.random.default_rng(0)
    past = run(Study(SPACE, Random(), 1), 24).trials
    for trials in ((), past):
        assert SPACE.read(sampler.suggest(SPACE, trials, rng))
        batch = sampler.suggest_batch(SPACE, trials, rng, 5)
        assert len(batch) == 5
        assert all(SPACE.read(params) == params for params in batch)


@pytest.mark.parametrize("name", sorted(EVERY))
@pytest.mark.parametrize("batch", [1, 3])
def test_a_study_taken_up_anywhere_goes_on_as_it_would_have(name: str, batch: int) -> None:
    """Cut after any number of trials, also in the middle of a batch told out of order, the rest is identical."""
    whole = run(Study(SPACE, EVERY[name], 7, batch), 24)
    assert len(whole.trials) == 24
    for cut in (0, 1, 10, 17, 23):
        again = run(Study(SPACE, EVERY[name], 7, batch, whole.trials[:cut]), 24)
        assert again.trials == whole.trials
    if batch == 3:
        gap = tuple(trial for trial in whole.trials[:12] if trial.number != 9)
        resumed = Study(SPACE, EVERY[name], 7, batch, gap)
        assert [trial.number for trial in resumed.ask()] == [9]
        assert run(resumed.tell(whole.trials[9]), 24).trials == whole.trials


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_sampler_is_a_function_of_its_arguments(name: str) -> None:
    """Equal arguments give equal suggestions, whatever was asked in between."""
    past = run(Study(SPACE, Random(), 1), 30).trials
    first = EVERY[name].suggest_batch(SPACE, past, np.random.default_rng(3), 4)
    EVERY[name].suggest_batch(SPACE, past[:9], np.random.default_rng(4), 2)
    assert EVERY[name].suggest_batch(SPACE, past, np.random.default_rng(3), 4) == first


def test_grid_tries_every_combination_once_and_then_stops() -> None:
    """Two values of c, and two by two of the trees: six trials; a study over it ends by itself."""
    expected = [{"family": "linear", "c": c} for c in (1e-3, 1e3)]
    expected += [{"family": "trees", "leaves": n, "rate": r} for n, r in itertools.product((2, 16), (0.01, 0.3))]
    study = run(Study(SPACE, Grid(points=2), 0, batch=4), 100)
    assert [dict(trial.params) for trial in study.trials] == [pytest.approx(params) for params in expected]
    assert study.ask() == ()
    with pytest.raises(FallLineError, match="All combinations"):
        Grid(points=2).suggest(SPACE, study.trials, np.random.default_rng(0))


def test_grid_fills_gaps_of_any_history() -> None:
    """A combination that some trial tried is not tried again, whoever suggested it."""
    tried = [Trial(5, {"family": "trees", "leaves": 2, "rate": 0.3}, "failed")]
    rest = Grid(points=2).suggest_batch(SPACE, tried, np.random.default_rng(0), 99)
    assert len(rest) == 5


def test_study_refuses_what_it_did_not_ask() -> None:
    """Running, repeated, foreign and forbidden trials are refused, and the study stays as it was."""
    study = Study(SPACE, Random(), 0, batch=2)
    first, second = study.ask()
    with pytest.raises(SpecError, match="complete, pruned or failed"):
        study.tell(first)
    with pytest.raises(SpecError, match="batch from 0"):
        study.tell(Trial(2, first.params, "failed"))
    with pytest.raises(SpecError, match=r"trials\.0\.params"):
        study.tell(Trial(0, {"family": "none"}, "failed"))
    half = study.tell(ended(second))
    with pytest.raises(SpecError, match="not told yet"):
        half.tell(ended(second))
    assert study.trials == ()
    assert [trial.number for trial in half.ask()] == [0]
    with pytest.raises(SpecError, match="order"):
        Study(SPACE, Random(), 0, trials=(ended(second), ended(first)))
    with pytest.raises(SpecError, match="batch"):
        Study(SPACE, Random(), 0, batch=0)


def test_best_and_front() -> None:
    """Best is the lowest first loss, front what no other dominates; pruned and failed trials are neither."""
    params = {"family": "linear", "c": 1.0}
    values = [(0.5, 3.0), (0.4, 2.0), (0.4, 2.0), (0.6, 1.0)]
    trials = [Trial(number, params, "complete", value) for number, value in enumerate(values)]
    study = Study(
        SPACE, Random(), 0, trials=(*trials, Trial(4, params, "pruned", (0.1, 0.1)), Trial(5, params, "failed"))
    )
    assert study.best == trials[1]
    assert study.front == (trials[1], trials[2], trials[3])
    assert Study(SPACE, Random(), 0).best is None
    assert Study(SPACE, Random(), 0).front == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1, {}, "complete", (0.1,)), "number from 0"),
        ((0, {}, "done", (0.1,)), "number from 0"),
        ((0, {}, "complete"), "at least one loss"),
        ((0, {}, "complete", (float("nan"),)), "not finite has failed"),
        ((0, {}, "pruned", (), (float("inf"),)), "not finite has failed"),
    ],
)
def test_impossible_trials_are_refused(arguments: tuple[object, ...], words: str) -> None:
    """A trial's losses are finite, its state known; NaN is told to be a failure."""
    with pytest.raises(SpecError, match=words):
        Trial(*arguments)


def test_trials_are_plain_data() -> None:
    """Plain data reads back equal; seconds are an observation, not compared and not written."""
    trial = Trial(3, {"family": "linear", "c": 0.1}, "complete", (0.4,), (0.3, 0.5), seconds=1.5)
    assert Trial.from_dict(trial.to_dict()) == trial
    assert "seconds" not in trial.to_dict()
    with pytest.raises(SpecError, match="state of a trial with a loss"):
        _ = Trial(0, {}, "failed").value


# --- pruners ---------------------------------------------------------------------------------------------------------


def past(losses: list[tuple[float, ...]], family: str = "trees") -> list[Trial]:
    """Complete trials with these fold losses."""
    return [Trial(n, {"family": family}, "complete", (float(np.mean(f)),), f) for n, f in enumerate(losses)]


def now(folds: tuple[float, ...], family: str = "trees") -> Trial:
    """A running trial."""
    return Trial(99, {"family": family}, "running", (), folds)


def test_median_rule_by_hand() -> None:
    """Above the median of the means so far it stops; at it, before enough trials or folds, it does not."""
    rule = Median(startup=3)
    trials = past([(0.4, 0.5, 0.4), (0.5, 0.6, 0.5), (0.6, 0.4, 0.6)])
    assert rule(now((0.51,)), trials)
    assert not rule(now((0.5,)), trials)
    assert rule(now((0.5, 0.6)), trials)
    assert not rule(now((0.9,)), trials[:2])
    assert not Median(startup=3, folds=2)(now((0.9,)), trials)
    assert not rule(now(()), trials)


def test_racing_by_hand() -> None:
    """Differences of 0.02 ± 0.01 over three folds are 3.46 standard errors behind: more than t₂ = 2.92 at 95 %."""
    trials = past([(0.40, 0.60, 0.20)])
    assert Racing()(now((0.41, 0.62, 0.23)), trials)
    assert not Racing(level=0.99)(now((0.41, 0.62, 0.23)), trials)
    assert not Racing()(now((0.39, 0.58, 0.17)), trials)
    assert not Racing()(now((0.9,)), trials)
    assert not Racing()(now((0.41, 0.62, 0.23)), [])


def test_racing_sees_through_folds_that_differ() -> None:
    """A tiny but steady lag on folds that differ wildly is seen; a larger erratic one is not."""
    trials = past([(0.1, 0.9, 0.4, 0.7)])
    assert Racing()(now((0.101, 0.902, 0.401, 0.702)), trials)
    assert not Racing()(now((0.3, 0.7, 0.6, 0.65)), trials)


@pytest.mark.parametrize("name", ["median", "racing"])
def test_every_family_finishes_one_trial(name: str) -> None:
    """The first trial of a family runs to its end however bad; the next one of it may be stopped."""
    trials = past([(0.40, 0.41), (0.41, 0.41), (0.41, 0.42), (0.40, 0.40), (0.42, 0.41)], "linear")
    bad = now((0.9, 0.95), "trees")
    assert not PRUNERS[name](bad, trials)
    own = Trial(5, {"family": "trees"}, "complete", (0.8,), (0.8, 0.8))
    assert PRUNERS[name](bad, [*trials, own])


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-1, 1), st.sampled_from(["median", "racing"]))
def test_pruning_ignores_units_and_the_order_of_the_past(seed: int, unit: float, shift: float, name: str) -> None:
    """Losses in another unit, shifted by a constant, and a shuffled past give the same answer."""
    rng = np.random.default_rng(seed)
    losses = rng.normal(size=(8, 4))
    running = rng.normal(0.5, 1, 3)
    answer = PRUNERS[name](now(tuple(running)), past([tuple(row) for row in losses]))
    order = rng.permutation(8)
    changed = past([tuple(row) for row in losses[order] * unit + shift])
    assert PRUNERS[name](now(tuple(running * unit + shift)), changed) == answer


@pytest.mark.parametrize(("pruner", "work", "kept"), [(Racing(), 0.8, 0.9), (Median(), 0.55, 0.75)])
def test_pruners_save_work_and_keep_the_winner(pruner: Pruner, work: float, kept: float) -> None:
    """Over 40 searches of 60 trials with noisy folds they spend at most this share and keep the winner this often."""
    used = same = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        folds = 0.42 + rng.normal(0, 0.012, 5) + rng.exponential(0.006, (60, 1)) + rng.normal(0, 0.003, (60, 5))
        trials: list[Trial] = []
        for number, losses in enumerate(folds):
            family = {"family": "abc"[number % 3]}
            reached = next(
                (k for k in range(1, 5) if pruner(Trial(number, family, "running", (), tuple(losses[:k])), trials)), 5
            )
            state = "complete" if reached == 5 else "pruned"
            trials.append(Trial(number, family, state, (losses[:reached].mean(),), tuple(losses[:reached])))
            used += reached
        best = min((trial for trial in trials if trial.state == "complete"), key=lambda trial: trial.value)
        same += best.number == int(folds.mean(axis=1).argmin())
    assert used / (40 * 60 * 5) < work
    assert same / 40 >= kept


def test_none_never_stops() -> None:
    """The pruner called none lets everything run."""
    assert not PRUNERS["none"](now((9.0, 9.0, 9.0)), past([(0.1, 0.1, 0.1)]))
