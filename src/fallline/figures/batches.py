"""Figures of batches: the walks on the map with their balls, the loss by step and by row, and every size at the end."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Field, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number

ORDER = ("full", "mini", "one")
LOWEST = 1e-12
"""The lower end of a log axis of losses."""


def batches_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the map, the loss by step, the loss by row, and the late loss by batch size."""
    return (_map(part), _by(part, rows=True), _by(part, rows=False), _sizes(part))


def _label(part: dict[str, Any], key: str) -> str:
    size = part["runs"][key]["size"]
    return {"full": f"all {size}", "one": "1 row"}.get(key, f"{size} rows")


def _map(part: dict[str, Any]) -> Figure:
    field, lowest, runs = part["field"], part["lowest"], part["runs"]
    side = field["side"]
    marks: list[Mark] = [
        Field(tuple(field["x"]), tuple(field["y"]), side, side, tuple(field["values"]), log=True, label="loss"),
        Points((lowest[0],), (lowest[1],), "good", "lowest", size=6, hollow=True),
    ]
    for key in reversed(ORDER):
        path, faint = runs[key]["path"], key == "one"
        x, y = tuple(p[0] for p in path), tuple(p[1] for p in path)
        marks.append(Line(x, y, key, _label(part, key), trail=True, faint=faint))
    for key in ("one", "mini"):
        marks += _ball(part, key)
    told = ". ".join(
        f"{_label(part, key)}: {runs[key]['inside']} of {part['walks']} walks end in the ellipse where theory puts half"
        for key in ("one", "mini")
        if runs[key]["inside"] is not None
    )
    return Figure(
        id="batches-map",
        title="One walk of each; ellipses hold half of the late weights, by theory",
        x=Axis(f"weight of {part['columns'][0]}", low=field["x"][0], high=field["x"][1]),
        y=Axis(f"weight of {part['columns'][1]}", low=field["y"][0], high=field["y"][1]),
        marks=(*marks, Points((0.0,), (0.0,), "ink", "start", size=4)),
        alt=f"Map of the loss over two weights with a walk for each batch size, {part['reads']:,} rows read by each. "
        f"{told or 'No ball stays bounded at this rate'}.",
        table=DataTable(
            ("batch", "rows read", "first weight", "second weight"),
            tuple((_label(part, key), part["read"][k], *at) for key in ORDER for k, at in enumerate(runs[key]["path"])),
        ),
        aspect=1.25,
        steps=len(part["read"]) - 1,
        beat="moment",
    )


def _ball(part: dict[str, Any], key: str) -> list[Mark]:
    """The ellipse of theory, and where the walks end."""
    run, field = part["runs"][key], part["field"]
    inside = [p for p in run["ends"] if _within(p, field)]
    marks: list[Mark] = []
    if run["ball"] is not None:
        marks.append(Line(tuple(p[0] for p in run["ball"]), tuple(p[1] for p in run["ball"]), key))
    if inside:
        names = (f"end of a walk, {_label(part, key)}",) * len(inside)
        marks.append(Points(tuple(p[0] for p in inside), tuple(p[1] for p in inside), key, names=names, size=3.0))
    return marks


def _within(at: list[float], field: dict[str, Any]) -> bool:
    return all(field[name][0] <= value <= field[name][1] for name, value in zip("xy", at, strict=True))


