"""Figures of stage check: is it calibrated, is it better, does it hold on rows it has not seen."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Points, Rule
from fallline.figures.wording import number


def check_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns calibration, the differences from the logistic baseline, and the gap between the parts of the data."""
    return (_calibration(part), _differences(part), _gap(part))


def _calibration(part: dict[str, Any]) -> Figure:
    curve = part["calibration"]["curve"]
    x, y = tuple(curve["predicted"]), tuple(curve["observed"])
    rows = tuple(zip(curve["predicted"], curve["observed"], curve["low"], curve["high"], curve["count"], strict=True))
    return Figure(
        id="check-calibration",
        title="Calibration on the test rows",
        x=Axis("predicted probability", low=0, high=1),
        y=Axis("observed share", low=0, high=1),
        marks=(
            Line((0.0, 1.0), (0.0, 1.0), "muted", "perfect"),
            Band(x, tuple(curve["low"]), tuple(curve["high"]), "test", "95 % of each bin"),
            Line(x, y, "test"),
            Points(x, y, "test", "test", tuple(f"{int(n)} rows" for n in curve["count"])),
        ),
        alt=f"Calibration curve; expected calibration error {number(part['calibration']['ece'], 2)}.",
        table=DataTable(("predicted", "observed", "low", "high", "rows"), rows),
        caption=part["calibration"]["sentence"],
        aspect=1.1,
        equal=True,
    )


def _differences(part: dict[str, Any]) -> Figure:
    item = part["against_baseline"]["profit_per_1000"]
    level = f"{100 * part['level']:.0f} %"
    rows = (("profit per 1,000", item["estimate"], item["low"], item["high"]),)
    half = (item["high"] - item["low"]) / 2
    centre = (item["high"] + item["low"]) / 2
    return Figure(
        id="check-profit",
        title="Profit against the logistic baseline, test rows",
        x=Axis(f"difference per 1,000 customers, {part['currency']}"),
        y=Axis("", scale="category", categories=("pick − baseline",)),
        marks=(
            Rule(0.0, "x", "muted", "no difference"),
            Points((centre,), (0.0,), "accent", size=0.1, x_error=(half,)),
            Points(
                (item["estimate"],),
                (0.0,),
                "accent",
                names=(f"{number(item['estimate'])} [{number(item['low'])}, {number(item['high'])}]",),
                size=6,
            ),
        ),
        alt=f"The pick earns {number(item['estimate'])} more per 1,000; {level} interval "
        f"{number(item['low'])} to {number(item['high'])}.",
        table=DataTable(("what", "estimate", "low", "high"), rows),
        caption=part["against_baseline"]["sentence"],
        aspect=3.4,
    )


def _gap(part: dict[str, Any]) -> Figure:
    names = ("train", "validation", "test")
    items = [part["gap"][name] for name in names]
    marks = tuple(
        Points(
            (item["estimate"],),
            (float(index),),
            name,
            size=6,
            x_error=(max(item["estimate"] - item["low"], item["high"] - item["estimate"]),),
            names=(f"{name}: {number(item['estimate'], 4)}",),
        )
        for index, (name, item) in enumerate(zip(names, items, strict=True))
    )
    rows = tuple((name, item["estimate"], item["low"], item["high"]) for name, item in zip(names, items, strict=True))
    told = ", ".join(f"{name} {number(item['estimate'], 4)}" for name, item in zip(names, items, strict=True))
    return Figure(
        id="check-gap",
        title="Log loss on rows seen, left out, and new",
        x=Axis("log loss"),
        y=Axis("", scale="category", categories=names),
        marks=marks,
        alt=f"Log loss: {told}.",
        table=DataTable(("rows", "log loss", "low", "high"), rows),
        caption=part["gap"]["sentence"],
        aspect=2.6,
    )
