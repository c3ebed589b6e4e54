"""Noise as a value: what each kind does to a path, and where theory says the loss settles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from fallline.core.errors import SpecError
from fallline.core.rng import generator
from fallline.engine.descent import (
    NOISES,
    AlphaStable,
    Gaussian,
    HeavyTailed,
    LabelNoise,
    MiniBatch,
    Noise,
    descend,
    noise_floor,
    stable_rate,
    sweep,
)
from fallline.engine.optim import OPTIMIZERS, GradientDescent, Momentum, Nesterov, Optimizer
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES, Surface, empirical_surface
from fallline.engine.surfaces.empirical import over_rows

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 2)) * [1.0, 2.0]
Y = X @ [1.0, 2.0] + RNG.normal(size=60)
ROWS = empirical_surface(X, Y, ridge=0.05)
CLASSES = empirical_surface(X, (Y > 0.2).astype(float), "logistic", ridge=0.05)
TAKEN = [GradientDescent(), Momentum(momentum=0.6), Nesterov(momentum=0.6)]


def _measured(surface: Surface, optimizer: Optimizer, rate: float, noise: Noise) -> float:
    """The mean loss above the minimum over eight long runs, once they have forgotten their start."""
    steps = 40_000
    swept = sweep(
        surface, optimizer, Constant(), rates=[rate], starts=[surface.minima[0].at], steps=steps, noise=noise,
        seeds=range(8),
    )  # fmt: skip
    late = np.moveaxis(swept.paths[:, :, steps // 10 :, 0, 0], 1, -1)
    return float((surface.value(late) - surface.minima[0].value).mean())


@pytest.mark.parametrize("optimizer", TAKEN, ids=repr)
@pytest.mark.parametrize(
    ("surface", "noise"),
    [
        (SURFACES["ravine"], Gaussian(0.5)),
        (SURFACES["bowl"], HeavyTailed(0.3, 8.0)),
        (ROWS, LabelNoise(0.7)),
        (ROWS, MiniBatch(4, replacement=True)),
        (ROWS, MiniBatch(20, epochs=False)),
    ],
    ids=["gaussian", "heavy_tailed", "label", "mini_batch", "subsets"],
)
def test_on_a_quadratic_the_loss_settles_where_theory_says(
    surface: Surface, noise: Noise, optimizer: Optimizer
) -> None:
    """Measured and computed noise floor agree to 2 %, at a rate that is not small."""
    limit = stable_rate(surface, optimizer)
    assert limit is not None
    rate = 0.3 * limit
    floor = noise_floor(surface, optimizer, rate, noise)
    assert floor is not None
    assert _measured(surface, optimizer, rate, noise) == pytest.approx(floor, rel=0.02)


@pytest.mark.parametrize("optimizer", TAKEN, ids=repr)
@pytest.mark.parametrize(("size", "share"), [(20, 0.1), (7, 0.03)])
def test_shuffled_epochs_settle_where_theory_says(size: int, share: float, optimizer: Optimizer) -> None:
    """Batches out of epochs agree with theory to 2 %, where batches drawn anew would settle several times higher."""
    limit = stable_rate(ROWS, optimizer)
    assert limit is not None
    floor = noise_floor(ROWS, optimizer, share * limit, MiniBatch(size))
    anew = noise_floor(ROWS, optimizer, share * limit, MiniBatch(size, epochs=False))
    assert floor is not None
    assert anew is not None
    assert anew > 2.5 * floor
    assert _measured(ROWS, optimizer, share * limit, MiniBatch(size)) == pytest.approx(floor, rel=0.02)


SIGNS = np.where(np.arange(30) % 2, 1.0, -1.0)[:, None]
SHARED = empirical_surface(SIGNS, np.random.default_rng(8).normal(size=30), intercept=False)


@pytest.mark.parametrize(("size", "share"), [(1, 0.2), (4, 0.3), (10, 0.8)])
def test_of_rows_with_one_hessian_the_floor_of_epochs_is_exact(size: int, share: float) -> None:
    """With a = 1 − ηλ the error before an epoch has the variance of a sum of a^j·sⱼ over draws without repeats."""
    rate, count, full = share * 2.0, 30, 30 // size
    a = 1.0 - rate
    at = np.array(SHARED.minima[0].at)
    slopes = (SIGNS @ at - SHARED.block.rows.labels) * SIGNS[:, 0]  # type: ignore[union-attr]  # it has rows
    one, other = slopes.var() * (count - size) / (size * (count - 1)), -slopes.var() / (count - 1)

    def spread(steps: int) -> float:
        powers = a ** np.arange(steps)
        return float(rate**2 * ((one - other) * (powers**2).sum() + other * powers.sum() ** 2))

    first = spread(full) / (1.0 - a ** (2 * full))
    exact = 0.5 * np.mean([a ** (2 * k) * first + spread(k) for k in range(full)])
    assert noise_floor(SHARED, GradientDescent(), rate, MiniBatch(size)) == pytest.approx(exact, rel=1e-9)


def test_at_small_rates_epochs_settle_with_the_square_of_the_rate() -> None:
    """The floor of gradient descent tends to η²·(K + 1)/12·tr(H·C), C the covariance of a batch's gradient."""
    at = np.array(ROWS.minima[0].at)
    rows = ROWS.block.rows if ROWS.block else None
    assert rows is not None
    slopes = (rows.features @ at - rows.labels)[:, None] * rows.features + rows.ridge * at
    spread = slopes.T @ slopes / 60 * (60 - 12) / (12 * 59)
    rate = 1e-5
    small = rate**2 * (5 + 1) / 12 * np.trace(ROWS.hessian(at) @ spread)
    assert noise_floor(ROWS, GradientDescent(), rate, MiniBatch(12)) == pytest.approx(small, rel=2e-3)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_heavy_ball_has_the_floor_of_yule_and_walker(beta: float) -> None:
    """The linear equation for the moments gives the closed form of an autoregression of order two."""
    rate, sigma = 0.01, 0.7
    closed = sum(
        rate * sigma**2 * (1 + beta) / (2 * (1 - beta) * (2 * (1 + beta) - rate * curvature)) for curvature in (1, 50)
    )
    for optimizer in (Momentum(momentum=beta), *([GradientDescent()] if beta == 0 else [])):
        floor = noise_floor(SURFACES["ravine"], optimizer, rate, Gaussian(sigma))
        assert floor == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize(
    ("surface", "optimizer", "rate", "noise"),
    [
        (SURFACES["rosenbrock"], GradientDescent(), 1e-4, Gaussian()),
        (SURFACES["saddle"], GradientDescent(), 0.1, Gaussian()),
        (SURFACES["bowl"], GradientDescent(), 1.01, Gaussian()),
        (SURFACES["bowl"], GradientDescent(decay=0.1), 0.1, Gaussian()),
        (SURFACES["bowl"], OPTIMIZERS["adam"](), 0.1, Gaussian()),
        (SURFACES["bowl"], GradientDescent(), 0.1, HeavyTailed(1.0, 2.0)),
        (SURFACES["bowl"], GradientDescent(), 0.1, AlphaStable(1.0, 1.9)),
        (SURFACES["bowl"], GradientDescent(), 0.1, MiniBatch(2, replacement=True)),
        (ROWS, GradientDescent(), 0.1, MiniBatch(2)),
        (CLASSES, GradientDescent(), 0.1, Gaussian()),
        (ROWS, Momentum(momentum=0.6), 0.999 * 2 * 1.6 / 4.3, MiniBatch(1, replacement=True)),
    ],
)
def test_where_theory_does_not_say_there_is_no_floor(
    surface: Surface, optimizer: Optimizer, rate: float, noise: Noise
) -> None:
    """Off a quadratic, above the limit, with decay, divided steps, infinite variance, epochs, or exploding moments."""
    assert noise_floor(surface, optimizer, rate, noise) is None


