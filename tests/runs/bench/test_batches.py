"""Stage ``batches``: winners and bests against their definitions, theory against the walks, over the knobs' corners."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.figures.batches import batches_figures
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def part(**asked: Any) -> dict[str, Any]:
    """The part of a Spec."""
    made: dict[str, Any] = answer(load_spec({"kind": "batches", **asked})).part("batches")
    return made


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    """The part of the defaults."""
    return part()


def test_every_size_reads_the_same_number_of_rows(usual: dict[str, Any]) -> None:
    """Steps times rows is the budget, less what does not fill a last batch."""
    for each in usual["sweep"]:
        assert 0 <= usual["reads"] - each["steps"] * each["size"] < each["size"]


def test_the_winners_are_who_the_numbers_say(usual: dict[str, Any]) -> None:
    """Lowest late median among the three, fewest rows and steps to arrive, best of the sweep."""
    runs = usual["runs"]
    medians = {key: run["late"]["median"] for key, run in runs.items()}
    assert usual["wins"]["late"] == min(medians, key=lambda key: medians[key])
    rows = {key: run["arrived_reads"] for key, run in runs.items() if run["arrived_reads"] is not None}
    assert rows[usual["wins"]["row"]] == min(rows.values())
    assert usual["best"]["late"] == min(each["late"]["median"] for each in usual["sweep"])


def test_theory_lies_in_the_middle_of_what_is_measured() -> None:
    """Over all sizes the mean of forty walks is within a third of what is expected."""
    made = part(epochs=10, walks=40)
    for each in made["sweep"]:
        assert each["late"]["median"] == pytest.approx(each["theory"], rel=0.35)


def test_half_of_the_walks_end_in_the_ball() -> None:
    """Over twenty draws the share in the ellipse of theory is near a half for 32 rows, whose cloud is nearly normal."""
    inside = [part(seed=seed, epochs=10)["runs"]["mini"]["inside"] for seed in range(20)]
    assert np.mean(inside) / 24 == pytest.approx(0.5, abs=0.07)


def test_the_best_rate_of_a_size_is_not_beaten_by_its_neighbours(usual: dict[str, Any]) -> None:
    """A fifth more or less of the rate ends higher in theory, where neither is at the end of the grid."""
    tuned = next(each for each in usual["tuned"]["sizes"] if each["size"] == 32)
    for factor in (0.8, 1.25):
        other = part(rate=tuned["rate"] * factor)["runs"]["mini"]["theory"]
        assert other > 0.98 * tuned["late"]


def test_shuffling_lowers_the_end() -> None:
    """Without replacement 32 rows at a time end below what independent draws give."""
    made = part(epochs=10, replacement=False)["runs"]["mini"]
    assert made["late"]["median"] < 0.75 * made["theory"]


def test_a_rate_that_one_row_does_not_bear_is_known_before() -> None:
    """Above its limit one row has no floor and no ball, while the mini-batch keeps both."""
    made = part(rate=0.6)
    assert made["limits"]["one"] < 0.6 < made["limits"]["mini"]
    assert made["runs"]["one"]["floor"] is None
    assert made["runs"]["one"]["ball"] is None
    assert made["runs"]["mini"]["floor"] is not None


@pytest.mark.parametrize(
    "asked",
    [
        {"rate": 5.0, "epochs": 30},
        {"batch": 1, "walks": 1},
        {"batch": 442, "epochs": 1},
        {"disagreement": 0.0, "epochs": 30, "rate": 0.3},
        {"columns": "s1-s2", "replacement": False},
    ],
)
def test_corners_are_drawn(asked: dict[str, Any]) -> None:
    """Runaway walks, one walk, sizes that coincide, rows that agree: four figures with finite numbers."""
    made = part(**asked)
    figures = batches_figures(made)
    assert [figure.id for figure in figures] == ["batches-map", "batches-rows", "batches-steps", "batches-sizes"]
    for figure in figures:
        assert figure.alt
        assert all(np.isfinite(value) for row in figure.table.rows for value in row if isinstance(value, float))
