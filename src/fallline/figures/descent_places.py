"""Where a descent goes when there is no map: along the curve of one weight, or how far from the goal in many."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Points
from fallline.figures.wording import number


def curve_figure(part: dict[str, Any]) -> Figure:
    """Returns the loss over one weight, with every optimizer's steps on it."""
    ((low, high),) = part["domain"]
    heights = part["curve"]
    span = (high - low) / (len(heights) - 1)
    x = tuple(low + span * place for place in range(len(heights)))
    runs = part["runs"].values()
    trails = tuple(
        Line(tuple(at[0] for at in run["path"]), tuple(run["losses"]), run["role"], run["label"], trail=True)
        for run in runs
    )
    minima = Points(
        tuple(minimum["at"][0] for minimum in part["minima"]),
        tuple(minimum["value"] for minimum in part["minima"]),
        "ink",
        names=("minimum",) * len(part["minima"]),
        hollow=True,
    )
    rows = tuple(
        (run["label"], step, at[0], loss)
        for run in runs
        for step, (at, loss) in enumerate(zip(run["path"], run["losses"], strict=True))
    )
    known = [each for each in heights if each is not None]
    ends = "; ".join(f"{run['label']}: {run['ending']['sentence']}" for run in runs)
    return Figure(
        id="descent-map",
        title=f"{part['title']}: where each goes",
        x=Axis("w", low=low, high=high),
        y=Axis("loss", low=min(known, default=0.0), high=max(known, default=1.0)),
        marks=(Line(x, tuple(heights), "muted", part["title"]), *((minima,) if part["minima"] else ()), *trails),
        alt=f"Curve of {part['title']} with a trail per optimizer from {number(part['start'][0])}. {ends}",
        table=DataTable(("optimizer", "step", "w", "loss"), rows),
        aspect=1.25,
        steps=max((len(run["losses"]) for run in runs), default=1) - 1,
    )


def distance_figure(part: dict[str, Any]) -> Figure:
    """Returns how far each is from the nearest known minimum at each step; without one, from where it began."""
    runs = part["runs"].values()
    goal = bool(part["minima"])
    lines = tuple(
        Line(
            tuple(float(step) for step in range(len(run["distances"]))),
            tuple(each if each > 0.0 else None for each in run["distances"]),
            run["role"],
            run["label"],
            trail=True,
        )
        for run in runs
    )
    rows = tuple((run["label"], step, each) for run in runs for step, each in enumerate(run["distances"]))
    ends = "; ".join(f"{run['label']}: {run['ending']['sentence']}" for run in runs)
    what = "distance to the nearest minimum" if goal else "distance from the start"
    return Figure(
        id="descent-distance",
        title=f"{part['title']}: how far each is",
        x=Axis("step"),
        y=Axis(what, scale="log"),
        marks=lines,
        alt=f"{what.capitalize()} by step, over {len(part['domain'])} weights. {ends}",
        table=DataTable(("optimizer", "step", what), rows),
        aspect=1.5,
        steps=max((len(run["losses"]) for run in runs), default=1) - 1,
    )
