"""What samplers believe: coding, Gaussian process and Parzen densities, against independent ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from fallline.engine.tune import Boolean, Categorical, Clause, Fixed, Float, Int, Ordinal, Space, Trial
from fallline.engine.tune.belief import believe, checkpoint
from fallline.engine.tune.coding import Coding
from fallline.engine.tune.evidence import evidence
from fallline.engine.tune.gp import JITTER
from fallline.engine.tune.limits import limits_of
from fallline.engine.tune.samplers.parzen import Parzen
from fallline.engine.tune.squash import squash

MIXED = Space(
    kind=Categorical(("a", "b", "c")),
    whole=Int(1, 9),
    scale=Int(1, 128, log=True),
    stepped=Float(0.0, 1.0, step=0.25),
    flag=Boolean(),
    size=Ordinal(("s", "m", "l", "xl")),
    fixed=Fixed(3),
    rate=Float(1e-4, 1.0, log=True, when=("kind", ("b", "c"))),
    deep=Float(0.0, 1.0, when=Clause("flag and whole > 3")),
    under=Int(0, 3, when=("fixed", (3,))),
    asleep=Int(0, 3, when=("fixed", (4,))),
    big=Int(0, 10**9),
)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_rows_and_points_say_the_same(seed: int) -> None:
    """Settled, a point of the cube is the row of the parameters it stands for; what is active is what they have."""
    coding = Coding(MIXED)
    unit = np.random.default_rng(seed).random((4, coding.width))
    rows, active = coding.settle(unit)
    for raw, row, on in zip(unit, rows, active, strict=True):
        params = coding.params(raw)
        assert MIXED.read(params) == params
        assert {name for name, is_on in zip(coding.names, on, strict=True) if is_on} == set(params) - {"fixed"}
        again = coding.rows([params])[0]
        big = coding.place["big"]
        assert np.delete(again, big) == pytest.approx(np.delete(row, big), abs=1e-9)
        assert again[big] == pytest.approx(row[big], abs=1e-8)


def test_an_inactive_parameter_does_not_influence_the_model() -> None:
    """Whatever stands in the column of what is inactive, it settles on the same row, so the belief is the same."""
    coding = Coding(MIXED)
    unit = np.random.default_rng(0).random((30, coding.width))
    rows, active = coding.settle(unit)
    other, _ = coding.settle(np.where(active, unit, 1.0 - unit))
    assert np.array_equal(rows, other)
    assert (~active).sum() > 30


def test_a_belief_is_that_of_another_implementation() -> None:
    """Posterior mean and deviation agree with scikit-learn's regressor under the same kernel, and repeat the data."""
    coding = Coding(Space(x=Float(0.0, 1.0), y=Float(0.0, 1.0)))
    rng = np.random.default_rng(0)
    rows = rng.random((25, 2))
    belief = believe(coding, rows, np.sin(5 * rows[:, 0]) + rows[:, 1] ** 2)
    kernel = ConstantKernel(belief.hyper.signal) * Matern(belief.hyper.lengths, nu=2.5)
    alpha = belief.hyper.noise + JITTER * (1 + belief.hyper.signal)
    peer = GaussianProcessRegressor(kernel, alpha=alpha, optimizer=None).fit(rows, belief.losses)
    points = rng.random((40, 2))
    mean, sd = belief.posterior(points)
    expected, deviation = peer.predict(points, return_std=True)
    assert mean == pytest.approx(expected, abs=1e-6)
    assert sd == pytest.approx(deviation, abs=1e-5)
    joint, covariance = belief.joint(points)
    assert joint == pytest.approx(mean)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(sd, abs=1e-5)
    fantasy = belief.with_point(points[0])
    assert fantasy.posterior(points[:1])[0] == pytest.approx(mean[:1], abs=1e-3)
    assert fantasy.posterior(points[:1])[1] < sd[:1]


def test_two_choices_are_as_far_apart_as_any_others() -> None:
    """Among unordered values only being different counts; the kernel is a valid one."""
    coding = Coding(Space(kind=Categorical(("a", "b", "c", "d")), x=Float(0.0, 1.0)))
    rows = coding.rows([{"kind": kind, "x": 0.5} for kind in "abcd"])
    features = coding.features(rows, np.array([0.7, 1.0]))
    gaps = ((features[:, None] - features[None, :]) ** 2).sum(axis=2)
    assert gaps[~np.eye(4, dtype=bool)] == pytest.approx(1 / 0.49)


