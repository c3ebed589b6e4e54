"""Figure of a learning-rate finder: the loss over the rate with its band over seeds, and what the rules suggest."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Rule
from fallline.figures.wording import number

ROLES = {"valley": "link", "slide": "warning", "minimum": "good", "steep": "bad", "curvature": "second-order"}
"""Rule → whose colour and dash it takes."""


def finder_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the sweep with its suggestions.

    Args:
        part: `RateFinding.to_dict`.
    """
    loss, seeds = part["loss"], part["seeds"]
    rates = tuple(part["rates"][: len(loss)])
    median = tuple(each["median"] for each in loss)
    low, high = tuple(each["low"] for each in loss), tuple(each["high"] for each in loss)
    spread = (Band(rates, low, high, "accent", f"quartiles, n = {seeds}"),) if seeds > 1 and loss else ()
    said = [each for each in part["suggestions"] if each["rate"] is not None]
    rules = tuple(Rule(each["rate"], "x", ROLES[each["rule"]], each["rule"]) for each in said)
    middle = () if part["rate"] is None else (Rule(part["rate"], "x", "ink", "recommended"),)
    rows = tuple(zip(rates, median, low, high, strict=True))
    told = ", ".join(f"{each['rule']} {number(each['rate'])}" for each in said)
    return (
        Figure(
            id="finder-loss",
            title="Loss as the learning rate rises",
            x=Axis("learning rate", scale="log", symbol="η"),
            y=Axis("smoothed loss"),
            marks=(*spread, Line(rates, median, "accent", "median"), *rules, *middle),
            alt=f"Smoothed loss by learning rate, median of n = {seeds}. {told}. {part['ending']['sentence']}",
            table=DataTable(("learning rate", "median loss", "lower quartile", "upper quartile"), rows),
        ),
    )
