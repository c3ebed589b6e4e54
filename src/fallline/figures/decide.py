"""Figures of stage decide: the profit curve with its threshold, and what it means for each group."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, Bars, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import money, number, share


def decide_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the profit curve and, where a sensitive column is named, the rates by group."""
    return (profit_figure(part), *((_groups(part),) if part["fairness"] else ()))


def profit_figure(part: dict[str, Any], handle: str = "") -> Figure:
    """Draws profit by threshold on the test rows; the threshold can be dragged where `handle` names a knob."""
    curve, currency = part["curve"], part["currency"]
    x, y = tuple(curve["threshold"]), tuple(curve["profit_per_1000"])
    marks: list[Mark] = []
    if curve.get("low"):
        marks.append(Band(x, tuple(curve["low"]), tuple(curve["high"]), "link", "one standard error"))
    marks += [
        Line(x, y, "link", "profit"),
        Rule(part["elkan"], "x", "muted", f"from the pay-offs {number(part['elkan'], 2)}"),
        Rule(part["threshold"], "x", "accent", f"threshold {number(part['threshold'], 2)}", handle=handle),
        Points((part["threshold"],), (part["profit_per_1000"],), "accent", size=6),
    ]
    rows = tuple(zip(x, y, strict=True))
    return Figure(
        id="decide-profit",
        title="Profit by threshold, test rows",
        x=Axis("act at and above this probability", low=0, high=1),
        y=Axis(f"profit per 1,000 customers, {currency}"),
        marks=tuple(marks),
        alt=f"At {number(part['threshold'], 2)} the profit is {money(part['profit_per_1000'], currency)} per 1,000. "
        f"{part['sentence']}",
        table=DataTable(("threshold", f"profit per 1,000 ({currency})"), rows),
        caption=part["sentence"],
    )


def _groups(part: dict[str, Any]) -> Figure:
    fairness = part["fairness"]
    groups = fairness["groups"]
    names = tuple(f"{group['name']} (n = {group['count']:,})" for group in groups)
    at = tuple(float(index) for index in range(len(groups)))
    rows = tuple((g["name"], g["count"], g["base_rate"], g["selection_rate"], g["tpr"], g["fpr"]) for g in groups)
    told = "; ".join(f"{group['name']}: {share(group['selection_rate'])} acted on" for group in groups)
    return Figure(
        id="decide-groups",
        title=f"Who is acted on, by {fairness['column']}",
        x=Axis("share", low=0, high=1),
        y=Axis("", scale="category", categories=names),
        marks=(
            Bars(
                at, tuple(group["selection_rate"] for group in groups), "link", "acted on", horizontal=True, width=0.5
            ),
            Points(tuple(group["base_rate"] for group in groups), at, "accent", "truly positive", size=6),
        ),
        alt=f"Share acted on by {fairness['column']}. {told}.",
        table=DataTable(
            ("group", "rows", "base rate", "selection rate", "true positive rate", "false positive rate"), rows
        ),
        caption=fairness["sentence"],
        aspect=2.4,
    )
