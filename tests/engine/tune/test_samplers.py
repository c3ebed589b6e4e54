"""Every sampler on every kind of space, with every kind of past; and what each is there for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import qmc

from fallline.core.errors import FallLineError
from fallline.engine.tune import (
    ACQUISITIONS,
    SAMPLERS,
    Boolean,
    Categorical,
    Clause,
    FallLine,
    Fixed,
    Float,
    GaussianProcessSampler,
    Int,
    LatinHypercube,
    Ordinal,
    Params,
    Random,
    Sampler,
    Sobol,
    Space,
    Study,
    Tpe,
    Trial,
)
from fallline.engine.tune.coding import Coding

SPACES = {
    "one number": Space(x=Float(0.0, 1.0)),
    "fixed alone": Space(x=Fixed(3)),
    "two points": Space(flag=Boolean()),
    "choices": Space(a=Categorical(("p", "q", "r")), b=Ordinal((1, 2, 4)), c=Boolean()),
    "nested": Space(
        family=Categorical(("net", "tree")),
        layers=Int(1, 3, when=("family", ("net",))),
        width=Int(4, 64, log=True, when=Clause("layers >= 2")),
        kind=Categorical(("sgd", "adam"), when=("family", ("net",))),
        momentum=Float(0.0, 0.99, when=("kind", ("sgd",))),
        leaves=Int(2, 32, step=2, when=("family", ("tree",))),
    ),
    "constrained": Space(
        a=Int(1, 20),
        b=Int(1, 20),
        x=Float(0.0, 1.0, step=0.125),
        constraints=("b <= a",),
        forbidden=("a == 7", "x > 0.5 and b > 3"),
    ),
    "many": Space({f"x{k}": Float(-5.0, 5.0) for k in range(15)}),
}


def past(space: Space, kind: str) -> list[Trial]:
    """Twenty random trials that ended in one way or another."""
    rng = np.random.default_rng(5)
    found = []
    for number in range(20):
        params, value = space.sample(rng), float(rng.normal())
        if kind == "all failed":
            found.append(Trial(number, params, "failed"))
        elif kind == "equal losses":
            found.append(Trial(number, params, "complete", (1.0,)))
        elif kind == "huge losses":
            found.append(Trial(number, params, "complete", (10.0 ** (15 * value),)))
        elif kind == "two objectives":
            found.append(Trial(number, params, "complete", (value, -value)))
        elif kind == "limits":
            found.append(Trial(number, params, "complete", (value,), (), (value + 3.0, -1.0)))
        else:
            found.append(
                Trial(number, params, "running") if number % 3 else Trial(number, params, "complete", (value,))
            )
    return found


@pytest.mark.parametrize("name", sorted(SAMPLERS))
@pytest.mark.parametrize("where", sorted(SPACES))
def test_every_sampler_keeps_to_every_space(name: str, where: str) -> None:
    """Whatever the past, what is suggested is allowed, and the same again."""
    space, sampler = SPACES[where], SAMPLERS[name]
    for kind in ("all failed", "equal losses", "huge losses", "two objectives", "limits", "running"):
        trials = past(space, kind)
        first = sampler.suggest_batch(space, trials, np.random.default_rng(1), 3)
        assert all(space.read(params) == params for params in first)
        assert first == sampler.suggest_batch(space, trials, np.random.default_rng(1), 3)
        if name != "grid":
            assert len(first) == 3


def bowl(params: Params) -> float:
    """A slanted bowl of four numbers, the lowest value 0 at (1, −2, 0.5, 2)."""
    x = np.array([params[f"x{k}"] for k in range(4)]) - np.array([1.0, -2.0, 0.5, 2.0])
    return float((x**2 * np.array([1.0, 2.0, 3.0, 0.5])).sum() + (x[0] + x[1]) ** 2)


def mixed(params: Params) -> float:
    """A net with two layers, SGD and a momentum of 0.8 is best, at 0."""
    if params["family"] == "tree":
        return 1.0 + abs(float(params["leaves"]) - 20) / 40
    assert isinstance(params["layers"], int)
    loss = 0.4 * abs(params["layers"] - 2) + (0.3 if params["kind"] == "adam" else 0.0)
    loss += abs(math.log2(float(params["width"]) / 32)) / 8 if "width" in params else 0.5
    return loss + abs(float(params.get("momentum", 0.8)) - 0.8)


BOWL = Space({f"x{k}": Float(-5.0, 5.0) for k in range(4)})


def lowest(space: Space, sampler: Sampler, loss: object, trials: int, seed: int, batch: int = 1) -> float:
    """The best loss of a study."""
    study = Study(space, sampler, seed, batch)
    while len(study.trials) < trials:
        study = study.tell(*(Trial(t.number, t.params, "complete", (loss(t.params),)) for t in study.ask()))  # type: ignore[operator]
    assert study.best is not None
    return study.best.value


@pytest.mark.parametrize("acquisition", [*ACQUISITIONS, "thompson"])
def test_a_model_finds_the_bottom_of_a_bowl(acquisition: str) -> None:
    """After 36 trials every acquisition function is far below what 36 random trials reach."""
    chance = float(np.median([lowest(BOWL, Random(), bowl, 36, seed) for seed in range(9)]))
    explore = 2.0 if acquisition == "lcb" else 0.0
    found = [lowest(BOWL, GaussianProcessSampler(acquisition, explore), bowl, 36, seed) for seed in range(2)]
    assert max(found) < 0.5 * chance


@pytest.mark.parametrize(("sampler", "share"), [(Tpe(), 0.6), (FallLine(), 0.3)], ids=["tpe", "fallline"])
def test_a_nested_space_is_searched_better_than_by_chance(sampler: Sampler, share: float) -> None:
    """Over five seeds the median after 50 trials is well below the median of random search."""
    chance = np.median([lowest(SPACES["nested"], Random(), mixed, 50, seed) for seed in range(25)])
    found = np.median([lowest(SPACES["nested"], sampler, mixed, 50, seed) for seed in range(5)])
    assert found < share * chance


def test_batches_do_not_crowd() -> None:
    """Six trials that go out together are six points apart, and the search still arrives."""
    study = Study(BOWL, FallLine(), 0, batch=6)
    for _ in range(6):
        asked = study.ask()
        rows = Coding(BOWL).rows([trial.params for trial in asked])
        gaps = np.linalg.norm(rows[:, None] - rows[None, :], axis=2)[np.triu_indices(6, 1)]
        assert gaps.min() > 1e-3
        study = study.tell(*(Trial(t.number, t.params, "complete", (bowl(t.params),)) for t in asked))
    assert study.best is not None
    assert study.best.value < 1.0


def test_what_runs_elsewhere_is_not_suggested_again() -> None:
    """With the best place being evaluated, the next suggestion is another place."""
    space = Space(x=Float(0.0, 1.0))
    trials = [Trial(k, {"x": x}, "complete", ((x - 0.3) ** 2,)) for k, x in enumerate(np.linspace(0, 1, 8).tolist())]
    sampler = GaussianProcessSampler()
    first = sampler.suggest(space, trials, np.random.default_rng(0))
    second = sampler.suggest(space, [*trials, Trial(8, first, "running")], np.random.default_rng(0))
    assert first["x"] != second["x"]


def test_constraints_that_are_measured_are_learned() -> None:
    """The bowl's bottom is cut off; from the tenth trial on most are feasible, and the best lies at the cut."""
    study = Study(BOWL, FallLine(), 0)
    while len(study.trials) < 40:
        (trial,) = study.ask()
        excess = float(trial.params["x0"]) + 0.5  # type: ignore[arg-type] - a number
        study = study.tell(Trial(trial.number, trial.params, "complete", (bowl(trial.params),), (), (excess,)))
    assert sum(trial.feasible for trial in study.trials[10:]) >= 20
    assert study.best is not None
    assert study.best.feasible
    # At the cut the first coordinate is 1.5 from its best: 2.25 + min over t of 2t² + (t − 1.5)², which is 1.5 at 0.5.
    assert 3.75 <= study.best.value < 1.05 * 3.75


