"""The figure of a finder shows the sweep, its band and every suggestion."""

from __future__ import annotations

import numpy as np

from fallline.engine.optim import OPTIMIZERS
from fallline.engine.surfaces import SURFACES
from fallline.engine.train.finder.finding import SweepTrace
from fallline.engine.train.finder.on_surface import find_rate_on
from fallline.engine.train.finder.verdict import concluded
from fallline.figures.figure import Band, Line, Rule
from fallline.figures.finder import finder_figures
from fallline.figures.svg import svg


def test_every_suggestion_is_marked_where_it_is() -> None:
    """Five rules and the recommendation stand at their rates, over the band of the sweeps, whose n is stated."""
    finding = find_rate_on(SURFACES["ravine"], OPTIMIZERS["gd"](), noise=0.5, seeds=3)
    figure, limit = finder_figures(finding.to_dict())
    marked = {mark.label: mark.at for mark in figure.marks if isinstance(mark, Rule)}
    assert marked == {each.rule: each.rate for each in finding.suggestions} | {"recommended": finding.rate}
    (band,) = (mark for mark in figure.marks if isinstance(mark, Band))
    assert "n = 3" in band.label
    (line,) = (mark for mark in figure.marks if isinstance(mark, Line))
    assert all(low <= middle <= high for low, middle, high in zip(band.low, line.y, band.high, strict=True))
    assert finding.ending.sentence in figure.alt
    assert "from 0.04 to 0.04" in limit.alt
    assert "<svg" in svg(figure)


def test_a_finding_without_suggestion_is_drawn_too() -> None:
    """A sweep too short for any rule has its line and no marks."""
    rates = (0.1, 0.2, 0.3)
    short = SweepTrace(rates, rates, rates, (), blew_up=True)
    finding = concluded(np.geomspace(0.1, 1, 20).tolist(), [short], looked=False, known=True)
    (figure,) = finder_figures(finding.to_dict())
    assert not [mark for mark in figure.marks if isinstance(mark, Rule)]
