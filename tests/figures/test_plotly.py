"""The third renderer: every figure becomes a valid Plotly figure with the same data, colours and ranges."""

from __future__ import annotations

import json
import math

import pytest

from fallline.figures.extent import extent
from fallline.figures.plotly import plotly_figure
from fallline.figures.roles import ROLES
from tests.figures.descents import descent_map, losses
from tests.figures.gallery import GALLERY, waterfall
from tests.figures.hostile import HOSTILE


@pytest.mark.parametrize("name", [*GALLERY, *HOSTILE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_figure_becomes_plotly(name: str, theme: str) -> None:
    """Plotly's own validation accepts every figure, and it travels as JSON."""
    made = plotly_figure({**GALLERY, **HOSTILE}[name](), theme=theme)
    assert json.loads(made.to_json())["layout"]["meta"]["alt"] is not None


def test_lines_keep_their_numbers_and_looks() -> None:
    """The trace of a line holds the same values, and the colour and dash of its role."""
    figure = losses()
    made = plotly_figure(figure)
    trace = next(trace for trace in made.data if trace.name == "Momentum")
    line = next(mark for mark in figure.marks if getattr(mark, "label", "") == "Momentum")
    assert tuple(trace.x) == line.x
    assert tuple(trace.y) == line.y
    assert trace.line.color == ROLES["momentum"].light
    assert trace.line.dash == "8px,3px"


def test_ranges_are_those_of_the_page() -> None:
    """Both axes show what the other renderers show; a log axis in powers of ten."""
    figure = losses()
    made = plotly_figure(figure)
    assert made.layout.yaxis.type == "log"
    assert [10**end for end in made.layout.yaxis.range] == pytest.approx(extent(figure, "y"))
    assert tuple(made.layout.xaxis.range) == extent(figure, "x")


def test_a_map_keeps_its_values_for_reading() -> None:
    """Colour goes by shares from 0 to 1, the pointer reads true values, contours lie on top."""
    made = plotly_figure(descent_map())
    heat = next(trace for trace in made.data if trace.type == "heatmap")
    shares = [share for row in heat.z for share in row]
    assert min(shares) == 0
    assert math.isclose(max(shares), 1)
    assert max(max(row) for row in heat.customdata) > 1000


def test_areas_keep_their_classes() -> None:
    """Each cell has the number of its class and its name under the pointer; a cell of no class has neither."""
    made = plotly_figure(GALLERY["areas"]())
    heat = [trace for trace in made.data if trace.type == "heatmap"][-1]
    assert heat.z[0][0] == 1
    assert heat.customdata[0][0] == "ends right"
    assert heat.z[-1][-1] is None
    assert heat.zsmooth is None


def test_a_waterfall_floats() -> None:
    """Bars start at their own place and end at their value."""
    made = plotly_figure(waterfall())
    bars = made.data[0]
    ends = [base + length for base, length in zip(bars.base, bars.x, strict=True)]
    assert ends == pytest.approx(waterfall().marks[0].values)
