"""Figures of the views on a kept Record: the pictures of its stages, with what the knobs changed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fallline.figures.comparison import comparison_figures
from fallline.figures.compress import compress_figures
from fallline.figures.decide import profit_figure
from fallline.figures.explain import row_figure
from fallline.figures.figure import Axis, Band, Bars, DataTable, Figure, Points, Rule
from fallline.figures.front import front_figures
from fallline.figures.prediction import prediction_figures
from fallline.figures.study import study_figures
from fallline.figures.wording import number


def _variants(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (_losses(part), _sizes(part), _times(part))


def _losses(part: dict[str, Any]) -> Figure:
    """Size against loss, on an axis that shows how sure a log loss is: without it a trifle fills the picture."""
    figure = compress_figures(part)[0]
    sizes = [variant["size"] / 1000 for variant in part["variants"]]
    losses = [variant["log_loss"] for variant in part["variants"]]
    room = 0.06 * (max(sizes) - min(sizes) or 1.0)
    ends = (min(sizes) - room, max(sizes) + room)
    full, error = losses[0], part["error"]
    band = Band(ends, (full - error,) * 2, (full + error,) * 2, "muted", "± 1 standard error")
    low, high = min([full - 2 * error, *losses]), max([full + 2 * error, *losses])
    return replace(
        figure,
        id="variants-loss",
        x=replace(figure.x, low=ends[0], high=ends[1]),
        y=replace(figure.y, low=low, high=high + 0.05 * (high - low)),
        marks=(band, *figure.marks),
        caption="",
    )


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
    names = ("acted on, rightly", "acted on, in vain", "left alone, missed", "left alone, rightly")
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
    row = row_figure(part, 0, part["top"])
    return (replace(row, title=f"Customer {part['row']}: from the average to this prediction"), _among(part))


def _among(part: dict[str, Any]) -> Figure:
    """Where this customer stands among all that were explained."""
    every = part["every"]
    names = ("no", "yes")
    sets = tuple(
        Points(
            tuple(chance for chance, _ in mine),
            tuple(label + 0.24 * math.sin(2.4 * place) for place in range(len(mine))),
            ("link", "accent")[label],
            names=tuple(f"customer {row}: {chance:.2f}" for chance, row in mine),
            size=2.5,
            hollow=True,
        )
        for label in (0, 1)
        if (mine := [(p, n) for n, p in enumerate(every["probabilities"]) if every["labels"][n] == label])
    )
    here = Points((part["probability"],), (float(part["label"]),), "ink", f"customer {part['row']}", size=7)
    rows = tuple((n, p, names[y]) for n, (p, y) in enumerate(zip(every["probabilities"], every["labels"], strict=True)))
    return Figure(
        id="explanation-all",
        title="Where this customer stands among all that were explained",
        x=Axis("probability", low=0.0, high=1.0),
        y=Axis(f"{part['target']} = {part['positive']}", scale="category", categories=names),
        marks=(Rule(part["threshold"], "x", "muted", f"threshold {number(part['threshold'], 2)}"), *sets, here),
        alt=f"Probabilities of {part['rows']} customers by what happened. This one has {part['probability']:.2f}.",
        table=DataTable(("customer", "probability", f"{part['target']} = {part['positive']}"), rows),
        aspect=2.2,
    )


VIEW_FIGURES: dict[str, Callable[[dict[str, Any]], tuple[Figure, ...]]] = {
    "study": study_figures,
    "front": front_figures,
    "variants": _variants,
    "profit": _profit,
    "explanation": _explanation,
    "comparison": comparison_figures,
    "prediction": prediction_figures,
}
"""Kind of view → its figures."""
