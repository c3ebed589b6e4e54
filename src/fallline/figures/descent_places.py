"""Where a descent goes when there is no map: along the curve of one weight, or how far from the goal in many."""

from __future__ import annotations

from math import isqrt
from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Line, Points, Rule
from fallline.figures.wording import number

LANDMARKS = {"minimum": "ink", "saddle": "saddle", "maximum": "maximum", "level point": "level"}
"""Kind of point without slope → role."""


def landmarks(part: dict[str, Any]) -> tuple[Points, ...]:
    """Returns the points of a map where the slope vanishes: minima as rings, the others in the shape of their kind."""
    kinds = {"minimum": [minimum["at"] for minimum in part["minima"]]}
    for each in part["critical"]:
        kinds.setdefault(each["kind"], []).append(each["at"])
    return tuple(
        Points(
            tuple(at[0] for at in places),
            tuple(at[1] for at in places),
            LANDMARKS[kind],
            names=(kind,) * len(places),
            hollow=True,
        )
        for kind, places in kinds.items()
        if places
    )


def curve_figure(part: dict[str, Any]) -> Figure:
    """Returns the loss over one weight, every optimizer's steps on it, and the tangent at the step that is shown."""
    ((low, high),) = part["domain"]
    heights = part["curve"]
    span = (high - low) / (len(heights) - 1)
    x = tuple(low + span * place for place in range(len(heights)))
    runs = part["runs"].values()
    trails = tuple(
        Line(tuple(at[0] for at in run["path"]), tuple(run["losses"]), run["role"], run["label"], trail=True, dots=True)
        for run in runs
    )
    rows = tuple(
        (run["label"], step, at[0], loss, slope)
        for run in runs
        for step, (at, loss, slope) in enumerate(zip(run["path"], run["losses"], run["slopes"], strict=True))
    )
    ends = "; ".join(f"{run['label']}: {run['ending']['sentence']}" for run in runs)
    bottom, top = _view([each for each in heights if each is not None], [run["losses"][0] for run in runs])
    return Figure(
        id="descent-map",
        title=f"{part['title']}: where each goes",
        x=Axis("w", low=low, high=high),
        y=Axis("loss", low=bottom, high=top),
        marks=(
            Line(x, tuple(heights), "ink", part["title"]),
            *(_tangent(run, low, high) for run in runs),
            *_level(part),
            *trails,
            Rule(part["start"][0], "x", "accent", "start", handle="start"),
        ),
        alt=f"Curve of {part['title']} with a trail per optimizer from {number(part['start'][0])}. {ends}",
        table=DataTable(("optimizer", "step", "w", "loss", "slope"), rows),
        aspect=1.25,
        steps=max((len(run["losses"]) for run in runs), default=1) - 1,
    )


def _tangent(run: dict[str, Any], low: float, high: float) -> Line:
    """Both ends of the tangent at every step, at the edges of the picture."""
    ends: list[tuple[float, float | None]] = []
    for (at,), loss, slope in zip(run["path"], run["losses"], run["slopes"], strict=True):
        ends += [(edge, None if slope is None else loss + slope * (edge - at)) for edge in (low, high)]
    return Line(tuple(x for x, _ in ends), tuple(y for _, y in ends), run["role"], trail=True, frame=2)


def _level(part: dict[str, Any]) -> tuple[Points, ...]:
    """Where the curve is level."""
    points = [("minimum", each["at"][0], each["value"]) for each in part["minima"]]
    points += [(each["kind"], each["at"][0], each["value"]) for each in part["critical"]]
    return tuple(
        Points((at,), (value,), LANDMARKS[kind], names=(f"{kind} at {number(at)}",), hollow=True)
        for kind, at, value in points
    )


def _view(heights: list[float], starts: list[float]) -> tuple[float, float]:
    """The heights shown: all of them, or, where a wall or a pole dwarfs the rest, what most of the curve has."""
    if not heights:
        return 0.0, 1.0
    ordered = sorted(heights)
    low, high = ordered[0], ordered[-1]
    inner_low, inner_high = ordered[len(ordered) // 20], ordered[(19 * len(ordered)) // 20]
    usual = inner_high - inner_low
    if usual > 0 and high - inner_high > 4 * usual:
        high = max(inner_high + 0.5 * usual, *(start for start in starts if start <= high), inner_high)
    if usual > 0 and inner_low - low > 4 * usual:
        low = inner_low - 0.5 * usual
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def slice_figure(part: dict[str, Any]) -> Figure:
    """Returns the plane through a loss over many weights, with the shadow of every path on it."""
    plane = part["slice"]
    side = isqrt(len(plane["heights"]))
    field = Field(
        (plane["x"][0], plane["x"][1]),
        (plane["y"][0], plane["y"][1]),
        side,
        side,
        tuple(plane["heights"]),
        palette="relief",
        log=part["levels"] == "log",
        label=part["title"],
    )
    shadows = [(part["runs"][key], shadow["path"]) for key, shadow in plane["runs"].items()]
    trails = tuple(
        Line(tuple(p[0] for p in path), tuple(p[1] for p in path), run["role"], run["label"], trail=True)
        for run, path in shadows
    )
    goals = plane["minima"]
    names = ("minimum",) * len(goals)
    minima = Points(tuple(at[0] for at in goals), tuple(at[1] for at in goals), "ink", names=names, hollow=True)
    first = shadows[0][1][0]
    start = Points((first[0],), (first[1],), "accent", "start", size=7, handle="start")
    across, up = plane["names"]
    rows = tuple((run["label"], step, *point) for run, path in shadows for step, point in enumerate(path))
    return Figure(
        id="descent-map",
        title=f"{part['title']}: a slice, {_held(plane)}",
        x=Axis(across, low=plane["x"][0], high=plane["x"][1]),
        y=Axis(up, low=plane["y"][0], high=plane["y"][1]),
        marks=(field, *((minima,) if goals else ()), *trails, start),
        alt=f"Contour map of a plane through {part['title']}, with the shadow of each path on it. {_away(part)}.",
        table=DataTable(("optimizer", "step", across, up), rows),
        aspect=1.25,
        steps=max((len(path) for _, path in shadows), default=1) - 1,
    )


def _held(plane: dict[str, Any]) -> str:
    """What the picture leaves out, and where it stays."""
    others = f"the other {plane['hidden']} weights" if plane["hidden"] > 1 else "the third weight"
    return f"{others} held {'where the loss is lowest' if plane['held'] == 'lowest' else 'where the surface starts'}"


def _away(part: dict[str, Any]) -> str:
    """How far from the plane each path ends."""
    ends = [(part["runs"][key]["label"], shadow["away"]) for key, shadow in part["slice"]["runs"].items()]
    return "; ".join(
        f"{label} ends {'off the map' if away is None else f'{number(away)} from the plane'}" for label, away in ends
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
