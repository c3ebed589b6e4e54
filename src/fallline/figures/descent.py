"""Figures of a descent: the map with its trails, and the loss by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from fallline.core.errors import NotFound
from fallline.engine.surfaces import SURFACES, field
from fallline.figures.figure import Axis, DataTable, Field, Figure, Line, Points
from fallline.figures.wording import number

GRID = 121


def descent_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map and the loss curve; the map's field is fetched by its key (`field_of`)."""
    return (_map(part), _losses(part))


def _map(part: dict[str, Any]) -> Figure:
    (x_low, x_high), (y_low, y_high) = part["domain"]
    field = Field(
        (x_low, x_high),
        (y_low, y_high),
        GRID,
        GRID,
        (),
        palette="relief",
        log=part["levels"] == "log",
        label=part["title"],
        key=f"{part['surface']}-{GRID}",
    )
    places = [minimum["at"] for minimum in part["minima"]]
    minima = Points(
        tuple(at[0] for at in places),
        tuple(at[1] for at in places),
        "ink",
        names=("minimum",) * len(places),
        hollow=True,
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
        title=f"{part['title']}: where each optimizer goes",
        x=Axis("w₁", low=x_low, high=x_high),
        y=Axis("w₂", low=y_low, high=y_high),
        marks=(field, *((minima,) if part["minima"] else ()), *trails, start),
        alt=f"Contour map of {part['title']} with a trail per optimizer from {_point(part['start'])}. {ends}",
        table=DataTable(("optimizer", "step", "w₁", "w₂"), rows),
        aspect=1.25,
        steps=max(len(run["path"]) for run in runs) - 1,
    )


def _losses(part: dict[str, Any]) -> Figure:
    lowest = part["lowest"]
    values = [value for run in part["runs"].values() for value in run["losses"] if value is not None]
    log = lowest is not None and min(values, default=0.0) >= lowest
    shift = (lowest or 0.0) if log else 0.0
    label = "loss above the minimum" if log and shift else "loss"
    lines = tuple(
        Line(
            tuple(float(step) for step in range(len(run["losses"]))),
            tuple(
                None if value is None or (log and value - shift <= 1e-16) else value - shift for value in run["losses"]
            ),
            run["role"],
            run["label"],
            trail=True,
        )
        for run in part["runs"].values()
    )
    rows = tuple(
        (run["label"], step, value) for run in part["runs"].values() for step, value in enumerate(run["losses"])
    )
    ends = "; ".join(f"{run['label']} ends at {number(run['loss'])}" for run in part["runs"].values())
    return Figure(
        id="descent-loss",
        title="Loss by step",
        x=Axis("step"),
        y=Axis(label, scale="log" if log else "linear"),
        marks=lines,
        alt=f"Loss by step. {ends}.",
        table=DataTable(("optimizer", "step", "loss"), rows),
        aspect=1.5,
        steps=max(len(run["losses"]) for run in part["runs"].values()) - 1,
    )


def field_of(key: str) -> Field:
    """Returns the field that a map names by its key, such as ``ravine-121``.

    Raises:
        NotFound: no surface is called so.
    """
    name, _, grid = key.rpartition("-")
    if name not in SURFACES or grid != str(GRID):
        raise NotFound(f"No field is called {key!r}.")
    surface = SURFACES[name]
    values = tuple(np.where(np.isfinite(found := field(surface, GRID, GRID)), found, np.nan).ravel().tolist())
    return Field(*surface.domain, GRID, GRID, values, palette="relief", log=surface.levels == "log", key=key)


def _point(at: list[float]) -> str:
    return f"({number(at[0])}, {number(at[1])})"
