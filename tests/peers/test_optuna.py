"""Optuna behind our protocol: it searches better than chance, learns from failures, and leaves no trace."""

from __future__ import annotations

import logging
import sys
import warnings

import numpy as np
import optuna
import pytest

from fallline.core.errors import Unavailable
from fallline.engine.tune import Categorical, Fixed, Float, Int, Random, Sampler, Space, Study, Trial
from fallline.peers.optuna import Tpe

SPACE = Space({"x": Float(-5.0, 5.0), "y": Float(1e-4, 1.0, log=True)})


def search(sampler: Sampler, seed: int, trials: int = 60) -> float:
    """Returns the best of a search over a bowl."""
    study = Study(SPACE, sampler, seed)
    for _ in range(trials):
        (trial,) = study.ask()
        value = (trial.params["x"] - 1) ** 2 + (np.log10(trial.params["y"]) + 2) ** 2
        study = study.tell(Trial(trial.number, trial.params, "complete", (value,)))
    return study.best.value


def test_it_beats_random_search_on_a_bowl() -> None:
    """Over six seeds the median best of 60 trials is less than half of random search's."""
    ours = np.median([search(Tpe(startup=10), seed) for seed in range(6)])
    chance = np.median([search(Random(), seed) for seed in range(6)])
    assert ours < chance / 2


def test_it_equals_optuna_used_directly() -> None:
    """From the same trials and seed, Optuna's own ask gives the same point."""
    rng = np.random.default_rng(0)
    past = [Trial(n, SPACE.sample(rng), "complete", (rng.random(),)) for n in range(20)]
    ours = Tpe(startup=10).suggest(SPACE, past, np.random.default_rng(5))
    seed = int(np.random.default_rng(5).integers(2**31))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(n_startup_trials=10, multivariate=True, group=True, seed=seed)
        kinds = {
            "x": optuna.distributions.FloatDistribution(-5, 5),
            "y": optuna.distributions.FloatDistribution(1e-4, 1, log=True),
        }
        study = optuna.create_study(sampler=sampler)
        for trial in past:
            study.add_trial(optuna.create_trial(params=dict(trial.params), distributions=kinds, value=trial.value))
        asked = study.ask()
        assert ours == {"x": asked.suggest_float("x", -5, 5), "y": asked.suggest_float("y", 1e-4, 1, log=True)}


def test_it_turns_away_from_where_trials_fail() -> None:
    """When all of x > 0 fails, at least four in five suggestions after 40 trials lie below, against half by chance."""
    rng = np.random.default_rng(0)
    past = []
    for number in range(40):
        params = SPACE.sample(rng)
        failed = params["x"] > 0
        past.append(Trial(number, params, "failed" if failed else "complete", () if failed else (rng.random(),)))
    drawn = [Tpe().suggest(SPACE, past, np.random.default_rng(seed))["x"] for seed in range(40)]
    assert np.mean(np.array(drawn) <= 0) >= 0.8


def test_a_batch_spreads_out() -> None:
    """Points that go out together are not the same point."""
    rng = np.random.default_rng(0)
    past = [Trial(n, p, "complete", (p["x"] ** 2,)) for n, p in enumerate(SPACE.sample(rng) for _ in range(30))]
    batch = Tpe().suggest_batch(SPACE, past, rng, 6)
    assert len({(params["x"], params["y"]) for params in batch}) == 6


def test_choices_that_python_thinks_equal_and_none_stay_themselves() -> None:
    """Categories of truth values, numbers, words and none come back with their own types; fixed ones as they are."""
    space = Space(
        {"flag": Categorical((True, False)), "mix": Categorical((None, 0.5, "a", 3)), "set": Fixed(7), "n": Int(1, 9)}
    )
    rng = np.random.default_rng(0)
    past = [
        Trial(n, p, "complete", (float(p["flag"]) + rng.random(),))
        for n, p in enumerate(space.sample(rng) for _ in range(30))
    ]
    for _ in range(10):
        params = Tpe(startup=5).suggest(space, past, rng)
        assert space.read(params) == params
        assert isinstance(params["flag"], bool)


def test_several_objectives() -> None:
    """With two losses per trial it suggests on, over the front of both."""
    rng = np.random.default_rng(0)
    past = [
        Trial(n, p, "complete", (p["x"] ** 2, (p["x"] - 1) ** 2))
        for n, p in enumerate(SPACE.sample(rng) for _ in range(40))
    ]
    drawn = [Tpe().suggest(SPACE, past, np.random.default_rng(seed))["x"] for seed in range(20)]
    assert np.mean([-1 < x < 2 for x in drawn]) > 0.6


def test_it_is_silent_and_puts_everything_back(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed or logged, and verbosity, filters and NumPy's global state are as before."""
    optuna.logging.set_verbosity(optuna.logging.DEBUG)
    before = (list(warnings.filters), np.random.get_state()[1].copy())  # noqa: NPY002
    Tpe(startup=0).suggest_batch(SPACE, [], np.random.default_rng(0), 2)
    assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    assert list(warnings.filters) == before[0]
    assert np.array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002
    assert capfd.readouterr() == ("", "")
    optuna.logging.set_verbosity(logging.INFO)


def test_without_optuna_the_sentence_gives_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is told, with the way to install it."""
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(Unavailable, match="pip install optuna"):
        Tpe().suggest(SPACE, [], np.random.default_rng(0))
