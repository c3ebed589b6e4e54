"""The pictures of one stage, as a page shows them: drawn by the server, alive where there is a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from fallline.figures.figure import Figure
from fallline.figures.registry import stage_figures
from fallline.figures.svg import svg


@dataclass(frozen=True)
class Picture:
    """One figure on a page.

    Attributes:
        figure: what it shows.
        drawn: as SVG, for a page without a script and for print.
        json: for the page's own renderer.
    """

    figure: Figure
    drawn: Markup
    json: Markup


def pictures_of(stage: str, part: dict[str, Any]) -> list[Picture]:
    """Returns the pictures of a stage's part."""
    return [picture(figure) for figure in stage_figures(stage, part)]


def picture(figure: Figure) -> Picture:
    """Draws one figure for a page; its description travels as data that no browser runs."""
    plain = orjson.dumps(figure).decode().replace("<", "\\u003c")
    return Picture(figure, Markup(svg(figure, theme="page")), Markup(plain))  # noqa: S704 - both are escaped by their writers
