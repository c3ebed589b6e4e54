"""Figures of a drawn schedule: the factor with its points to drag, what two losses make of it, and where each ends."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Mark, Points
from fallline.figures.wording import number

ROLES = {"mine": "accent", "constant": "constant", "cosine": "link"}
ORDER = ("constant", "cosine", "mine")
SERIES = {
    "held": ("drawn-validation", "Validation loss", "validation loss"),
    "train": ("drawn-train", "Training loss, mean of batches", "training loss"),
}


def drawn_schedule_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the schedule, both losses as bands over the seeds, and the ends."""
    return (_schedule(part), _losses(part, "held"), _losses(part, "train"), _ends(part))


def _schedule(part: dict[str, Any]) -> Figure:
    runs = part["runs"]
    points = list(enumerate(zip(part["at"], part["heights"], strict=True), start=1))
    marks: list[Mark] = []
    for key in ORDER:
        run, faint = runs[key], key != "mine"
        marks.append(Line(tuple(map(float, run["step"])), tuple(run["factors"]), ROLES[key], run["label"], faint=faint))
    for place, (at, height) in points:
        names, handle = (f"point {place}",), f"heights.{place}"
        marks.append(Points((at,), (height,), "accent", names=names, size=5, handle=handle, along="y"))
    mine = runs["mine"]
    name = "Drawn: straight lines between the points" if part["drawn"] else part["title"]
    return Figure(
        id="drawn-schedule",
        title=f"{name}; drag the points",
        x=Axis("step", low=0.0, high=float(part["steps"])),
        y=Axis("share of the base rate", low=0.0, high=1.06, symbol="s"),
        marks=tuple(marks),
        alt=f"Factor on the base rate over {part['steps']} steps: from {number(mine['first'])} to "
        f"{number(mine['last'])}, highest {number(mine['highest'])}, on average {number(mine['mean'])}. "
        "Nine points can be moved up and down.",
        table=DataTable(("point", "step", "share"), tuple((place, *at) for place, at in points)),
        aspect=1.7,
    )


def _losses(part: dict[str, Any], which: str) -> Figure:
    name, title, axis = SERIES[which]
    runs, looks = part["runs"], tuple(map(float, part["looks"]))
    marks: list[Mark] = []
    for key in ORDER:
        band = runs[key][which]
        if len(band["low"]) > 1:
            marks.append(Band(looks[: len(band["low"])], tuple(band["low"]), tuple(band["high"]), ROLES[key]))
    for key in ORDER:
        median = tuple(runs[key][which]["median"])
        marks.append(Line(looks[: len(median)], median, ROLES[key], runs[key]["label"]))
    end = "end" if which == "held" else "train_end"
    told = "; ".join(f"{runs[key]['label']} {number(runs[key][end]['median'])}" for key in ORDER)
    rows = tuple(
        (runs[key]["label"], at, *values)
        for key in ORDER
        for at, *values in zip(looks, *(runs[key][which][each] for each in ("low", "median", "high")), strict=False)
    )
    return Figure(
        id=name,
        title=title,
        x=Axis("step", low=0.0, high=float(part["steps"])),
        y=Axis(axis, scale="log"),
        marks=tuple(marks),
        alt=f"{title}, median and quartiles of {part['seeds']} seeds. At the end: {told}.",
        table=DataTable(("schedule", "step", "lower quartile", "median", "upper quartile"), rows),
        aspect=1.6,
    )


def _ends(part: dict[str, Any]) -> Figure:
    shown = [(key, part["runs"][key]) for key in reversed(ORDER) if part["runs"][key]["end"]["high"] is not None]
    marks: list[Mark] = []
    for place, (key, run) in enumerate(shown):
        at = float(place)
        marks.append(Line((run["end"]["low"], run["end"]["high"]), (at, at), ROLES[key]))
        told = f"{run['label']}: {number(run['end']['median'])}"
        marks.append(Points((run["end"]["median"],), (at,), ROLES[key], names=(told,), size=6))
    columns = ("schedule", "lower quartile", "median", "upper quartile", "told right", "broke off")
    rows = tuple(
        (run["label"], *(run["end"][end] for end in ("low", "median", "high")), run["right"], run["broke"])
        for run in (part["runs"][key] for key in ORDER)
    )
    told = "; ".join(f"{run['label']} {number(run['end']['median'])}" for _, run in shown) or "all broke off"
    return Figure(
        id="drawn-ends",
        title=f"Where each ends, n = {part['seeds']} seeds",
        x=Axis("validation loss: median and quartiles", scale="log"),
        y=Axis("", scale="category", categories=tuple(run["label"] for _, run in shown)),
        marks=tuple(marks),
        alt=f"Validation loss at the end, median of {part['seeds']} seeds: {told}.",
        table=DataTable(columns, rows),
        aspect=2.6,
    )