def _by(part: dict[str, Any], *, rows: bool) -> Figure:
    """The loss by step, or by how often the table was read."""
    runs, marks = part["runs"], list[Mark]()
    ends = {key: _along(part, key, rows=rows) for key in ORDER}
    for key in reversed(ORDER):
        run, at = runs[key], ends[key]
        count = len(run["median"])
        if count > 1:
            # the start lies at 0, where a logarithmic axis does not reach
            kept = [k for k in range(count) if at[k] is not None]
            marks.append(
                Band(tuple(at[k] or 0.0 for k in kept), _floored(run["low"], kept), _floored(run["high"], kept), key)
            )
        losses = tuple(max(value, LOWEST) for value in run["median"])
        marks.append(Line(at[:count], losses, key, _label(part, key), trail=True))
    told = "; ".join(
        f"{_label(part, key)} {number(runs[key]['late']['median'])} after {runs[key]['steps']:,} steps" for key in ORDER
    )
    unit = "readings of the table" if rows else "step"
    columns = ("batch", unit, "lower quartile", "median", "upper quartile")
    return Figure(
        id="batches-rows" if rows else "batches-steps",
        title=f"By row: {part['reads']:,} row-gradients each" if rows else "By step: what each step buys",
        x=Axis(unit, scale="log"),
        y=Axis("loss above the lowest", scale="log"),
        marks=tuple(marks),
        alt=f"Median loss of {part['walks']} walks with quartiles, by {unit}. Late: {told}.",
        table=DataTable(columns, tuple(row for key in ORDER for row in _rows(part, key, ends[key]))),
        aspect=1.5,
        steps=len(part["read"]) - 1,
        beat="moment",
    )


def _along(part: dict[str, Any], key: str, *, rows: bool) -> tuple[float | None, ...]:
    """Where each moment of a run stands on the axis; None before the first step."""
    run = part["runs"][key]
    share = run["size"] / part["rows"] if rows else 1.0
    return tuple(float(step * share) if step > 0 else None for step in run["step"])


def _floored(values: list[float], kept: list[int]) -> tuple[float, ...]:
    return tuple(max(values[k], LOWEST) for k in kept)


def _rows(part: dict[str, Any], key: str, along: tuple[float | None, ...]) -> list[tuple[Any, ...]]:
    run = part["runs"][key]
    bands = zip(along, run["low"], run["median"], run["high"], strict=False)
    return [(_label(part, key), at or 0.0, *values) for at, *values in bands]


def _sizes(part: dict[str, Any]) -> Figure:
    """The late loss by batch size: measured at this rate, by theory, and at each size's own best rate."""
    shown = [each for each in part["sweep"] if each["late"]["high"] is not None]
    sizes = tuple(float(each["size"]) for each in shown)
    low, middle, high = (tuple(max(each["late"][end], LOWEST) for each in shown) for end in ("low", "median", "high"))
    theory = [each for each in part["sweep"] if each["theory"] is not None]
    tuned = part["tuned"]["sizes"]
    said = "theory" if part["replacement"] else "theory, with replacement"
    marks: list[Mark] = [
        Line(
            tuple(float(each["size"]) for each in tuned),
            tuple(max(each["late"], LOWEST) for each in tuned),
            "good",
            "each at its best rate",
        ),
        Line(
            tuple(float(each["size"]) for each in theory),
            tuple(max(each["theory"], LOWEST) for each in theory),
            "muted",
            said,
        ),
    ]
    if shown:
        marks.append(Band(sizes, low, high, "ink"))
        marks.append(Points(sizes, middle, "ink", names=tuple(f"{each['steps']:,} steps" for each in shown)))
    marks.append(Rule(float(part["batch"]), "x", "mini", "", handle="batch"))
    best = part["best"]
    told = "Every size runs away." if best is None else f"Lowest: {best['size']} rows, {number(best['late'])}."
    return Figure(
        id="batches-sizes",
        title=f"Where each size ends, η = {number(part['rate'])}",
        x=Axis("rows a step", scale="log", symbol="B", low=1.0, high=float(part["rows"])),
        y=Axis("late loss above the lowest", scale="log"),
        marks=tuple(marks),
        alt=f"Late loss by batch size after {part['reads']:,} row-gradients, median and quartiles of {part['walks']} "
        f"walks. {told}",
        table=_size_table(part),
        aspect=1.5,
    )


def _size_table(part: dict[str, Any]) -> DataTable:
    columns = ("rows a step", "steps", "lower quartile", "median", "upper quartile", "theory")
    rows = tuple(
        (each["size"], each["steps"], *(each["late"][end] for end in ("low", "median", "high")), each["theory"])
        for each in part["sweep"]
    )
    return DataTable(columns, rows)
