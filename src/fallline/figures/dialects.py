"""Figures of two dialects: the map with both paths, the distance between them, and what each difference does alone."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Field, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number

GRID = 121
TOOLS = {"torch": "PyTorch", "keras": "Keras"}
LEAST = 1e-12
"""Distances below are drawn as this: they are roundings of the last digit."""


def dialects_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map, the distance by step, the loss by step, and the causes one by one."""
    return (_map(part), _gaps(part), _losses(part), _causes(part))


def _map(part: dict[str, Any]) -> Figure:
    (x_low, x_high), (y_low, y_high) = part["domain"]
    across, up = (x_low, x_high), (y_low, y_high)
    log, key = part["levels"] == "log", f"{part['surface']}-{GRID}"
    marks: list[Mark] = [Field(across, up, GRID, GRID, (), log=log, label=part["title"], key=key)]
    places = [minimum["at"] for minimum in part["minima"]]
    if places:
        x, y = tuple(at[0] for at in places), tuple(at[1] for at in places)
        marks.append(Points(x, y, "ink", names=("minimum",) * len(places), hollow=True))
    for tool, run in part["runs"].items():
        path = run["path"]
        marks.append(Line(tuple(p[0] for p in path), tuple(p[1] for p in path), tool, TOOLS[tool], trail=True))
    marks.append(Points((part["start"][0],), (part["start"][1],), "accent", "start", size=7, handle="start"))
    rows = tuple((TOOLS[tool], step, *at) for tool, run in part["runs"].items() for step, at in enumerate(run["path"]))
    told = " ".join(f"{TOOLS[tool]}: {run['ending']['sentence']}" for tool, run in part["runs"].items())
    return Figure(
        id="dialects-map",
        title=f"{part['label']} twice, from one start",
        x=Axis("w₁", low=x_low, high=x_high),
        y=Axis("w₂", low=y_low, high=y_high),
        marks=tuple(marks),
        alt=f"Map of {part['title']} with two paths called {part['label']}. They are at most {number(part['largest'])} "
        f"apart, at step {part['largest_at']}. {told}",
        table=DataTable(("tool", "step", "w₁", "w₂"), rows),
        aspect=1.25,
        steps=_longest(part),
    )


def _longest(part: dict[str, Any]) -> int:
    return max(len(run["path"]) for run in part["runs"].values()) - 1


def _gaps(part: dict[str, Any]) -> Figure:
    gaps = part["gaps"]
    steps = tuple(map(float, range(len(gaps))))
    marks: list[Mark] = [Line(steps, tuple(max(gap, LEAST) for gap in gaps), "accent", trail=True)]
    if part["seen"] is not None:
        marks.insert(0, Rule(float(part["seen"]), "x", "muted", "seen"))
    return Figure(
        id="dialects-gap",
        title="Distance between the two",
        x=Axis("step"),
        y=Axis("distance", scale="log", low=LEAST, high=max(10.0, part["largest"])),
        marks=tuple(marks),
        alt=f"Distance between the two paths by step: {number(part['largest'])} at most, at step "
        f"{part['largest_at']}, and {number(part['last'])} at the end.",
        table=DataTable(("step", "distance"), tuple(enumerate(gaps))),
        aspect=1.5,
        steps=_longest(part),
    )


def _losses(part: dict[str, Any]) -> Figure:
    lowest = min((minimum["value"] for minimum in part["minima"]), default=0.0)
    lines = tuple(
        Line(
            tuple(map(float, range(len(run["losses"])))),
            tuple(loss - lowest if loss - lowest > LEAST else None for loss in run["losses"]),
            tool,
            TOOLS[tool],
            trail=True,
        )
        for tool, run in part["runs"].items()
    )
    rows = tuple((TOOLS[t], step, loss) for t, run in part["runs"].items() for step, loss in enumerate(run["losses"]))
    told = "; ".join(f"{TOOLS[tool]} ends at {number(run['loss'])}" for tool, run in part["runs"].items())
    return Figure(
        id="dialects-loss",
        title="Loss by step",
        x=Axis("step"),
        y=Axis("loss above the minimum", scale="log"),
        marks=lines,
        alt=f"Loss by step. {told}.",
        table=DataTable(("tool", "step", "loss"), rows),
        aspect=1.5,
        steps=_longest(part),
    )


def _causes(part: dict[str, Any]) -> Figure:
    parts = part["parts"]
    gaps = tuple(min(max(each["gap"], LEAST), 1e6) for each in parts)
    roles = tuple("accent" if each["here"] else "muted" for each in parts)
    bars = Bars(tuple(map(float, range(len(parts)))), gaps, "accent", roles=roles, base=LEAST, horizontal=True)
    names = tuple(each["title"] if each["here"] else f"{each['title']} (not here)" for each in parts)
    told = "; ".join(f"{name}: {number(each['gap'])}" for name, each in zip(names, parts, strict=True))
    return Figure(
        id="dialects-causes",
        title="One difference at a time",
        x=Axis("largest distance it makes by itself", scale="log", low=LEAST, high=max(10.0, *gaps)),
        y=Axis("", scale="category", categories=names),
        marks=(bars,),
        alt=f"How far PyTorch's path moves when one thing is changed to what Keras has. {told}.",
        table=DataTable(("what is changed", "largest distance"), tuple((p["title"], p["gap"]) for p in parts)),
        aspect=1.9,
    )
