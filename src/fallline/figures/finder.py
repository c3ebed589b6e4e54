"""Figures of a learning-rate finder: the loss over the rate, what curvature allows there, and trainings at rates."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import listed, number

ROLES = {"valley": "link", "slide": "warning", "minimum": "good", "steep": "bad", "curvature": "second-order"}
"""Rule → whose colour and dash it takes."""
TRIED = ROLES | {"recommended": "ink", "chosen": "accent"}
"""Name of a training → whose colour and dash it takes."""


def finder_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the sweep with its suggestions; the curvature on the way and the trainings, where there are any.

    Args:
        part: `RateFinding.to_dict`, or the part of a Spec of kind ``finder``, which has `probes` besides.
    """
    figures = [_loss(part)]
    if part["limit"]:
        figures.append(_limit(part))
    if any(each["steps"] for each in part.get("probes", ())):
        figures.append(_probes(part))
    return tuple(figures)


def _loss(part: dict[str, Any]) -> Figure:
    """What a person reads a rate off; the rate of a training that was chosen can be dragged."""
    loss, seeds = part["loss"], part["seeds"]
    rates = tuple(part["rates"][: len(loss)])
    median = tuple(each["median"] for each in loss)
    low, high = tuple(each["low"] for each in loss), tuple(each["high"] for each in loss)
    spread = (Band(rates, low, high, "accent", f"quartiles, n = {seeds}"),) if seeds > 1 and loss else ()
    said = [each for each in part["suggestions"] if each["rate"] is not None]
    rules = tuple(Rule(each["rate"], "x", ROLES[each["rule"]], each["rule"]) for each in said)
    middle = () if part["rate"] is None else (Rule(part["rate"], "x", "ink", "recommended"),)
    chosen = [each["rate"] for each in part.get("probes", ()) if each["name"] == "chosen"]
    mine = tuple(Rule(rate, "x", "accent", "η", handle="rate") for rate in chosen)
    rows = tuple(zip(rates, median, low, high, strict=True))
    told = ", ".join(f"{each['rule']} {number(each['rate'])}" for each in said)
    return Figure(
        id="finder-loss",
        title="Loss as the learning rate rises",
        x=Axis("learning rate", scale="log", symbol="η", low=part["rates"][0], high=part["rates"][-1]),
        y=Axis("smoothed loss"),
        marks=(*spread, Line(rates, median, "accent", "median"), *rules, *middle, *mine),
        alt=f"Smoothed loss by learning rate, median of n = {seeds}. {told}. {part['ending']['sentence']}",
        table=DataTable(("learning rate", "median loss", "lower quartile", "upper quartile"), rows),
    )


def _limit(part: dict[str, Any]) -> Figure:
    """The largest stable rate where the sweep was, and the rate itself: where they cross, steps are too long."""
    rates, limits = tuple(part["looked"]), part["limit"]
    median = tuple(each["median"] for each in limits)
    low, high = tuple(each["low"] for each in limits), tuple(each["high"] for each in limits)
    marks: list[Mark] = [Band(rates, low, high, "second-order", "quartiles")] if part["seeds"] > 1 else []
    marks += [Line(rates, median, "second-order", "largest stable rate"), Line(rates, rates, "bad", "rate itself")]
    marks.append(Points(rates, median, "second-order", size=3))
    over = next((rate for rate, limit in zip(rates, median, strict=True) if rate > limit), None)
    crossed = "The rate stays below it" if over is None else f"The rate is above it from {number(over)}"
    return Figure(
        id="finder-limit",
        title="What the curvature allows on the way",
        x=Axis("learning rate", scale="log", symbol="η", low=part["rates"][0], high=part["rates"][-1]),
        y=Axis("largest stable rate", scale="log"),
        marks=tuple(marks),
        alt=f"Largest stable rate by curvature at {len(rates)} places of the sweep, from {number(median[0])} to "
        f"{number(median[-1])}. {crossed}.",
        table=DataTable(
            ("learning rate", "largest stable rate", "lower quartile", "upper quartile"),
            tuple(zip(rates, median, low, high, strict=True)),
        ),
        aspect=1.8,
    )


def _probes(part: dict[str, Any]) -> Figure:
    """The loss of each short training, a running mean over its batches."""
    tried = [each for each in part["probes"] if each["steps"]]
    marks: list[Mark] = []
    rows: list[tuple[str | float | int | None, ...]] = []
    for each in tried:
        steps = tuple(float(step) for step in range(1, each["steps"] + 1))
        marks.append(Line(steps, tuple(each["smooth"]), TRIED[each["name"]], each["name"]))
        rows += [
            (each["name"], each["rate"], int(step), loss) for step, loss in zip(steps, each["smooth"], strict=True)
        ]
    told = listed([f"{each['name']} ({number(each['rate'])}): {number(each['end'])}" for each in tried])
    return Figure(
        id="finder-probe",
        title=f"{max(each['steps'] for each in tried)} steps at a constant rate",
        x=Axis("step"),
        y=Axis(f"smoothed {part['loss_title'].lower()}"),
        marks=tuple(marks),
        alt=f"Loss by step of {len(tried)} short training{'s' * (len(tried) > 1)}. Loss over all rows at the end: "
        f"{told}.",
        table=DataTable(("training", "learning rate", "step", "smoothed loss"), tuple(rows)),
        aspect=1.8,
    )
