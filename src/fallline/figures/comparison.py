"""Figures of the view ``comparison``: two searches, and what their models are worth on new rows."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Points
from fallline.figures.wording import number

ROLES = ("accent", "link")


def comparison_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns both searches by trial, and the test log loss and profit of both with their intervals."""
    return (
        _histories(part),
        _intervals(part, "comparison-loss", "Test log loss of the pick", part["losses"], "log loss, lower is better"),
        _intervals(
            part, "comparison-profit", "Profit of the pick, test rows", part["profits"], "profit per 1,000 rows"
        ),
    )


def _histories(part: dict[str, Any]) -> Figure:
    lines = tuple(
        Line(tuple(float(n + 1) for n in range(len(history))), tuple(history), role, name, step=True)
        for history, role, name in zip(part["histories"], ROLES, part["names"], strict=True)
    )
    rows = tuple(
        (name, n + 1, value)
        for name, history in zip(part["names"], part["histories"], strict=True)
        for n, value in enumerate(history)
    )
    told = "; ".join(
        f"{name} reaches {number(history[-1], 4)}"
        for name, history in zip(part["names"], part["histories"], strict=True)
        if history
    )
    ends = [history[-1] for history in part["histories"] if history]
    late = [history[min(2, len(history) - 1)] for history in part["histories"] if history]
    room = max(late, default=1.0) - min(ends, default=0.0) or 0.01
    return Figure(
        id="comparison-history",
        title="Best log loss so far, both searches",
        x=Axis("trials"),
        y=Axis(
            "mean log loss over the folds",
            low=min(ends, default=0.0) - 0.1 * room,
            high=max(late, default=1.0) + 0.15 * room,
        ),
        marks=lines,
        alt=f"Best so far by trial. {told}.",
        table=DataTable(("Record", "trial", "best so far"), rows),
    )


def _intervals(part: dict[str, Any], name: str, title: str, found: list[Any], label: str) -> Figure:
    known = [
        (place, names, item, role)
        for place, (names, item, role) in enumerate(zip(part["names"], found, ROLES, strict=True))
        if item is not None
    ]
    spans = tuple(
        Line((item["low"], item["high"]), (float(place), float(place)), role) for place, _, item, role in known
    )
    dots = tuple(
        Points(
            (item["estimate"],),
            (float(place),),
            role,
            names=(f"{names}: {number(item['estimate'], 4)} [{number(item['low'], 4)}, {number(item['high'], 4)}]",),
            size=6,
        )
        for place, names, item, role in known
    )
    rows = tuple((names, item["estimate"], item["low"], item["high"]) for _, names, item, _ in known)
    told = "; ".join(
        f"{names} {number(item['estimate'], 4)}, from {number(item['low'], 4)} to {number(item['high'], 4)}"
        for _, names, item, _ in known
    )
    return Figure(
        id=name,
        title=title,
        x=Axis(f"{label} (95 % interval)"),
        y=Axis("", scale="category", categories=tuple(part["names"])),
        marks=(*spans, *dots),
        alt=f"{title}: {told}." if told else f"{title}: neither Record has it.",
        table=DataTable(("Record", "estimate", "low", "high"), rows),
        aspect=2.8,
    )
