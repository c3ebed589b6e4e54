"""Figures of stage frame: what a decision is worth with no model at all."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Figure
from fallline.figures.wording import money, share


def frame_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the baselines that any model must beat."""
    names = list(part["baselines"])
    values = [part["baselines"][name]["profit_per_1000"] for name in names]
    currency = part["currency"]
    told = "; ".join(f"{name}: {money(value, currency)}" for name, value in zip(names, values, strict=True))
    return (
        Figure(
            id="frame-baselines",
            title="What any model must beat",
            x=Axis(f"profit per 1,000 customers, {currency}"),
            y=Axis("", scale="category", categories=tuple(names)),
            marks=(Bars(tuple(float(i) for i in range(len(names))), tuple(values), "baseline", horizontal=True),),
            alt=f"Profit per 1,000 rows without a model, where {share(part['base_rate'])} are positive. {told}.",
            table=DataTable(("baseline", f"profit per 1,000 ({currency})"), tuple(zip(names, values, strict=True))),
            aspect=2.6,
        ),
    )
