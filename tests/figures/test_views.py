"""Figures of the views on a Record that comes with the course."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.figure import Bars, Figure, Line, Points, Rule
from fallline.figures.svg import svg
from fallline.figures.views import VIEW_FIGURES
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec
from fallline.runs.views import VIEWS


def drawn(kind: str, **asked: Any) -> tuple[dict[str, Any], dict[str, Figure]]:
    """A view's part and its figures by id."""
    part = answer(load_spec({"kind": kind, **asked})).part(kind)
    return part, {figure.id: figure for figure in VIEW_FIGURES[kind](part)}


def test_every_view_has_figures() -> None:
    """No view is without a picture, and no picture without a view."""
    assert set(VIEW_FIGURES) == set(VIEWS)


@pytest.mark.parametrize("kind", sorted(VIEW_FIGURES))
def test_every_figure_of_a_view_can_be_drawn_and_read(kind: str) -> None:
    """An SVG, a table of even rows, and words for who cannot see it."""
    _, figures = drawn(kind)
    for figure in figures.values():
        assert svg(figure, width=420.0).startswith("<svg")
        assert {len(row) for row in figure.table.rows} == {len(figure.table.columns)}
        assert figure.alt


def test_the_axes_of_a_search_stand_still_while_it_grows() -> None:
    """However many trials are shown, the same ends."""
    ends = set()
    for trials in (1, 20, 64):
        _, figures = drawn("study", trials=trials)
        history = figures["study-history"]
        ends.add((history.x.low, history.x.high, history.y.low, history.y.high))
    assert len(ends) == 1


def test_the_choice_is_ringed_and_the_best_so_far_never_rises() -> None:
    """The ring stands on the trial that the part names; the staircase goes down."""
    part, figures = drawn("study", trials=40, folds=2)
    for figure in (figures["study-history"], figures["study-agreement"]):
        ring = figure.marks[-1]
        assert isinstance(ring, Points)
        assert ring.hollow
    assert figures["study-history"].marks[-1].x == (float(part["best_trial"]),)  # type: ignore[union-attr]
    line = next(mark for mark in figures["study-history"].marks if isinstance(mark, Line))
    heights = [value for value in line.y if value is not None]
    assert heights == sorted(heights, reverse=True)


def test_a_search_in_which_nothing_has_ended_is_still_a_picture() -> None:
    """One trial of a family that was not tried yet."""
    _, figures = drawn("study", trials=1, family="mlp")
    assert svg(figures["study-history"], width=420.0).startswith("<svg")


def test_a_random_search_has_no_line_where_guidance_starts() -> None:
    """Nothing guides it."""
    _, guided = drawn("study")
    _, random = drawn("study", record="shipped:churn-random")
    assert any(isinstance(mark, Rule) for mark in guided["study-history"].marks)
    assert not any(isinstance(mark, Rule) for mark in random["study-history"].marks)


def test_the_threshold_can_be_dragged_and_the_rows_are_counted() -> None:
    """The handle sets the knob of that name; the bars add up to the test rows."""
    part, figures = drawn("profit", threshold=0.3)
    handles = [mark for mark in figures["decide-profit"].marks if isinstance(mark, Rule) and mark.handle]
    assert [(mark.handle, mark.at) for mark in handles] == [("threshold", 0.3)]
    bars = next(mark for mark in figures["profit-counts"].marks if isinstance(mark, Bars))
    assert sum(bars.values) == part["rows"]


def test_the_file_that_is_taken_stands_out() -> None:
    """One bar in the accent where a file keeps to the budget, none where none does."""
    for size, count in ((1e3, 1), (1.0, 0)):
        _, figures = drawn("variants", record="shipped:churn-net", size_kb=size)
        bars = next(mark for mark in figures["variants-sizes"].marks if isinstance(mark, Bars))
        assert bars.roles.count("accent") == count


def test_a_column_of_numbers_is_a_line_to_drag_and_one_of_words_is_bars() -> None:
    """The handle is named as the column, so that the lab's knob of that name moves."""
    part, figures = drawn("prediction", row=16, across="tenure")
    handle = next(mark for mark in figures["prediction-along"].marks if isinstance(mark, Rule) and mark.handle)
    assert (handle.handle, handle.at) == ("tenure", part["along"]["here"])
    _, words = drawn("prediction", row=16, across="contract")
    bars = next(mark for mark in words["prediction-along"].marks if isinstance(mark, Bars))
    assert bars.roles.count("accent") == 1


def test_a_missing_number_is_nowhere_on_its_line() -> None:
    """Nothing to drag, and still a picture."""
    _, figures = drawn("prediction", row=16, across="total_charges", changes={"total_charges": ""})
    assert not any(getattr(mark, "handle", "") for mark in figures["prediction-along"].marks)
    assert svg(figures["prediction-along"], width=420.0).startswith("<svg")


def test_two_records_are_told_apart_by_colour_and_name() -> None:
    """Histories of both, ending at what each reached."""
    part, figures = drawn("comparison")
    lines = [mark for mark in figures["comparison-history"].marks if isinstance(mark, Line)]
    assert [line.label for line in lines] == part["names"]
    assert [line.y[-1] for line in lines] == part["bests"]
