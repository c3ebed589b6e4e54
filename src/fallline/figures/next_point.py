"""Figures of a Gaussian process that chooses its next point."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Points, Rule


def next_point_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns what the process believes, and what the acquisition function makes of it."""
    return (_belief(part), _acquisition(part))


def _belief(part: dict[str, Any]) -> Figure:
    x = tuple(part["grid"])
    low = tuple(mean - 2 * sd for mean, sd in zip(part["mean"], part["sd"], strict=True))
    high = tuple(mean + 2 * sd for mean, sd in zip(part["mean"], part["sd"], strict=True))
    tried = Points(
        tuple(part["x"]),
        tuple(part["y"]),
        "ink",
        "tried",
        tuple(f"evaluation {n + 1}" for n in range(len(part["x"]))),
        size=5,
    )
    rows = tuple(zip(x, part["mean"], part["sd"], part["truth"], strict=True))
    return Figure(
        id="next-point-belief",
        title="What the process believes",
        x=Axis("x", low=0.0, high=1.0),
        y=Axis("objective, lower is better"),
        marks=(
            Band(x, low, high, "link", "mean ± 2 standard deviations"),
            Line(x, tuple(part["truth"]), "muted", "the truth"),
            Line(x, tuple(part["mean"]), "link", "mean"),
            tried,
            Rule(part["next"], "x", "accent", "next"),
        ),
        alt=part["sentence"],
        table=DataTable(("x", "mean", "standard deviation", "truth"), rows),
        caption=part["sentence"],
    )


def _acquisition(part: dict[str, Any]) -> Figure:
    x = tuple(part["grid"])
    return Figure(
        id="next-point-acquisition",
        title="What looking there is worth",
        x=Axis("x", low=0.0, high=1.0),
        y=Axis(part["acquisition"]),
        marks=(Line(x, tuple(part["worth"]), "accent", fill=True), Rule(part["next"], "x", "accent", "next")),
        alt=f"The acquisition function is highest at x = {part['next']:.3f}.",
        table=DataTable(("x", part["acquisition"]), tuple(zip(x, part["worth"], strict=True))),
        aspect=2.6,
    )
