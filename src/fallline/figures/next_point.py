"""Figures of a Gaussian process that chooses its next point."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Points, Rule
from fallline.figures.wording import number

WORTH = {
    "ei": "expected improvement",
    "pi": "probability of improvement",
    "lcb": "−(mean − κ · standard deviation)",
}
"""Acquisition function → what its axis says."""


def next_point_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns what the process believes, what the acquisition function makes of it, and how far the search has come."""
    return (_belief(part), _acquisition(part), _progress(part))


def _belief(part: dict[str, Any]) -> Figure:
    x = tuple(part["grid"])
    low = tuple(mean - 2 * sd for mean, sd in zip(part["mean"], part["sd"], strict=True))
    high = tuple(mean + 2 * sd for mean, sd in zip(part["mean"], part["sd"], strict=True))
    tried = Points(
        tuple(part["x"]),
        tuple(part["y"]),
        "ink",
        names=tuple(
            f"evaluation {n + 1}: {number(y)} at x = {number(at)}"
            for n, (at, y) in enumerate(zip(part["x"], part["y"], strict=True))
        ),
        size=5,
    )
    ahead = Points(
        (part["next"],),
        (part["next_mean"],),
        "accent",
        names=(f"next: {number(part['next_mean'])} ± {number(2 * part['next_sd'])} expected",),
        size=6,
        hollow=True,
        y_error=(2 * part["next_sd"],),
    )
    rows = tuple(zip(x, part["mean"], part["sd"], part["truth"], strict=True))
    return Figure(
        id="next-point-belief",
        title="What the process believes after " + _count(part["evaluations"]),
        x=Axis("x", low=0.0, high=1.0),
        y=Axis("objective, lower is better"),
        marks=(
            Band(x, low, high, "link", "mean ± 2 standard deviations"),
            Line(x, tuple(part["truth"]), "muted", "the truth"),
            Line(x, tuple(part["mean"]), "link", "mean"),
            Rule(part["next"], "x", "accent", "next"),
            ahead,
            tried,
        ),
        alt=part["sentence"],
        table=DataTable(("x", "mean", "standard deviation", "truth"), rows),
    )


def _acquisition(part: dict[str, Any]) -> Figure:
    x, worth, name = tuple(part["grid"]), tuple(part["worth"]), WORTH[part["acquisition"]]
    return Figure(
        id="next-point-acquisition",
        title="What looking there is worth",
        x=Axis("x", low=0.0, high=1.0),
        y=Axis(name),
        marks=(
            Line(x, worth, "accent", fill=part["acquisition"] != "lcb"),
            Rule(part["next"], "x", "accent", "next"),
        ),
        alt=f"The {name} is highest at x = {number(part['next'])}, {number(max(worth))}.",
        table=DataTable(("x", name), tuple(zip(x, worth, strict=True))),
        aspect=2.2,
    )


def _progress(part: dict[str, Any]) -> Figure:
    """The best so far above the lowest point, by evaluation, beside searches at random."""
    ours, random = tuple(part["regrets"]), {end: tuple(values) for end, values in part["random"].items()}
    steps = tuple(float(n + 1) for n in range(len(ours)))
    return Figure(
        id="next-point-progress",
        title="How far the best so far is above the lowest",
        x=Axis("evaluations"),
        y=Axis("height above the lowest point", low=0.0),
        marks=(
            Band(steps, random["low"], random["high"], "random"),
            Line(steps, random["median"], "random", "at random"),
            Line(steps, ours, "accent", "this search", step=True),
        ),
        alt=f"After {_count(part['evaluations'])} this search is {number(ours[-1])} above the lowest point, half of "
        f"all random searches at most {number(random['median'][-1])}.",
        table=DataTable(
            ("evaluations", "this search", "random, lower quartile", "random, median", "random, upper quartile"),
            tuple(zip(steps, ours, random["low"], random["median"], random["high"], strict=True)),
        ),
        aspect=1.8,
    )


def _count(evaluations: int) -> str:
    return f"{evaluations} evaluations"