def test_the_whole_table_as_one_batch_is_no_noise() -> None:
    """A batch of all rows, shuffled, walks the noiseless path to rounding."""
    noisy = descend(ROWS, "momentum", rate=0.05, steps=80, noise=MiniBatch(60), seed=1)
    quiet = descend(ROWS, "momentum", rate=0.05, steps=80)
    assert np.allclose(noisy.points, quiet.points, rtol=1e-10)


@pytest.mark.parametrize("surface", [ROWS, CLASSES], ids=["squared", "logistic"])
@pytest.mark.parametrize("replacement", [False, True])
def test_a_mini_batch_step_follows_the_gradient_of_its_rows(surface: Surface, replacement: bool) -> None:
    """The compiled path is the plain one over the rows that were drawn; slopes are told for the whole table."""
    noise = MiniBatch(7, replacement=replacement)
    trace = descend(surface, "gd", rate=0.05, steps=30, noise=noise, rng=generator(3))
    draws = noise.draw(surface, generator(3), 30)
    w = np.array(surface.start)
    for t, rows in enumerate(draws.rows.astype(int)):
        w = w - 0.05 * over_rows(surface, rows).gradient(w)
        assert np.allclose(w, trace.points[t + 1], rtol=1e-12)
    assert np.allclose(trace.grad_norms, np.linalg.norm(surface.gradient(trace.points), axis=-1), rtol=1e-12)