def test_a_space_that_is_used_up_is_searched_on() -> None:
    """Of eighteen points all are tried within 40 trials, and no suggestion fails after that."""
    study = Study(SPACES["choices"], FallLine(turn=0), 0)
    while len(study.trials) < 40:
        (trial,) = study.ask()
        params = trial.params
        value = "pqr".index(str(params["a"])) + float(params["b"]) / 2 - 0.5 * bool(params["c"])  # type: ignore[arg-type]
        study = study.tell(Trial(trial.number, params, "complete", (value,)))
    assert len({tuple(trial.params.items()) for trial in study.trials}) == 18


def test_sobol_fills_more_evenly_than_chance_and_latin_hypercubes_level_by_level() -> None:
    """The discrepancy of 64 points is below a random one; every sixteenth of every range comes once in 16 trials."""
    space = Space(x=Float(0.0, 1.0), y=Float(0.0, 1.0), z=Float(0.0, 1.0))
    coding, rng = Coding(space), np.random.default_rng(0)
    sobol = coding.rows(Sobol().suggest_batch(space, [], rng, 64))
    assert qmc.discrepancy(sobol) < 0.5 * qmc.discrepancy(rng.random((64, 3)))
    latin = coding.rows(LatinHypercube(16).suggest_batch(space, [], rng, 16))
    assert (np.sort((latin * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()
    one_by_one = []
    for number in range(16):
        params = LatinHypercube(16).suggest(space, [Trial(k, p, "running") for k, p in enumerate(one_by_one)], rng)
        one_by_one.append(params)
        assert number < 16
    assert coding.rows(one_by_one) == pytest.approx(latin)


def test_an_unknown_acquisition_function_is_refused() -> None:
    """With the nearest name."""
    with pytest.raises(FallLineError, match="Did you mean 'log-ei'"):
        GaussianProcessSampler("log_ei")
