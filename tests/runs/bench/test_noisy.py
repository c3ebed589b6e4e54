"""Stage ``noisy``: crowds against single steps and closed forms, columns that name their first, noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.engine.descent.crowd import Slopes, crowd
from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.figures.noisy import noisy_figures
from fallline.runs.answer import answer
from fallline.runs.bench.noisy import REPEATS, WHO
from fallline.runs.sources.diabetes import diabetes_table
from fallline.runs.spec import load_spec


def part(**asked: Any) -> dict[str, Any]:
    """The part of a small grid."""
    made: dict[str, Any] = answer(load_spec({"kind": "noisy", "steps": 40, **asked})).part("noisy")
    return made


def slopes(steps: int, *, draws: int = 3, scale: float = 1.0, curvature: float = 4.0) -> Slopes:
    """Normal noise on a small quadratic."""
    added = scale * np.random.default_rng(0).standard_normal((steps, draws, 2))
    hessian = np.diag([1.0, curvature])
    return Slopes(hessian, added, hessian, np.array([1.0, -2.0]))


@pytest.mark.parametrize("name", WHO)
def test_a_crowd_takes_the_steps_of_each_alone(name: str) -> None:
    """Every rate and draw walks where the optimizer's own step in NumPy leads."""
    met, rates = slopes(10), np.array([0.05, 0.2])
    optimizer = OPTIMIZERS[name]()
    assert isinstance(optimizer, Elementwise)
    found = crowd(met, optimizer, rates)
    for draw in range(3):
        for place, rate in enumerate(rates):
            v, state = met.start, optimizer.init(met.start)
            late = []
            for t in range(10):
                v, state = optimizer.step(v, met.hessian @ v + met.added[t, draw], state, float(rate))
                late.append(0.5 * v @ met.hessian @ v)
            assert found.late[draw, place] == pytest.approx(np.mean(late[-2:]), rel=1e-12)


def test_gradient_descent_settles_at_its_noise_floor() -> None:
    """The stationary height of a quadratic is Σ η σ²/(2(2 − ηλ)): 400 draws come within a few per cent."""
    rate, curvature = 0.1, 4.0
    met = slopes(400, draws=400, scale=0.5, curvature=curvature)
    found = crowd(met, OPTIMIZERS["gd"](), np.array([rate]))  # type: ignore[arg-type]
    floor = sum(rate * 0.25 / (2.0 * (2.0 - rate * each)) for each in (1.0, curvature))
    assert found.late.mean() == pytest.approx(floor, rel=0.05)


def test_the_noise_scale_is_that_of_the_draws() -> None:
    """It is σ² by construction for normal noise, ν/(ν − 2) times it for Student's, and none without a variance."""
    assert part(problem="normal", noise=1.5)["noise_scale"] == pytest.approx(1.5**2)
    assert part(problem="heavy", noise=1.5, degrees=4.0)["noise_scale"] == pytest.approx(2.0 * 1.5**2)
    endless = part(problem="heavy", degrees=2.0)
    assert (endless["noise_scale"], endless["infinite"]) == (None, True)


def test_the_noise_of_real_rows_is_their_own_covariance() -> None:
    """At zero weights a row's slope is −y·x: its variance and its mean are the table's."""
    x, y = diabetes_table()
    each = -x * y[:, None]
    made = part(problem="rows", batch=16)
    wanted = each.var(axis=0).sum() / (each.mean(axis=0) ** 2).sum()
    assert made["noise_scale"] == pytest.approx(wanted, rel=1e-9)
    signals = np.abs(each.mean(axis=0)) / np.sqrt(each.var(axis=0) / 16)
    assert made["weakest"] == pytest.approx(signals.min(), rel=1e-9)


def test_heavy_tails_throw_who_steps_in_proportion() -> None:
    """The longest step of gradient descent is many times its usual one, that of a sign never."""
    heavy, normal = (part(problem=name, degrees=1.5)["here"]["cells"] for name in ("heavy", "normal"))
    assert heavy["lion"]["longest"] == pytest.approx(1.0, abs=0.01)
    assert heavy["gd"]["longest"] > 3 * normal["gd"]["longest"]


def test_without_noise_the_batch_size_does_not_matter() -> None:
    """Every column is the same descent."""
    made = part(problem="normal", noise=0.0)
    for name in WHO:
        assert len({column["cells"][name]["median"] for column in made["columns"]}) == 1


def test_a_column_names_its_lowest_and_how_often_it_is_ahead() -> None:
    """The first has the lowest median; families are compared by their best."""
    for column in part(problem="heavy")["columns"]:
        cells = column["cells"]
        assert cells[column["first"]]["median"] == min(cell["median"] for cell in cells.values())
        assert column["follow"] in {"gd", "momentum"}
        assert column["divide"] not in {"gd", "momentum"}
        assert REPEATS / 2 <= column["better_by"] <= REPEATS


def test_as_many_rows_are_fewer_steps_of_larger_batches() -> None:
    """Four times the batch, a quarter of the steps."""
    steps = [column["steps"] for column in part(budget="rows", steps=80)["columns"]]
    assert steps == [320, 80, 20, 5]
    assert {column["steps"] for column in part()["columns"]} == {40}


def test_figures_have_a_cell_for_each() -> None:
    """The map names every median, the others draw a line or bar for each optimizer."""
    grid, lines, longest, rates = noisy_figures(part(problem="normal"))
    assert sum(mark.kind == "text" for mark in grid.marks) == 24
    assert sum(mark.kind == "line" for mark in lines.marks) == sum(mark.kind == "line" for mark in rates.marks) == 6
    assert len(longest.y.categories) == 6


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"problem": "tails"}, "problem"),
        ({"degrees": 1.0}, "degrees"),
        ({"batch": 5}, "batch"),
        ({"steps": 9999}, "steps"),
    ],
)
def test_nonsense_is_refused_with_its_place(asked: dict[str, Any], place: str) -> None:
    """Names and numbers are checked before anything runs."""
    with pytest.raises(SpecError, match=place):
        load_spec({"kind": "noisy", **asked})
