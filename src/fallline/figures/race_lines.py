"""Lines of a race: the loss by step with its band, the loss by learning rate, and one name in several tools."""

from __future__ import annotations

import math
from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.race_role import LANES, WORDS, role_of
from fallline.figures.wording import listed, number

BANDS = 2
"""How many bands are drawn: eight of them would hide one another; all are in the table."""
ROOM = 1.15
"""A loss is drawn up to so many times the first one: what leaves is cut off there."""


def curves_figure(part: dict[str, Any], workload: str, lane: str) -> Figure:
    """Returns the median loss by step with quartiles, and the target."""
    raced, titles = part["workloads"][workload], part["optimizers"]
    entries = _ordered(part, workload, lane)
    points = tuple(float(point) for point in raced["points"])
    shown = {name: entry["band"] for name, entry in entries.items()}
    log = _log([value for band in shown.values() for value in band["median"] if value is not None])
    lowest = sorted(entries, key=lambda name: _rank(entries[name]))[:BANDS]
    bands = [_band(points, shown[name], role_of(part, name), log=log) for name in lowest]
    lines = [
        Line(points, tuple(_drawn(value, log=log) for value in band["median"]), role_of(part, name), titles[name])
        for name, band in shown.items()
    ]
    target = raced["target"]["value"]
    rule = () if target is None else (Rule(target, "y", "muted", f"target {number(target)}"),)
    rows = tuple(
        (titles[name], step, *(band[end][place] for end in ("low", "median", "high")))
        for name, band in shown.items()
        for place, step in enumerate(raced["points"])
    )
    told = "; ".join(f"{titles[name]} {number(entry['last_quartiles']['median'])}" for name, entry in entries.items())
    low, high = _ends(list(shown.values()), target, log=log)
    return Figure(
        id=f"race-curves-{workload}-{lane}",
        title=f"{raced['title']}: loss by step",
        x=Axis("step", low=0.0, high=points[-1]),
        y=Axis(_loss(raced), scale="log" if log else "linear", low=low, high=high),
        marks=(*rule, *(band for band in bands if band is not None), *lines),
        alt=f"Median loss over {part['seeds']} seeds in {part['lanes'][lane]}; at the end: {told}.",
        table=DataTable(("optimizer", "step", "lower quartile", "median", "upper quartile"), rows),
        caption=f"Median of n = {part['seeds']} seeds, each optimizer at the rate that tuning chose; a band holds the "
        "middle half of the seeds, drawn for the two that get lowest.",
        aspect=1.5,
    )


def rates_figure(part: dict[str, Any], workload: str, lane: str) -> Figure:
    """Returns the loss over the learning rate, on the tuning seeds; the chosen rate is a ring."""
    raced, titles = part["workloads"][workload], part["optimizers"]
    entries = _ordered(part, workload, lane)
    means = {name: [_mean(losses) for losses in entry["tuned"]] for name, entry in entries.items()}
    known = [value for each in means.values() for value in each if value is not None]
    log = _log(known)
    first = max((_first(entry) for entry in entries.values()), default=1.0)
    marks: list[Mark] = []
    for name, entry in entries.items():
        ys = tuple(_drawn(value, log=log) for value in means[name])
        role, place = role_of(part, name), entry["chosen"]
        marks.append(Line(tuple(entry["rates"]), ys, role))
        chosen = ys[place]
        if chosen is not None:
            ring = f"{titles[name]}: rate {number(entry['rate'])}, {number(chosen)}"
            marks.append(Points((entry["rate"],), (chosen,), role, titles[name], names=(ring,), size=6, hollow=True))
    rows = tuple(
        (titles[name], rate, value, "chosen" if place == entry["chosen"] else "")
        for name, entry in entries.items()
        for place, (rate, value) in enumerate(zip(entry["rates"], means[name], strict=True))
    )
    told = "; ".join(f"{titles[name]} {entry['good_rates']['decades']:.1f}" for name, entry in entries.items())
    return Figure(
        id=f"race-rates-{workload}-{lane}",
        title="How much the learning rate matters",
        x=Axis("learning rate", scale="log", symbol="η"),
        y=Axis(f"lowest {_loss(raced)}", scale="log" if log else "linear", high=_top(known, first)),
        marks=tuple(marks),
        alt=f"Lowest loss over the learning rate. Decades of rates within a fifth of the best loss: {told}.",
        table=DataTable(("optimizer", "learning rate", "mean lowest loss", ""), rows),
        caption=f"Mean of {part['tuning_seeds']} tuning seeds; a ring marks the rate chosen. Decades of rates within a "
        f"fifth of the best loss: {told}.",
        aspect=1.5,
    )