def test_an_epoch_without_replacement_sees_each_row_once() -> None:
    """Sixty rows in batches of seven: eight batches of distinct rows, then all are shuffled anew."""
    rows = MiniBatch(7).draw(ROWS, np.random.default_rng(1), 17).rows
    assert rows.shape == (17, 7)
    for first in (0, 8):
        assert len(np.unique(rows[first : first + 8])) == 56
    assert not np.array_equal(rows[:8], rows[8:16])


def test_a_batch_drawn_anew_holds_each_row_as_often_and_none_twice() -> None:
    """Subsets of seven rows of sixty: distinct within a batch, independent of the batch before, equally likely."""
    rows = MiniBatch(7, epochs=False).draw(ROWS, np.random.default_rng(1), 30_000).rows
    assert (np.diff(np.sort(rows, axis=1), axis=1) > 0).all()
    counts = np.bincount(rows.astype(int).ravel(), minlength=60)
    assert (np.abs(counts - 3500) < 5 * np.sqrt(3500 * (1 - 7 / 60))).all()
    again = (rows[1:, :, None] == rows[:-1, None, :]).sum(axis=(1, 2)).mean()
    assert again == pytest.approx(49 / 60, rel=0.03)  # an epoch would have none


def test_all_rows_but_one_are_nearly_no_noise() -> None:
    """The correction for a finite population: 59 of 60 rows settle 59 times lower than 59 drawn one by one."""
    lone, loose = (
        noise_floor(ROWS, GradientDescent(), 0.05, MiniBatch(59, replacement, epochs=False)) for replacement in (0, 1)
    )
    assert lone is not None
    assert loose is not None
    assert loose / lone == pytest.approx(59, rel=0.01)
    assert noise_floor(ROWS, GradientDescent(), 0.05, MiniBatch(60, epochs=False)) is None


@pytest.mark.parametrize("kind", [LabelNoise(0.4), LabelNoise(0.2)], ids=repr)
@pytest.mark.parametrize("surface", [ROWS, CLASSES], ids=["squared", "logistic"])
def test_label_noise_is_what_wrong_labels_do(surface: Surface, kind: LabelNoise) -> None:
    """What is added to the gradient has the covariance that wrong labels give it, and their mean."""
    draws = kind.draw(surface, np.random.default_rng(2), 40_000).added
    rows = surface.block.rows if surface.block else None
    assert rows is not None
    mean = kind.scale * (2 * rows.labels - 1) @ rows.features / 60 if rows.loss == "logistic" else np.zeros(3)
    covariance = kind.covariance(surface)
    error = np.sqrt(np.diag(covariance) / len(draws))
    assert (np.abs(draws.mean(axis=0) - mean) < 5 * error).all()
    assert np.allclose(np.cov(draws.T), covariance, atol=0.05 * np.abs(covariance).max())


def test_heavy_tails_reach_further_than_a_normal() -> None:
    """At three degrees of freedom the excess over five deviations is that of Student's law, not of Gauss's."""
    draws = HeavyTailed(1.0, 3.0).draw(SURFACES["bowl"], np.random.default_rng(0), 50_000).added
    share = float((np.abs(draws) > 5.0).mean())
    assert share == pytest.approx(0.0154, rel=0.1)  # 2·(1 − F(5)) of t with three degrees of freedom


