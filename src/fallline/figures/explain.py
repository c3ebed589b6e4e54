"""Figures of stage explain: what the pick looks at, over all rows and for one."""

from __future__ import annotations

import math
from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Figure, Mark, Points
from fallline.figures.wording import number

SHOWN = 12


def explain_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns permutation importance, the spread of SHAP values, and the first explained row."""
    figures = [_permutation(part)]
    if part["shap"]:
        figures += [_swarm(part), row_figure(part, 0, 8)]
    return tuple(figures)


def _permutation(part: dict[str, Any]) -> Figure:
    rows = sorted(part["permutation"], key=lambda row: row["rise"])[-SHOWN:]
    names = tuple(row["column"] for row in rows)
    values = tuple(row["rise"] for row in rows)
    bars = Bars(
        tuple(float(i) for i in range(len(rows))),
        values,
        "link",
        horizontal=True,
        low=tuple(row["rise"] - row["error"] for row in rows),
        high=tuple(row["rise"] + row["error"] for row in rows),
    )
    table = tuple((row["column"], row["rise"], row["error"]) for row in reversed(rows))
    return Figure(
        id="explain-permutation",
        title="What is lost when a column is shuffled",
        x=Axis("rise of the test log loss (± standard error)"),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=part["sentence"],
        table=DataTable(("column", "rise", "standard error"), table),
        caption=part["sentence"],
        aspect=1.3,
    )


def _swarm(part: dict[str, Any]) -> Figure:
    shap = part["shap"]
    order = sorted(range(len(shap["columns"])), key=lambda c: sum(abs(row[c]) for row in shap["values"]))[-SHOWN:]
    marks: list[Mark] = []
    for place, column in enumerate(order):
        values = tuple(row[column] for row in shap["values"])
        jitter = tuple(place + 0.28 * math.sin(2.4 * index) for index in range(len(values)))
        marks.append(Points(values, jitter, "link", size=2, hollow=True))
    names = tuple(shap["columns"][column] for column in order)
    mean = {shap["columns"][c]: sum(abs(row[c]) for row in shap["values"]) / len(shap["values"]) for c in order}
    return Figure(
        id="explain-swarm",
        title=f"How far each column moves a prediction, {len(shap['values'])} test rows",
        x=Axis("SHAP value, log-odds"),
        y=Axis("", scale="category", categories=names),
        marks=tuple(marks),
        alt=f"SHAP values per column; {names[-1]} moves predictions most, "
        f"{number(mean[names[-1]], 2)} log-odds on average.",
        table=DataTable(("column", "mean |SHAP|"), tuple((name, mean[name]) for name in reversed(names))),
        aspect=1.3,
    )


def row_figure(part: dict[str, Any], row: int, top: int) -> Figure:
    """Draws one row's prediction as a waterfall from the average to its log-odds; the rest is one bar."""
    shap = part["shap"]
    values, asked = shap["values"][row], shap["rows"][row]
    order = sorted(range(len(values)), key=lambda column: -abs(values[column]))
    named, rest = order[:top], order[top:]
    steps = [(f"{shap['columns'][c]} = {asked[shap['columns'][c]]}", values[c]) for c in named]
    if rest:
        steps.append((f"{len(rest)} others", sum(values[c] for c in rest)))
    level, starts, ends = shap["base"], [], []
    for _, value in steps:
        starts.append(level)
        level += value
        ends.append(level)
    names = tuple(name for name, _ in reversed(steps))
    bars = Bars(
        tuple(float(i) for i in range(len(steps))),
        tuple(reversed(ends)),
        "link",
        horizontal=True,
        starts=tuple(reversed(starts)),
        roles=tuple("accent" if value > 0 else "link" for _, value in reversed(steps)),
    )
    chance = shap["probabilities"][row]
    average = number(1 / (1 + math.exp(-shap["base"])), 2)
    told = f"From {average} on average to {number(chance, 2)} for this row; most by {steps[0][0]}."
    return Figure(
        id="explain-row",
        title=f"Test row {row}: from the average to this prediction",
        x=Axis("log-odds"),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=told,
        table=DataTable(("column", "SHAP value"), tuple(steps)),
        caption=told,
        aspect=1.3,
    )
