"""Colours as Plotly takes them."""

from __future__ import annotations

from typing import Any, Literal

from fallline.figures.svg import COLOURS

Theme = Literal["light", "dark"]
Trace = dict[str, Any]


def colour(name: str, theme: Theme) -> str:
    """The colour of a role on a paper."""
    return COLOURS.get(name, COLOURS["ink"])[theme == "dark"]


def clear(name: str, theme: Theme, alpha: float) -> str:
    """The same, let through."""
    red, green, blue = (int(colour(name, theme)[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"
