"""Where each optimizer of a race ends, best and last, and how soon it reaches the target; medians and quartiles."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.race_role import WORDS, role_of
from fallline.figures.wording import number

BESIDE = 0.16


def ends_figure(part: dict[str, Any], workload: str, lane: str) -> Figure:
    """Returns the lowest loss (full) and the last one (ring) of each, the best on top."""
    raced, titles = part["workloads"][workload], part["optimizers"]
    entries = raced["entries"][lane]
    names = sorted(
        (name for name in entries if entries[name]["best_quartiles"]["median"] is not None),
        key=lambda name: -entries[name]["best_quartiles"]["median"],
    )
    marks: list[Mark] = []
    for place, name in enumerate(names):
        for which, offset in (("last", -BESIDE), ("best", BESIDE)):
            marks += _interval(part, name, entries[name][f"{which}_quartiles"], place + offset, which)
    values = [entries[name]["best_quartiles"]["low"] for name in names]
    tops = [entries[name]["last_quartiles"]["high"] or entries[name]["last_quartiles"]["median"] for name in names]
    spread = [value for value in (*values, *tops) if value is not None]
    log = bool(spread) and min(spread) > 0 and max(spread) > 5 * min(spread)
    told = "; ".join(
        f"{titles[name]} {number(entries[name]['best_quartiles']['median'])}, last "
        f"{number(entries[name]['last_quartiles']['median'])}"
        for name in reversed(names)
    )
    rows = tuple(
        (titles[name], which, *(entries[name][f"{which}_quartiles"][end] for end in ("low", "median", "high")))
        for name in reversed(names)
        for which in ("best", "last")
    )
    words = WORDS[raced["loss"]]
    return Figure(
        id=f"race-ends-{workload}-{lane}",
        title="Where each ends: best and last",
        x=Axis(f"{words}, median and quartiles", scale="log" if log else "linear"),
        y=Axis("", scale="category", categories=tuple(titles[name] for name in names)),
        marks=tuple(marks),
        alt=f"Lowest and last loss, median over {part['seeds']} seeds: {told}.",
        table=DataTable(("optimizer", "which", "lower quartile", "median", "upper quartile"), rows),
        caption=f"Full: the lowest loss on the way. Ring: the last one. n = {part['seeds']} seeds.",
        aspect=1.7,
    )


def steps_figure(part: dict[str, Any], workload: str, lane: str) -> Figure:
    """Returns the steps to the target; whoever does not get there on half of the seeds is named without a mark."""
    raced, titles = part["workloads"][workload], part["optimizers"]
    entries = raced["entries"][lane]
    most = float(raced["steps"])
    names = sorted(entries, key=lambda name: -(entries[name]["steps_quartiles"]["median"] or 2 * most))
    marks: list[Mark] = [Rule(most, "x", "muted", "the end", half="above")]
    for place, name in enumerate(names):
        marks += _steps(part, name, entries[name], float(place), most)
    told = "; ".join(f"{titles[name]} {_told(entries[name], part['seeds'])}" for name in reversed(names))
    rows = tuple(
        (titles[name], *(entries[name]["steps_quartiles"][end] for end in ("low", "median", "high")),
         entries[name]["reached"])
        for name in reversed(names)
    )  # fmt: skip
    return Figure(
        id=f"race-steps-{workload}-{lane}",
        title="Steps to the target",
        x=Axis("step, median and quartiles", low=0.0, high=1.12 * most),
        y=Axis("", scale="category", categories=tuple(titles[name] for name in names)),
        marks=tuple(marks),
        alt=f"Steps to the target {number(raced['target']['value'])}: {told}.",
        table=DataTable(("optimizer", "lower quartile", "median", "upper quartile", "seeds that get there"), rows),
        caption=raced["target"]["sentence"],
        aspect=1.7,
    )


def _interval(
    part: dict[str, Any], name: str, found: dict[str, float | None], y: float, which: str
) -> list[Line | Points]:
    low, median, high = found["low"], found["median"], found["high"]
    if low is None or median is None:
        return []
    role = role_of(part, name)
    words = f"{part['optimizers'][name]}, {which}: {number(median)}"
    dot = Points((median,), (y,), role, names=(words,), size=5, hollow=which == "last")
    return [*([] if high is None else [Line((low, high), (y, y), role)]), dot]


def _steps(part: dict[str, Any], name: str, entry: dict[str, Any], y: float, most: float) -> list[Line | Points]:
    """The quartiles of the steps; those who do not get there lie beyond the end."""
    found, role = entry["steps_quartiles"], role_of(part, name)
    words = f"{part['optimizers'][name]}: {_told(entry, part['seeds'])}"
    if found["median"] is None:
        return [Points((1.06 * most,), (y,), role, names=(words,), size=5, hollow=True)]
    high = 1.06 * most if found["high"] is None else found["high"]
    return [Line((found["low"], high), (y, y), role), Points((found["median"],), (y,), role, names=(words,), size=5)]


def _told(entry: dict[str, Any], seeds: int) -> str:
    median = entry["steps_quartiles"]["median"]
    return f"{'not on half' if median is None else number(median)} ({entry['reached']} of {seeds} seeds get there)"
