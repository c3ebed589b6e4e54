"""Figures of a line fit: the loss over all lines, the rows with two of them, the steps needed at every rate."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number


def line_fit_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map of the loss with the walk, the table with both lines, and the sweep over rates."""
    return (_map(part), _rows(part), _rates(part))


def _map(part: dict[str, Any]) -> Figure:
    field, path, best = part["field"], part["path"], part["best"]
    side = field["side"]
    ground = Field(tuple(field["x"]), tuple(field["y"]), side, side, tuple(field["values"]), log=True, label="loss")
    trail = Line(tuple(p[0] for p in path), tuple(p[1] for p in path), "gd", "", trail=True)
    aim = Points((best["intercept"],), (best["slope"],), "good", "closed form", size=6, hollow=True)
    rows = tuple((step, *p, loss) for step, (p, loss) in enumerate(zip(path, part["losses"], strict=True)))
    return Figure(
        id="line-surface",
        title="Mean squared error of every line, and the walk over it",
        x=Axis("intercept", symbol="b", low=field["x"][0], high=field["x"][1]),
        y=Axis("slope", symbol="m", low=field["y"][0], high=field["y"][1]),
        marks=(ground, aim, trail, Points((0.0,), (0.0,), "ink", "start", size=4)),
        alt=f"Map of the loss. From (0, 0) the walk ends at intercept {number(part['intercept'])}, slope "
        f"{number(part['slope'])}; the best line has {number(best['intercept'])} and {number(best['slope'])}.",
        table=DataTable(("step", "intercept", "slope", "loss"), rows),
        aspect=1.25,
        steps=len(path) - 1,
    )


def _rows(part: dict[str, Any]) -> Figure:
    x, best = part["x"], part["best"]
    ends = (min(x), max(x))
    marks: list[Mark] = [Points(tuple(x), tuple(part["y"]), "muted", size=2.5, hollow=True)]
    marks.append(Line(ends, tuple(best["intercept"] + best["slope"] * at for at in ends), "good", "best"))
    here = tuple(part["intercept"] + part["slope"] * at for at in ends)
    if max(map(abs, here)) < 2_000:
        marks.append(Line(ends, here, "accent", "now"))
    return Figure(
        id="line-rows",
        title=f"{part['rows']} patients and two lines",
        x=Axis(part["column"], unit=part["unit"]),
        y=Axis("progression", low=0.0, high=360.0),
        marks=tuple(marks),
        alt=f"{part['target']} against {part['column']}. Best line: slope {number(best['slope'])}, mean squared error "
        f"{number(best['loss'])}. Now: slope {number(part['slope'])}, error {number(part['loss'])}.",
        table=DataTable((part["column"], part["target"]), tuple(zip(x, part["y"], strict=True))),
        aspect=1.4,
    )


def _rates(part: dict[str, Any]) -> Figure:
    sweep = part["sweep"]
    pairs = [(rate, step) for rate, step in zip(sweep["rates"], sweep["steps"], strict=True) if step is not None]
    shown = [(rate, step) for rate, step in pairs if step > 0]
    marks: list[Mark] = [
        Rule(part["limit"], "x", "bad", f"2/λmax {number(part['limit'])}", half="above"),
        Rule(part["goldilocks"], "x", "good", "derived"),
        Line(tuple(rate for rate, _ in shown), tuple(float(step) for _, step in shown), "link"),
    ]
    if sweep["rate"] is not None:
        found = (sweep["rate"],), (float(max(sweep["fewest"], 1)),)
        marks.append(Points(*found, "link", f"found: {sweep['fewest']}", size=5))
    marks.append(Rule(part["rate"], "x", "accent", "η", handle="rate"))
    low, high = (pick(sweep["rates"][end], part["rate"]) for pick, end in ((min, 0), (max, -1)))
    told = (
        f"The sweep needs fewest steps, {sweep['fewest']}, at {number(sweep['rate'])}."
        if sweep["rate"] is not None
        else f"At no rate does it arrive within {sweep['most']:,} steps."
    )
    return Figure(
        id="line-rates",
        title="Steps needed at every rate, all rows in each step",
        x=Axis("learning rate", scale="log", symbol="η", low=low, high=high),
        y=Axis("steps to within 1 %", scale="log", low=1.0, high=float(sweep["most"])),
        marks=tuple(marks),
        alt=f"{told} Theory names {number(part['goldilocks'])} as best and {number(part['limit'])} as the limit.",
        table=DataTable(
            ("learning rate", "steps to within 1 %"), tuple(zip(sweep["rates"], sweep["steps"], strict=True))
        ),
        aspect=1.4,
    )
