"""Figures of the views on a kept Record: the pictures of its stages, with what the knobs changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.figures.comparison import comparison_figures
from fallline.figures.compress import compress_figures
from fallline.figures.decide import profit_figure
from fallline.figures.explain import row_figure
from fallline.figures.figure import Axis, Bars, DataTable, Figure
from fallline.figures.prediction import prediction_figures
from fallline.figures.study import study_figures
from fallline.figures.tradeoff import front_figure
from fallline.figures.wording import number


def _front(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (front_figure(part, part["across"], part["up"], "front"),)


def _variants(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (*compress_figures(part), _sizes(part), _times(part))


def _sizes(part: dict[str, Any]) -> Figure:
    """The size of each file against the budget, as bars."""
    names = tuple(variant["name"] for variant in part["variants"])
    sizes = tuple(variant["size"] / 1000 for variant in part["variants"])
    roles = tuple("accent" if name == part["pick"] else "muted" for name in names)
    bars = Bars(tuple(map(float, range(len(names)))), sizes, "muted", roles=roles, horizontal=True)
    told = "; ".join(f"{name}: {size:.1f} kB" for name, size in zip(names, sizes, strict=True))
    return Figure(
        id="variants-sizes",
        title="What each file takes",
        x=Axis("file", "kB", low=0.0),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=told + ".",
        table=DataTable(("variant", "kB"), tuple(zip(names, sizes, strict=True))),
        aspect=2.2,
    )


def _times(part: dict[str, Any]) -> Figure:
    """What each file took for one row, measured when the Record was made."""
    names = tuple(name for name in (variant["name"] for variant in part["variants"]) if name in part["measured"])
    times = tuple(part["measured"][name]["p50_us"] for name in names)
    roles = tuple("accent" if name == part["pick"] else "muted" for name in names)
    bars = Bars(tuple(map(float, range(len(names)))), times, "muted", roles=roles, horizontal=True)
    told = "; ".join(f"{name}: {number(time)} µs" for name, time in zip(names, times, strict=True))
    return Figure(
        id="variants-times",
        title="What one row took, measured",
        x=Axis("median of one call", "µs", low=0.0),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=f"Measured on one machine when the Record was made. {told}.",
        table=DataTable(("variant", "median, µs"), tuple(zip(names, times, strict=True))),
        aspect=2.2,
    )


def _profit(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (profit_figure(part, handle="threshold"), _counts(part))


def _counts(part: dict[str, Any]) -> Figure:
    names = ("acted on, positive", "acted on, negative", "left alone, positive", "left alone, negative")
    counts = tuple(float(part["confusion"][key]) for key in ("tp", "fp", "fn", "tn"))
    told = "; ".join(f"{name}: {int(count):,}" for name, count in zip(names, counts, strict=True))
    bars = Bars(tuple(map(float, range(4))), counts, "link", roles=("good", "warning", "bad", "muted"), horizontal=True)
    return Figure(
        id="profit-counts",
        title="What the threshold does to the test rows",
        x=Axis("rows", low=0.0, high=float(sum(counts))),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=told + ".",
        table=DataTable(("outcome", "rows"), tuple(zip(names, counts, strict=True))),
        aspect=2.2,
    )


def _explanation(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (row_figure(part, 0, part["top"]),)


VIEW_FIGURES: dict[str, Callable[[dict[str, Any]], tuple[Figure, ...]]] = {
    "study": study_figures,
    "front": _front,
    "variants": _variants,
    "profit": _profit,
    "explanation": _explanation,
    "comparison": comparison_figures,
    "prediction": prediction_figures,
}
"""Kind of view → its figures."""
