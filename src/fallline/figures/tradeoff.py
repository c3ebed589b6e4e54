"""Figures of stage tradeoff: the front, two objectives at a time."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number

AXES = {
    "profit": ("profit per 1,000 rows", "profit_per_1000", "maximize"),
    "latency": ("latency by the cost model", "latency_us", "minimize"),
    "fairness": ("fairness gap", "fairness_gap", "minimize"),
    "interpretability": ("numbers to read × depth", "reading", "minimize"),
    "log_loss": ("log loss", "log_loss", "minimize"),
}
"""Objective → label, key of a point, direction."""
LIMITS = {"latency": "latency_us", "fairness": "fairness_gap"}


def tradeoff_figures(part: dict[str, Any], across: str = "latency", up: str = "profit") -> tuple[Figure, ...]:
    """Returns the candidates by two objectives; the second figure shows the other two."""
    return (
        front_figure(part, across, up, "tradeoff-front"),
        front_figure(part, "interpretability", "fairness", "tradeoff-others"),
    )


def front_figure(part: dict[str, Any], across: str, up: str, name: str) -> Figure:
    """Draws the candidates by two objectives, the pick ringed, the limits as rules."""
    points = [
        point for point in part["points"] if point[AXES[across][1]] is not None and point[AXES[up][1]] is not None
    ]
    marks: list[Mark] = []
    for objective, axis in ((across, "x"), (up, "y")):
        limit = part["limits"].get(LIMITS.get(objective, ""))
        if limit is not None and limit < 1e6:
            marks.append(Rule(limit, "x" if axis == "x" else "y", "bad", f"limit {number(limit)}", half="above"))
    for family in ("logistic", "boosting", "mlp"):
        mine = [point for point in points if point["family"] == family]
        if mine:
            marks.append(_dots(mine, across, up, family))
    front = _staircase([point for point in points if point["feasible"]], across, up)
    marks.append(Line(tuple(p[0] for p in front), tuple(p[1] for p in front), "muted", "front"))
    pick = next((point for point in points if point["name"] == part["pick"]["name"]), None)
    if pick is not None:
        marks.append(Points((pick[AXES[across][1]],), (pick[AXES[up][1]],), "accent", "the pick", size=9, hollow=True))
    columns = ("candidate", "family", *(AXES[key][0] for key in AXES), "feasible", "on the front")
    rows = tuple(
        (p["name"], p["family"], *(p[AXES[key][1]] for key in AXES), str(p["feasible"]), str(p["on_front"]))
        for p in part["points"]
    )
    return Figure(
        id=name,
        title=f"{AXES[up][0].capitalize()} against {AXES[across][0]}",
        x=_axis(across, points, part),
        y=_axis(up, points, part),
        marks=tuple(marks),
        alt=part["sentence"],
        table=DataTable(columns, rows),
    )


def _axis(objective: str, points: list[dict[str, Any]], part: dict[str, Any]) -> Axis:
    values = [point[AXES[objective][1]] for point in points]
    wide = bool(values) and min(values) > 0 and max(values) / min(values) > 20
    unit = {"latency": "µs", "profit": part.get("currency", "")}.get(objective, "")
    return Axis(AXES[objective][0], unit, scale="log" if wide else "linear")


def _dots(points: list[dict[str, Any]], across: str, up: str, family: str) -> Points:
    key, other = AXES[across][1], AXES[up][1]
    names = tuple(
        f"{p['name']}: {number(p[key])}, {number(p[other])}" + ("" if p["feasible"] else ", breaks a limit")
        for p in points
    )
    errors = tuple(float(point["profit_error"] or 0.0) for point in points) if up == "profit" else ()
    return Points(
        tuple(p[key] for p in points), tuple(p[other] for p in points), family, family, names, size=4, y_error=errors
    )


def _staircase(points: list[dict[str, Any]], across: str, up: str) -> list[tuple[float, float]]:
    """The candidates that nothing feasible beats on both axes, in order along x."""
    sign_x = 1 if AXES[across][2] == "minimize" else -1
    sign_y = 1 if AXES[up][2] == "minimize" else -1
    found: list[tuple[float, float]] = []
    best = float("inf")
    for point in sorted(points, key=lambda p: (sign_x * p[AXES[across][1]], sign_y * p[AXES[up][1]])):
        value = sign_y * point[AXES[up][1]]
        if value < best:
            best = value
            found.append((point[AXES[across][1]], point[AXES[up][1]]))
    return found