@pytest.mark.parametrize("alpha", [0.6, 1.0, 1.4, 1.8, 2.0])
def test_the_stable_law_has_its_characteristic_function(alpha: float) -> None:
    """The mean of cos(t·ξ) is exp(−|scale·t|^α) at every t, within five standard errors."""
    draws = AlphaStable(0.7, alpha).draw(SURFACES["bowl"], np.random.default_rng(4), 100_000).added.ravel()
    for t in (0.1, 0.5, 1.0, 2.0, 4.0):
        waves = np.cos(t * draws)
        assert abs(waves.mean() - math.exp(-((0.7 * t) ** alpha))) < 5 * waves.std() / math.sqrt(len(draws))


def test_at_its_ends_the_stable_law_is_gausss_and_cauchys() -> None:
    """α = 2 is a normal of deviation √2, α = 1 is Cauchy's law: Kolmogorov's distance is that of chance."""
    for alpha, law in ((2.0, stats.norm(scale=math.sqrt(2.0))), (1.0, stats.cauchy)):
        draws = AlphaStable(1.0, alpha).draw(SURFACES["bowl"], np.random.default_rng(5), 50_000).added.ravel()
        assert stats.kstest(draws, law.cdf).pvalue > 1e-3
    assert np.array_equal(AlphaStable(0.5, 2.0).covariance(SURFACES["bowl"]), 0.5 * np.eye(2))


@pytest.mark.parametrize("alpha", [0.8, 1.2, 1.6])
def test_the_tail_index_of_the_stable_law_is_alpha(alpha: float) -> None:
    """Hill's estimate over the thousand largest of a million draws is α, and the tail is as thick as the law says."""
    draws = np.abs(AlphaStable(1.0, alpha).draw(SURFACES["bowl"], np.random.default_rng(6), 500_000).added).ravel()
    largest = np.sort(draws)[-1001:]
    assert 1.0 / np.log(largest[1:] / largest[0]).mean() == pytest.approx(alpha, rel=0.15)
    thick = 2.0 * math.gamma(alpha) * math.sin(0.5 * math.pi * alpha) / math.pi  # of P(|ξ| > x)·x^α, far out
    assert 1000 / len(draws) * largest[0] ** alpha == pytest.approx(thick, rel=0.15)


def test_the_smallest_tail_index_still_gives_numbers() -> None:
    """At α = 0.1 many draws are beyond 10¹⁰⁰, and none is infinite or none at all."""
    draws = AlphaStable(1.0, 0.1).draw(SURFACES["bowl"], np.random.default_rng(7), 200_000).added
    assert np.isfinite(draws).all()
    assert np.abs(draws).max() > 1e50


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Gaussian(-1.0), "noise"),
        (lambda: Gaussian(math.nan), "noise"),
        (lambda: HeavyTailed(1.0, 0.0), "degrees"),
        (lambda: HeavyTailed(math.inf), "scale"),
        (lambda: AlphaStable(1.0, 2.1), "alpha"),
        (lambda: AlphaStable(1.0, 0.0), "alpha"),
        (lambda: AlphaStable(-1.0), "scale"),
        (lambda: MiniBatch(0), "size"),
        (lambda: LabelNoise(-0.1), "scale"),
        (lambda: descend("bowl", noise=MiniBatch(2), seed=0), "no sum over rows"),
        (lambda: descend("bowl", noise=LabelNoise(1.0), seed=0), "no sum over rows"),
        (lambda: descend(ROWS, noise=MiniBatch(61), seed=0), "60"),
        (lambda: descend(CLASSES, noise=LabelNoise(1.5), seed=0), "share"),
        (lambda: descend(empirical_surface(X, Y, "huber"), noise=LabelNoise(0.1), seed=0), "Huber"),
        (lambda: descend("bowl", noise=Gaussian(1.0)), "rng"),
    ],
)
def test_noise_that_cannot_be_is_refused(make: object, path: str) -> None:
    """By the setting, the surface or the loss that it does not fit."""
    with pytest.raises(SpecError, match=path):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("kind", NOISES.values(), ids=NOISES.keys())
def test_every_kind_is_a_value_with_a_verdict_of_its_own(kind: type[Noise]) -> None:
    """Equal settings are equal; the verdict of a noisy run names the kind of noise."""
    assert kind() == kind()
    trace = descend(ROWS, "gd", rate=0.1, steps=400, noise=kind(), seed=3)
    assert str(trace.ending.kind) == "noise floor"
    assert "kept up by" in trace.ending.sentence