@given(st.integers(1, 5000))
def test_checkpoints_only_move_on(n: int) -> None:
    """Length scales come from at least 95 of 100 trials, and never from fewer than before."""
    assert 0.95 * n <= checkpoint(n) <= n
    assert checkpoint(n) <= checkpoint(n + 1)


@given(st.lists(st.integers(-(10**6), 10**6).map(float), min_size=2, max_size=40, unique=True))
def test_squashing_keeps_the_order(losses: list[float]) -> None:
    """The order is that of the losses, the mean 0, the standard deviation 1 (or 0); a shift of all changes nothing."""
    z = squash(losses)
    assert (np.diff(z[np.argsort(losses)]) >= -1e-12).all()
    assert float(z.mean()) == pytest.approx(0, abs=1e-9)
    assert float(z.std()) == pytest.approx(1, abs=1e-9)


def test_pruned_and_failed_trials_say_what_they_can() -> None:
    """A pruned trial is never better than the median, a failed one like the worst, a running one apart."""
    space = Space(x=Float(0.0, 1.0))
    trials = [
        Trial(0, {"x": 0.1}, "complete", (1.0,)),
        Trial(1, {"x": 0.2}, "complete", (3.0,), constraints=(0.5,)),
        Trial(2, {"x": 0.3}, "pruned", (), (0.5,)),
        Trial(3, {"x": 0.4}, "pruned", (), (9.0,)),
        Trial(4, {"x": 0.5}, "failed"),
        Trial(5, {"x": 0.6}, "running"),
    ]
    seen = evidence(Coding(space), trials)
    assert seen.losses[:, 0].tolist() == [1.0, 3.0, 2.0, 9.0, 9.0]
    assert seen.complete.tolist() == [True, True, False, False, False]
    assert seen.running.tolist() == [[0.6]]
    assert np.isnan(seen.constraints[0, 0])
    assert seen.constraints[1, 0] == 0.5


def test_limits_learn_where_a_constraint_is_met() -> None:
    """From forty points, x ≤ 0.4 is likely at 0.2 and unlikely at 0.7."""
    coding = Coding(Space(x=Float(0.0, 1.0), y=Float(0.0, 1.0)))
    rows = np.random.default_rng(0).random((40, 2))
    trials = [Trial(k, {"x": x, "y": y}, "complete", (y,), (), (x - 0.4,)) for k, (x, y) in enumerate(rows.tolist())]
    chance = np.exp(limits_of(coding, evidence(coding, trials)).log_chance(np.array([[0.2, 0.5], [0.7, 0.5]])))
    assert chance[0] > 0.95
    assert chance[1] < 0.05


@pytest.mark.parametrize(
    "space",
    [
        Space(x=Float(0.0, 1.0)),
        Space(x=Int(0, 6)),
        Space(x=Categorical(tuple("abcde"))),
        Space(x=Float(0, 1, step=0.2)),
    ],
)
def test_a_parzen_density_is_a_density(space: Space) -> None:
    """Over all values, separate or not, it sums to one, and draws come as often as it says."""
    coding = Coding(space)
    centres, _ = coding.settle(np.array([[0.1], [0.15], [0.8]]))
    density = Parzen.of(coding, centres)

    def at(units: np.ndarray) -> np.ndarray:
        rows, active = coding.settle(units[:, None])
        return np.exp(density.log_density(rows, active))

    drawn, _ = coding.settle(density.draw(4000, np.random.default_rng(0)))
    if coding.counts[0]:
        middles = coding.centres[0]
        assert middles is not None
        shares = at(middles) / coding.counts[0]
        assert shares.sum() == pytest.approx(1.0)
        counts = [(np.abs(drawn[:, 0] - middle) < 1e-9).sum() for middle in middles]
        assert stats.chisquare(counts, 4000 * shares).pvalue > 1e-3
    else:
        grid = np.linspace(0.0, 1.0, 4001)
        cumulative = integrate.cumulative_trapezoid(at(grid), grid, initial=0.0)
        assert cumulative[-1] == pytest.approx(1.0, abs=1e-3)
        assert stats.kstest(drawn[:, 0], lambda x: np.interp(x, grid, cumulative)).pvalue > 1e-3
