"""Sweeps: many descents at once are the same descents."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent import descend, sweep
from fallline.engine.optim import OPTIMIZERS, Elementwise, Optimizer
from fallline.engine.schedules import Constant, WarmupCosine
from fallline.engine.surfaces import SURFACES
from tests.engine.descent.whole import Asking

ELEMENTWISE = [kind for kind in OPTIMIZERS.values() if issubclass(kind, Elementwise)]
STARTS = np.random.default_rng(4).uniform(-2, 2, size=(40, 2))


@pytest.mark.parametrize("kind", ELEMENTWISE, ids=[kind.name for kind in ELEMENTWISE])
@pytest.mark.parametrize("name", ["rosenbrock", "ackley"])
def test_every_path_of_a_sweep_is_the_path_walked_alone(name: str, kind: type[Optimizer]) -> None:
    """In blocks or alone, with 320 members or one: the same bits."""
    surface, rates = SURFACES[name], np.geomspace(1e-4, 1e-2, 8)
    swept = sweep(surface, kind(), WarmupCosine(), rates=rates.tolist(), starts=STARTS, steps=50)
    assert swept.paths.shape == (2, 51, 8, 40)
    for i, j in ((0, 0), (7, 39), (3, 17), (6, 16)):
        alone = descend(surface, kind(), WarmupCosine(), rate=float(rates[i]), start=STARTS[j].tolist(), steps=50)
        kept = len(alone.points)
        assert np.array_equal(swept.paths[:, :kept, i, j].T, alone.points)


def test_last_losses_are_those_of_the_last_points_and_infinite_where_it_ran_away() -> None:
    """A rate that arrives has a small loss, a rate that runs away an infinite one."""
    bowl = SURFACES["bowl"]
    swept = sweep(bowl, OPTIMIZERS["gd"](), Constant(), rates=[0.1, 40.0], starts=[(1.0, 2.0), (-1.0, 0.5)], steps=300)
    losses = swept.losses(bowl)
    assert losses.shape == (2, 2)
    assert (losses[0] < 1e-9).all()
    assert (losses[1] == np.inf).all()


def test_noise_is_the_same_for_all_members() -> None:
    """Two members that differ in nothing stay together under noise."""
    bowl = SURFACES["noisy_bowl"]
    swept = sweep(
        bowl,
        OPTIMIZERS["momentum"](),
        Constant(),
        rates=[0.05, 0.05],
        starts=[(1.0, 2.0)],
        steps=30,
        rng=np.random.default_rng(1),
    )
    assert np.array_equal(swept.paths[:, :, 0], swept.paths[:, :, 1])
    assert not np.array_equal(swept.paths[:, 1, 0, 0], np.array([0.9, 1.8]))


def test_memory_can_be_brought_along() -> None:
    """Paths are written to the memory given, and memory of another shape is refused."""
    bowl = SURFACES["bowl"]
    out = np.empty((2, 11, 1, 40))
    swept = sweep(bowl, OPTIMIZERS["gd"](), Constant(), rates=[0.1], starts=STARTS, steps=10, out=out)
    assert np.shares_memory(swept.paths, out)
    for wrong in (np.empty((2, 10, 1, 40)), np.empty((2, 11, 1, 40), np.float32), np.empty((2, 11, 1, 80))[..., ::2]):
        with pytest.raises(SpecError, match="out"):
            sweep(bowl, OPTIMIZERS["gd"](), Constant(), rates=[0.1], starts=STARTS, steps=10, out=wrong)


@pytest.mark.parametrize(
    ("rates", "starts", "steps", "path"),
    [
        ([], STARTS, 10, "steps"),
        ([0.1], np.empty((0, 2)), 10, "steps"),
        ([0.1] * 100, STARTS, 100_000, "steps"),
        ([0.1, float("nan")], STARTS, 10, "rate"),
        ([0.1], [(1e9, 0.0)], 10, "start"),
        ([0.1], [1.0, 2.0], 10, "start"),
    ],
)
def test_a_sweep_of_nothing_or_of_too_much_is_refused(
    rates: list[float], starts: object, steps: int, path: str
) -> None:
    """Empty sweeps, sweeps beyond memory, and what is no rate or start never begin."""
    with pytest.raises(SpecError, match=path):
        sweep(SURFACES["bowl"], OPTIMIZERS["gd"](), Constant(), rates=rates, starts=starts, steps=steps)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 7, 545, 1601])
def test_a_large_sweep_written_past_the_caches_holds_the_same_bits(count: int) -> None:
    """Wherever its memory begins and however its members fall into blocks, each path is the one walked alone."""
    surface, steps = SURFACES["himmelblau"], 300
    starts = np.random.default_rng(6).uniform(-4, 4, (count, 2))
    room = np.empty(2 * (steps + 1) * count + 8)
    for shift in (0, 3):
        out = room[shift : shift + 2 * (steps + 1) * count].reshape(2, steps + 1, 1, count)
        sweep(surface, OPTIMIZERS["adam"](), Constant(), rates=[0.05], starts=starts, steps=steps, out=out)
        for member in {0, count // 2, count - 1}:
            start = starts[member].tolist()
            alone = descend(surface, OPTIMIZERS["adam"](), Constant(), rate=0.05, start=start, steps=steps)
            assert np.array_equal(out[:, :, 0, member].T, alone.points)


@pytest.mark.parametrize("name", ["noisy_bowl", "cube", "rosenbrock_10", "muller_brown", "stiff_bowl"])
def test_a_member_of_a_sweep_with_its_verdict_is_the_descent(name: str) -> None:
    """Rates, starts and seeds: the trace read out of a sweep equals the one walked alone, its sentence included."""
    surface = SURFACES[name]
    rates = [surface.rate.low, surface.rate.default, 3 * surface.rate.high]
    starts = [surface.start, [0.9 * each for each in surface.start]]
    swept = sweep(surface, OPTIMIZERS["momentum"](), WarmupCosine(), rates=rates, starts=starts, steps=40, seeds=[4, 5])
    assert swept.paths.shape == (2, surface.dimension, 41, 3, 2)
    assert swept.losses().shape == (2, 3, 2)
    for k, seed in enumerate((4, 5)):
        for i, rate in enumerate(rates):
            for j, start in enumerate(starts):
                alone = descend(surface, "momentum", WarmupCosine(), rate=rate, start=list(start), steps=40, seed=seed)
                found = swept.trace(i, j, k)
                assert found.ending == alone.ending
                for ours, theirs in (
                    (found.points, alone.points),
                    (found.losses, alone.losses),
                    (found.grad_norms, alone.grad_norms),
                    (found.rates, alone.rates),
                ):
                    assert np.array_equal(ours, theirs)


def test_an_optimizer_that_is_not_elementwise_is_refused() -> None:
    """A sweep is compiled; who looks at whole layers walks one descent at a time."""
    with pytest.raises(SpecError, match="optimizer"):
        sweep(SURFACES["bowl"], Asking(), Constant(), rates=[0.1], starts=STARTS, steps=10)