def formula_figure(part: dict[str, Any], workload: str, optimizer: str) -> Figure:
    """Returns one optimizer's curve in each lane, from the same start at the same rate."""
    raced, found = part["workloads"][workload], part["workloads"][workload]["same"][optimizer]
    groups, curves = found["groups"], found["curves"]
    names = [listed([part["lanes"][lane] for lane in group]) for group in groups]
    points = tuple(float(point) for point in raced["points"])
    log = _log([value for losses in curves.values() for value in losses if value is not None])
    lines = tuple(
        Line(points, tuple(_drawn(value, log=log) for value in curves[group[0]]), LANES[group[0]], name)
        for group, name in zip(groups, names, strict=True)
    )
    rows = tuple(
        (name, step, value)
        for group, name in zip(groups, names, strict=True)
        for step, value in zip(raced["points"], curves[group[0]], strict=True)
    )
    told = "; ".join(names)
    title = part["optimizers"][optimizer]
    return Figure(
        id=f"race-formula-{workload}-{optimizer}",
        title=f"{title}: one name, {len(groups)} curves",
        x=Axis("step", low=0.0, high=points[-1]),
        y=Axis(_loss(raced), scale="log" if log else "linear"),
        marks=lines,
        alt=f"{title} from one start at rate {number(found['rate'])}; lanes with the same curve: {told}.",
        table=DataTable(("lane", "step", "loss"), rows),
        caption=f"The same start, rows and rate {number(found['rate'])} in every tool.",
        aspect=1.5,
    )


def _rank(entry: dict[str, Any]) -> float:
    median = entry["best_quartiles"]["median"]
    return math.inf if median is None else float(median)


def _ordered(part: dict[str, Any], workload: str, lane: str) -> dict[str, Any]:
    entries = part["workloads"][workload]["entries"][lane]
    return {name: entries[name] for name in part["order"]["optimizers"] if name in entries}


def _loss(raced: dict[str, Any]) -> str:
    words = WORDS[raced["loss"]]
    return f"held-out {words}" if raced["held"] else words


def _log(values: list[float]) -> bool:
    """A loss that falls by more than a factor of five is drawn on a log axis."""
    return bool(values) and min(values) > 0 and max(values) > 5 * min(values)


def _drawn(value: float | None, *, log: bool) -> float | None:
    return None if value is None or (log and value <= 0) else value


def _band(points: tuple[float, ...], band: dict[str, Any], role: str, *, log: bool) -> Band | None:
    """The quartiles, up to the first of them that is infinite or that a log axis cannot hold."""
    kept = [
        (x, low, high)
        for x, low, high in zip(points, band["low"], band["high"], strict=True)
        if low is not None and high is not None and not (log and low <= 0)
    ]
    if len(kept) < 2:
        return None
    x, low, high = zip(*kept, strict=True)
    return Band(x, low, high, role)


def _ends(bands: list[dict[str, Any]], target: float | None, *, log: bool) -> tuple[float | None, float | None]:
    """The axis from the lowest quartile to a little above the highest first loss."""
    lows = [value for band in bands for value in (*band["low"], target) if value is not None and (value > 0 or not log)]
    firsts = [band["median"][0] for band in bands if band["median"][0] is not None]
    if not lows or not firsts:
        return None, None
    top = max(firsts)
    return min(lows) * (0.9 if log else 1.0), top * ROOM


def _mean(losses: list[float | None]) -> float | None:
    known = [loss for loss in losses if loss is not None]
    return sum(known) / len(known) if len(known) == len(losses) else None


def _first(entry: dict[str, Any]) -> float:
    return float(entry["band"]["median"][0] or 1.0)


def _top(known: list[float], first: float) -> float | None:
    """Rates that leave are cut off a little above the start."""
    return min(max(known), first) * ROOM if known else None
