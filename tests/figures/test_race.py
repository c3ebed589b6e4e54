"""Figures of a race: what they show is what the part says, in any renderer."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.figure import Band, Figure, Line, Points, Rule
from fallline.figures.plotly import plotly_figure
from fallline.figures.race import formulas_figures, profile_figure, race_figures, workload_figures
from fallline.figures.svg import svg
from fallline.runs.race.advice import advise
from fallline.runs.race.good_rates import good_rates
from tests.runs.race.conftest import TREE, run_race


@pytest.fixture(scope="module")
def part() -> dict[str, Any]:
    """A race in which one run broke off at a rate and the other lane draws another curve."""
    return run_race({**TREE, "seeds": 5, "per_decade": 1, "rates": 5, "lanes": ["torch", "fallline-torch"]}).part


def every(part: dict[str, Any]) -> list[Figure]:
    """All figures of a race."""
    found = [*race_figures(part)]
    for workload, raced in part["workloads"].items():
        found += formulas_figures(part, workload)
        for lane in raced["entries"]:
            found += workload_figures(part, workload, lane)
    return found


def test_every_figure_is_drawn_by_every_renderer(part: dict[str, Any]) -> None:
    """Each has words for who cannot see it, numbers behind it, and comes out as SVG and in Plotly."""
    for figure in every(part):
        assert svg(figure, width=360.0).startswith("<svg")
        assert plotly_figure(figure).data
        assert figure.alt
        assert figure.table.rows
        assert all(len(row) == len(figure.table.columns) for row in figure.table.rows)


def test_a_profile_is_a_staircase_from_one_to_four(part: dict[str, Any]) -> None:
    """The steps and shares of the part, the best first, drawn to the right edge."""
    figure = profile_figure(part, "torch")
    lines = [mark for mark in figure.marks if isinstance(mark, Line)]
    assert all(line.step and line.x[0] == 1.0 and line.x[-1] == 4.0 for line in lines)
    scores = [part["profiles"]["torch"][name]["score"] for name in part["profiles"]["torch"]]
    assert len(lines) == len(scores)
    first = next(name for name, title in part["optimizers"].items() if title == lines[0].label)
    assert part["profiles"]["torch"][first]["score"] == max(scores)


def test_curves_show_all_medians_and_the_bands_of_the_two_lowest(part: dict[str, Any]) -> None:
    """Every median is a line, the target a rule, and two bands lie around the lines that get lowest."""
    figure = workload_figures(part, "mine", "torch")[0]
    entries = part["workloads"]["mine"]["entries"]["torch"]
    lines = {mark.label: mark for mark in figure.marks if isinstance(mark, Line)}
    assert set(lines) == {part["optimizers"][name] for name in entries}
    for name, entry in entries.items():
        assert list(lines[part["optimizers"][name]].y) == entry["band"]["median"]
    bands = [mark.role for mark in figure.marks if isinstance(mark, Band)]
    lowest = sorted(entries, key=lambda name: entries[name]["best_quartiles"]["median"])[:2]
    assert bands == [lines[part["optimizers"][name]].role for name in lowest]
    assert any(isinstance(mark, Rule) for mark in figure.marks)


def test_a_ring_stands_at_the_chosen_rate(part: dict[str, Any]) -> None:
    """Each optimizer's rate that tuning chose, at its mean loss."""
    figure = workload_figures(part, "mine", "torch")[3]
    rings = {mark.label: mark.x[0] for mark in figure.marks if isinstance(mark, Points)}
    for name, entry in part["workloads"]["mine"]["entries"]["torch"].items():
        assert rings[part["optimizers"][name]] == entry["rate"]


def test_who_never_gets_there_is_shown_beyond_the_end(part: dict[str, Any]) -> None:
    """A target that nobody reaches leaves a hollow mark for each, past the last step."""
    changed = run_race(
        {**TREE, "seeds": 2, "lanes": ["torch"], "workloads": {"quadratic": {"steps": 9, "target": -1.0}}}
    )
    figure = workload_figures(changed.part, "quadratic", "torch")[2]
    dots = [mark for mark in figure.marks if isinstance(mark, Points)]
    assert len(dots) == 4
    assert all(dot.hollow and dot.x[0] > 9 for dot in dots)
    assert "None reaches the target" in " ".join(changed.part["workloads"]["quadratic"]["advice"]["torch"])


def test_two_curves_of_one_name_are_two_lines(part: dict[str, Any]) -> None:
    """Where the lanes part, the picture has a line per curve, named by its tools; where not, there is no picture."""
    assert formulas_figures(part, "mine") == ()
    same = part["workloads"]["mine"]["same"]["gd"]
    curve = same["curves"]["torch"]
    apart = {
        "rate": same["rate"],
        "curves": {"torch": curve, "fallline-torch": [value * 1.5 for value in curve]},
        "groups": [["torch"], ["fallline-torch"]],
        "apart": [0.0, 0.5],
    }
    mine = {**part["workloads"]["mine"], "same": {"gd": apart}}
    changed = {**part, "workloads": {"mine": mine}}
    advise(changed)
    (figure,) = formulas_figures(changed, "mine")
    assert [mark.label for mark in figure.marks if isinstance(mark, Line)] == ["PyTorch", "Fall Line (torch)"]
    assert "50 % of the loss apart" in changed["workloads"]["mine"]["formulas"][0]


@pytest.mark.parametrize(
    ("losses", "decades"),
    [
        ([[1.0], [1.0], [1.0]], 2.0),
        ([[9.0], [1.0], [9.0]], 2 * 0.2 / 8.0),
        ([[None], [1.0], [1.1]], 1.0),
        ([[None], [None], [None]], 0.0),
        ([[1.0], [3.0], [1.1]], 0.1),
    ],
)
def test_the_range_of_good_rates_is_read_off_the_line(losses: list[list[float | None]], decades: float) -> None:
    """Straight between the rates that were tried, nothing beyond them, nothing towards one that broke off."""
    assert good_rates([0.1, 1.0, 10.0], losses)["decades"] == pytest.approx(decades, abs=1e-3)
