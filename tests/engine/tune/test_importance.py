"""Importances: they find what matters, leave out what does not, and agree with Optuna's PED-ANOVA."""

from __future__ import annotations

import warnings

import numpy as np
import optuna
import pytest

from fallline.engine.tune import Categorical, Fixed, Float, Int, Space, Trial, importances

SPACE = Space(
    {
        "family": Categorical(("linear", "trees")),
        "much": Float(0.0, 1.0),
        "some": Float(1e-3, 1e3, log=True),
        "none": Int(1, 50),
        "word": Categorical(("a", "b", "c")),
        "leaves": Int(2, 16, when=("family", ("trees",))),
        "set": Fixed(3),
    }
)


def loss(params: dict[str, object]) -> float:
    """Much, some, and, in trees only, leaves matter; none and word do not."""
    value = 10 * (params["much"] - 0.3) ** 2 + 0.05 * (np.log10(params["some"]) - 1) ** 2
    return value + (0.02 * abs(params["leaves"] - 8) if params["family"] == "trees" else 0.3)


def trials(seed: int, n: int = 200) -> list[Trial]:
    """Random trials of which every tenth was pruned for being bad."""
    rng = np.random.default_rng(seed)
    drawn = [SPACE.sample(rng) for _ in range(n)]
    losses = [loss(params) for params in drawn]
    bad = np.quantile(losses, 0.9)
    return [
        Trial(number, params, "pruned", (), (value,)) if value > bad else Trial(number, params, "complete", (value,))
        for number, (params, value) in enumerate(zip(drawn, losses, strict=True))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_shares_follow_what_matters(seed: int) -> None:
    """Much first, some before none and word, which get next to nothing; shares add up to 1; fixed ones are out."""
    found = importances(SPACE, trials(seed), np.random.default_rng(0))
    share = {importance.name: importance.share for importance in found}
    assert found[0].name == "much"
    assert share["much"] > share["some"] > max(share["none"], share["word"])
    assert max(share["none"], share["word"]) < 0.06
    assert sum(share.values()) == pytest.approx(1.0)
    assert "set" not in share


def test_within_a_family_its_own_parameters_count() -> None:
    """Within trees, leaves are measured on trees' trials alone; within linear they are not there."""
    every = trials(0, 400)
    trees = importances(SPACE, every, np.random.default_rng(0), within={"family": "trees"})
    linear = importances(SPACE, every, np.random.default_rng(0), within={"family": "linear"})
    counts = {importance.name: importance.trials for importance in trees}
    assert counts["leaves"] == counts["much"] == sum(trial.params["family"] == "trees" for trial in every)
    assert "family" not in counts
    assert "leaves" not in {importance.name for importance in linear}


def test_pure_noise_has_no_importance_beyond_chance() -> None:
    """With losses that depend on nothing, divergences are on average those of chance."""
    rng = np.random.default_rng(0)
    excess = []
    for _ in range(20):
        noise = [Trial(n, SPACE.sample(rng), "complete", (rng.random(),)) for n in range(60)]
        excess += [found.divergence - found.chance for found in importances(SPACE, noise, rng)]
    assert abs(np.mean(excess)) < 3 * np.std(excess) / np.sqrt(len(excess))


def test_few_trials_say_nothing() -> None:
    """Below twelve ended trials the result is empty; failed trials do not count."""
    few = trials(0, 11) + [Trial(20 + n, SPACE.sample(np.random.default_rng(n)), "failed") for n in range(9)]
    assert importances(SPACE, few, np.random.default_rng(0)) == ()


def test_order_agrees_with_optuna() -> None:
    """On the same complete trials Optuna's PED-ANOVA ranks the unconditional parameters as ours does."""
    plain = Space({name: SPACE.dimensions[name] for name in ("much", "some", "none")})
    rng = np.random.default_rng(5)
    drawn = [plain.sample(rng) for _ in range(300)]
    done = [
        Trial(n, p, "complete", (10 * (p["much"] - 0.3) ** 2 + 0.05 * (np.log10(p["some"]) - 1) ** 2,))
        for n, p in enumerate(drawn)
    ]
    kinds = optuna.distributions
    distributions = {
        "much": kinds.FloatDistribution(0, 1),
        "some": kinds.FloatDistribution(1e-3, 1e3, log=True),
        "none": kinds.IntDistribution(1, 50),
    }
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study()
    study.add_trials(
        [optuna.create_trial(params=dict(t.params), distributions=distributions, value=t.value) for t in done]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=0.2)
        theirs = optuna.importance.get_param_importances(study, evaluator=evaluator)
    ours = {found.name: found.divergence for found in importances(plain, done, np.random.default_rng(0))}
    assert sorted(ours, key=ours.get) == sorted(theirs, key=theirs.get) == ["none", "some", "much"]
    ratio = {name: ours[name] / theirs[name] for name in ("much", "some")}
    assert ratio["much"] / ratio["some"] == pytest.approx(1.0, rel=0.35)
