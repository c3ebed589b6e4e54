"""Sweeps: many descents at once are the same descents."""

from __future__ import annotations

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent import descend, sweep
from fallline.engine.optim import OPTIMIZERS, Elementwise, Optimizer
from fallline.engine.schedules import Constant, WarmupCosine
from fallline.engine.surfaces import SURFACES

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
