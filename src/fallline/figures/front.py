"""Figures of the view ``front``: the candidates by two objectives, and how far each is below the best."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.tradeoff import AXES, LIMITS
from fallline.figures.wording import number

FAMILIES = ("logistic", "boosting", "mlp")
UNITS = {"latency": "µs"}
Point = dict[str, Any]


def front_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the candidates with front and pick, and the comparison on which the rule rests."""
    return (_candidates(part), _below(part))


def _candidates(part: dict[str, Any]) -> Figure:
    across, up = part["across"], part["up"]
    keys = AXES[across][1], AXES[up][1]
    points = [point for point in part["points"] if None not in {point[keys[0]], point[keys[1]]}]
    marks: list[Mark] = [*_limits(part, points), _staircase(points, across, up), *_dots(points, keys, part["currency"])]
    marks += _named(part, points, keys)
    columns = ("candidate", "family", *(AXES[key][0] for key in AXES), "keeps to the limits", "on the front of all")
    rows = tuple(
        (p["name"], p["family"], *(p[AXES[key][1]] for key in AXES), _yes(p["feasible"]), _yes(p["on_front"]))
        for p in part["points"]
    )
    return Figure(
        id="front",
        title=f"{_first(AXES[up][0])} against {AXES[across][0]}",
        x=_axis(across, points, part["currency"]),
        y=_axis(up, points, part["currency"]),
        marks=tuple(marks),
        alt=part["sentence"],
        table=DataTable(columns, rows),
    )


def _limits(part: dict[str, Any], points: list[Point]) -> list[Rule]:
    """The limits on the two axes, where they lie among the candidates: one far away would only squeeze them."""
    found = []
    for objective, axis in ((part["across"], "x"), (part["up"], "y")):
        limit = part["limits"].get(LIMITS.get(objective, ""))
        values = [point[AXES[objective][1]] for point in points]
        if limit is not None and values and limit < max(values):
            found.append(Rule(limit, "x" if axis == "x" else "y", "bad", f"limit {number(limit)}", half="above"))
    return found


def _staircase(points: list[Point], across: str, up: str) -> Line:
    """Joins the candidates within the limits that none of them beats on both axes."""
    signs = [1 if AXES[objective][2] == "minimize" else -1 for objective in (across, up)]
    keys = AXES[across][1], AXES[up][1]
    best, kept = float("inf"), []
    inside = [point for point in points if point["feasible"]]
    for point in sorted(inside, key=lambda each: (signs[0] * each[keys[0]], signs[1] * each[keys[1]])):
        if signs[1] * point[keys[1]] < best:
            best = signs[1] * point[keys[1]]
            kept.append((float(point[keys[0]]), float(point[keys[1]])))
    return Line(tuple(x for x, _ in kept), tuple(y for _, y in kept), "muted")


def _dots(points: list[Point], keys: tuple[str, str], currency: str) -> list[Points]:
    sets = [
        _set([p for p in points if p["family"] == family and p["feasible"]], keys, family, family, currency)
        for family in FAMILIES
    ]
    sets.append(_set([p for p in points if not p["feasible"]], keys, "muted", "beyond a limit", currency))
    return [each for each in sets if each.x]


def _set(points: list[Point], keys: tuple[str, str], role: str, label: str, currency: str) -> Points:
    return Points(
        tuple(float(point[keys[0]]) for point in points),
        tuple(float(point[keys[1]]) for point in points),
        role,
        label,
        tuple(
            f"{p['name']}: {currency}{p['profit_per_1000']:,.0f}, {p['reading']:,} to read, gap {_or_none(p)}"
            for p in points
        ),
        size=4,
        hollow=role == "muted",
    )


def _or_none(point: Point) -> str:
    return number(point["fairness_gap"])


def _named(part: dict[str, Any], points: list[Point], keys: tuple[str, str]) -> list[Points]:
    """The pick, ringed, and the one that earns the most, where that is another."""
    found = []
    for name, role, label in (
        (part["best_of_all"]["name"], "ink", "earns the most"),
        (part["pick"]["name"], "accent", "the pick"),
    ):
        point = next((each for each in points if each["name"] == name), None)
        if point is not None and (role == "accent" or name != part["pick"]["name"]):
            at = (float(point[keys[0]]),), (float(point[keys[1]]),)
            found.append(Points(*at, role, label, size=9, hollow=True))
    return found


def _below(part: dict[str, Any]) -> Figure:
    """How far each is below the best within the limits over the same folds; whose interval meets zero may be taken."""
    points = [point for point in part["points"] if point["below"] is not None]
    close = [point for point in points if point["close"]]
    far = [point for point in points if not point["close"]]
    marks: list[Mark] = [Rule(0.0, "y", "muted", f"as good as {part['best']}")]
    marks += [_bars(far, "muted", "can be told from it")] if far else []
    marks += [_bars(close, "link", "cannot be told from it")] if close else []
    pick = next((point for point in points if point["name"] == part["pick"]["name"]), None)
    if pick is not None:
        marks.append(Points((float(pick["reading"]),), (-pick["below"],), "accent", "the pick", size=9, hollow=True))
    columns = ("candidate", "numbers to read", "below the best", "standard error", "can be told from it")
    rows = tuple((p["name"], p["reading"], p["below"], p["below_error"], _yes(not p["close"])) for p in points)
    worst = sorted(-point["below"] for point in points)[len(points) // 10] if points else -1.0
    return Figure(
        id="front-close",
        title="Profit against the best, over the same folds",
        x=_axis("interpretability", points, part["currency"]),
        y=Axis(f"difference per 1,000 customers, {part['currency']} (± 1 SE)", low=1.6 * worst, high=-0.35 * worst),
        marks=tuple(marks),
        alt=f"{len(close)} of {len(points)} candidates within the limits cannot be told from the best, {part['best']}, "
        f"in profit; of those the pick, {part['pick']['name']}, is taken by the rule: {part['rule']}.",
        table=DataTable(columns, rows),
        aspect=1.4,
    )


def _bars(points: list[Point], role: str, label: str) -> Points:
    return Points(
        tuple(float(point["reading"]) for point in points),
        tuple(-point["below"] for point in points),
        role,
        label,
        tuple(f"{p['name']}: {number(-p['below'])} ± {number(p['below_error'])}" for p in points),
        size=3,
        hollow=role == "muted",
        y_error=tuple(point["below_error"] for point in points),
    )


def _axis(objective: str, points: list[Point], currency: str) -> Axis:
    values = [point[AXES[objective][1]] for point in points]
    wide = bool(values) and min(values) > 0 and max(values) / min(values) > 20
    unit = currency if objective == "profit" else UNITS.get(objective, "")
    return Axis(AXES[objective][0], unit, scale="log" if wide else "linear")


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _yes(value: bool) -> str:
    return "yes" if value else "no"
