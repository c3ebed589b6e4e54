"""Figures of a signal through depth."""

from __future__ import annotations

from typing import Any

import pytest

from fallline.figures.figure import Figure, Line
from fallline.figures.signal import signal_figures
from fallline.figures.svg import svg
from fallline.runs.answer import answer
from fallline.runs.spec import load_spec


def drawn(**asked: Any) -> tuple[dict[str, Any], tuple[Figure, ...]]:
    """A net's part and its figures."""
    part = answer(load_spec({"kind": "signal", "width": 16, "samples": 16, "layers": 10, **asked})).part("signal")
    return part, signal_figures(part)


def test_two_lines_from_the_first_layer_to_the_last() -> None:
    """Forward, back and idle: both initialisations, layer by layer, under their titles."""
    part, figures = drawn(activation="relu", first="xavier", second="he")
    assert [figure.id for figure in figures] == ["signal-forward", "signal-backward", "signal-idle"]
    for figure in figures:
        lines = [mark for mark in figure.marks if isinstance(mark, Line)]
        assert [line.label for line in lines] == ["Xavier", "He"]
        assert all(line.x == tuple(map(float, range(1, 11))) for line in lines)
        assert len(figure.table.rows) == 20
    forward = next(mark for mark in figures[0].marks if isinstance(mark, Line))
    assert forward.y == tuple(part["first"]["activation_std"])


@pytest.mark.parametrize("first", ["zero", "large-normal", "small-normal"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_zeros_and_extremes_can_be_drawn(first: str, activation: str) -> None:
    """A log axis has no zero: it is left out of the line, told in words, and kept in the table."""
    part, figures = drawn(activation=activation, first=first, second=first, layers=60)
    for figure in figures:
        assert svg(figure, width=420.0).startswith("<svg")
    if part["first"]["gradient_norm"][0] == 0.0:
        assert "Zeros are not drawn" in figures[1].alt
        assert figures[1].table.rows[0][2] == 0.0
