"""Figures of the views on a kept Record: the same pictures as the Record's own stages, with what the knobs changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fallline.figures.compress import compress_figures
from fallline.figures.decide import profit_figure
from fallline.figures.explain import row_figure
from fallline.figures.figure import Axis, Bars, DataTable, Figure, Line, Points, Rule
from fallline.figures.tradeoff import front_figure
from fallline.figures.tune import tune_figures
from fallline.figures.wording import number


def _study(part: dict[str, Any]) -> tuple[Figure, ...]:
    return tune_figures(part)


def _front(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (front_figure(part, part["across"], part["up"], "front"),)


def _variants(part: dict[str, Any]) -> tuple[Figure, ...]:
    return compress_figures(part)


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
        x=Axis("rows"),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=told + ".",
        table=DataTable(("outcome", "rows"), tuple(zip(names, counts, strict=True))),
        aspect=2.2,
    )


def _explanation(part: dict[str, Any]) -> tuple[Figure, ...]:
    return (row_figure(part, 0, part["top"]),)


def _comparison(part: dict[str, Any]) -> tuple[Figure, ...]:
    roles = ("accent", "link")
    lines = tuple(
        Line(tuple(float(n + 1) for n in range(len(history))), tuple(history), role, name, step=True)
        for history, role, name in zip(part["histories"], roles, part["names"], strict=True)
    )
    rows = tuple(
        (name, n + 1, v) for name, h in zip(part["names"], part["histories"], strict=True) for n, v in enumerate(h)
    )
    told = "; ".join(
        f"{n} reaches {number(h[-1], 4)}" for n, h in zip(part["names"], part["histories"], strict=True) if h
    )
    return (
        Figure(
            id="comparison-history",
            title="Best log loss so far, both searches",
            x=Axis("trials that gave a value"),
            y=Axis("mean log loss over the folds"),
            marks=lines,
            alt=f"Best so far by trial. {told}.",
            table=DataTable(("Record", "trial", "best so far"), rows),
            caption=part["sentence"],
        ),
    )


def _prediction(part: dict[str, Any]) -> tuple[Figure, ...]:
    names = ("before", "after")
    values = (part["before"], part["after"])
    marks = (
        Points(values, (0.0, 1.0), "accent", size=8, names=tuple(number(value) for value in values)),
        Rule(part["threshold"], "x", "muted", f"threshold {number(part['threshold'], 2)}"),
    )
    return (
        Figure(
            id="prediction",
            title="What the served model says",
            x=Axis("probability", low=0.0, high=1.0),
            y=Axis("", scale="category", categories=names),
            marks=marks,
            alt=part["sentence"],
            table=DataTable(("row", "probability"), tuple(zip(names, values, strict=True))),
            caption=part["sentence"],
            aspect=3.4,
        ),
    )


VIEW_FIGURES: dict[str, Callable[[dict[str, Any]], tuple[Figure, ...]]] = {
    "study": _study,
    "front": _front,
    "variants": _variants,
    "profit": _profit,
    "explanation": _explanation,
    "comparison": _comparison,
    "prediction": _prediction,
}
"""Kind of view → its figures."""
