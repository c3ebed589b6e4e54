"""Figures of a descent: the map with its trails, the loss by step, and the rate by step where a schedule changes it."""

from __future__ import annotations

from math import isqrt
from typing import Any

from fallline.figures.descent_places import curve_figure, distance_figure, landmarks, slice_figure
from fallline.figures.figure import Axis, Band, DataTable, Field, Figure, Line, Points, Rule
from fallline.figures.wording import number

GRID = 121
_QUARTILES = ("low", "high")


def descent_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map, the loss curve, the rate where the Spec names a schedule, and the ends over repeats.

    The values under the map are not in it: the page fetches them once, by the key of the field.
    """
    places = {1: curve_figure, 2: _map}.get(len(part["domain"]), distance_figure)
    figures = [places(part), _losses(part)]
    if "slice" in part:
        figures.insert(0, slice_figure(part))
    if any("rates" in run for run in part["runs"].values()):
        figures.append(_rates(part))
    if "repeated" in part:
        figures.append(_ends(part))
    return tuple(figures)


def _map(part: dict[str, Any]) -> Figure:
    (x_low, x_high), (y_low, y_high) = part["domain"]
    field = Field(
        (x_low, x_high),
        (y_low, y_high),
        *_heights(part),
        palette="relief",
        log=part["levels"] == "log",
        label=part["title"],
        key="" if "heights" in part else f"{part['surface']}-{GRID}",
    )
    trails = tuple(
        Line(tuple(p[0] for p in run["path"]), tuple(p[1] for p in run["path"]), run["role"], run["label"], trail=True)
        for run in part["runs"].values()
    )
    start = Points((part["start"][0],), (part["start"][1],), "accent", "start", size=7, handle="start")
    runs = part["runs"].values()
    rows = tuple((run["label"], step, *point) for run in runs for step, point in enumerate(run["path"]))
    ends = "; ".join(f"{run['label']}: {run['ending']['sentence']}" for run in part["runs"].values())
    return Figure(
        id="descent-map",
        title=f"{part['title']}: where each goes",
        x=Axis("w₁", low=x_low, high=x_high),
        y=Axis("w₂", low=y_low, high=y_high),
        marks=(field, *landmarks(part), *trails, start),
        alt=f"Contour map of {part['title']} with a trail per optimizer from {_point(part['start'])}. {ends}",
        table=DataTable(("optimizer", "step", "w₁", "w₂"), rows),
        aspect=1.25,
        steps=_longest(part),
    )


def _heights(part: dict[str, Any]) -> tuple[int, int, tuple[float | None, ...]]:
    """Columns, rows and values; none of a named surface, which the page fetches once."""
    if "heights" not in part:
        return GRID, GRID, ()
    side = isqrt(len(part["heights"]))
    return side, side, tuple(part["heights"])


def _losses(part: dict[str, Any]) -> Figure:
    lowest = part["lowest"]
    values = [value for run in part["runs"].values() for value in run["losses"]]
    log = lowest is not None and min(values, default=0.0) >= lowest
    shift = (lowest or 0.0) if log else 0.0
    rows = tuple(
        (run["label"], step, value) for run in part["runs"].values() for step, value in enumerate(run["losses"])
    )
    ends = "; ".join(f"{run['label']} ends at {number(run['loss'])}" for run in part["runs"].values())
    return Figure(
        id="descent-loss",
        title="Loss by step",
        x=Axis("step"),
        y=Axis("loss above the minimum" if log and shift else "loss", scale="log" if log else "linear"),
        marks=(*_bands(part, shift, log=log), *_floor(part), *_loss_lines(part, shift, log=log)),
        alt=f"Loss by step. {ends}.",
        table=DataTable(("optimizer", "step", "loss"), rows),
        aspect=1.5,
        steps=_longest(part),
    )


def _loss_lines(part: dict[str, Any], shift: float, *, log: bool) -> tuple[Line, ...]:
    return tuple(
        Line(
            tuple(float(step) for step in range(len(run["losses"]))),
            tuple(_above(value, shift, log=log) for value in run["losses"]),
            run["role"],
            run["label"],
            trail=True,
        )
        for run in part["runs"].values()
    )


def _above(value: float, shift: float, *, log: bool) -> float | None:
    """The height to draw; None for one that a log axis cannot hold."""
    return None if log and value - shift <= 1e-16 else value - shift


def _bands(part: dict[str, Any], shift: float, *, log: bool) -> tuple[Band, ...]:
    """Between the quartiles over the repeats; without a label, since the line at its end has one."""
    bands = []
    for key, each in part.get("repeated", {}).items():
        low, high = ([max(value - shift, 1e-16 if log else value) for value in each["band"][end]] for end in _QUARTILES)
        if len(low) > 1:
            bands.append(
                Band(tuple(float(step) for step in range(len(low))), tuple(low), tuple(high), part["runs"][key]["role"])
            )
    return tuple(bands)


def _floor(part: dict[str, Any]) -> tuple[Rule, ...]:
    """The loss around which a constant rate settles, where one runs alone and has it."""
    floors = [run["floor"] for run in part["runs"].values()]
    if len(floors) != 1 or floors[0] is None:
        return ()
    return (Rule(floors[0], "y", "muted", f"noise floor {number(floors[0])}"),)


def _rates(part: dict[str, Any]) -> Figure:
    runs = [run for run in part["runs"].values() if "rates" in run]
    lines = tuple(
        Line(tuple(float(step) for step in range(len(run["rates"]))), tuple(run["rates"]), run["role"], run["label"])
        for run in runs
    )
    rows = tuple((run["label"], step, rate) for run in runs for step, rate in enumerate(run["rates"]))
    told = "; ".join(f"{run['label']} from {number(run['rates'][0])} to {number(run['last_rate'])}" for run in runs)
    return Figure(
        id="descent-rate",
        title="Learning rate by step",
        x=Axis("step"),
        y=Axis("learning rate", low=0.0, symbol="η"),
        marks=lines,
        alt=f"Learning rate by step. {told}.",
        table=DataTable(("schedule", "step", "learning rate"), rows),
        aspect=1.8,
    )


def _ends(part: dict[str, Any]) -> Figure:
    """Where each ended over the repeats: median and quartiles of the mean loss of the last fifth."""
    shown = [(part["runs"][key], each) for key, each in part["repeated"].items() if each["late"]["high"] is not None]
    names = tuple(run["label"] for run, _ in shown)
    lines = tuple(
        Line((each["late"]["low"], each["late"]["high"]), (float(place), float(place)), run["role"])
        for place, (run, each) in enumerate(shown)
    )
    dots = tuple(
        Points(
            (each["late"]["median"],),
            (float(place),),
            run["role"],
            names=(f"{run['label']}: {number(each['late']['median'])}, lowest in {each['best_in']}",),
            size=6,
        )
        for place, (run, each) in enumerate(shown)
    )
    columns = ("optimizer", "lower quartile", "median", "upper quartile", "lowest in", "broke off")
    rows = tuple(
        (part["runs"][key]["label"], *(each["late"][end] for end in ("low", "median", "high")), each["best_in"],
         each["broke_off"])
        for key, each in part["repeated"].items()
    )  # fmt: skip
    told = "; ".join(f"{run['label']} {number(each['late']['median'])}" for run, each in shown)
    positive = bool(shown) and all(each["late"]["low"] > 0 for _, each in shown)
    return Figure(
        id="descent-ends",
        title="Where each ends" + (f", n = {part['repeats']} draws of the noise" if part["repeats"] > 1 else ""),
        x=Axis("mean loss of the last fifth: median and quartiles", scale="log" if positive else "linear"),
        y=Axis("", scale="category", categories=names),
        marks=(*lines, *dots),
        alt=f"Median of the late loss over {part['repeats']} draws of the noise. {told}.",
        table=DataTable(columns, rows),
        aspect=2.2,
    )


def _longest(part: dict[str, Any]) -> int:
    return max((len(run["losses"]) for run in part["runs"].values()), default=1) - 1


def _point(at: list[float]) -> str:
    return f"({number(at[0])}, {number(at[1])})"
