"""Figures of a rate finder: the sweep with its suggestions, what training gives at each rate, two trainings by step."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, Band, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.finder import ROLES
from fallline.figures.wording import number

WIDEST = 20.0
"""Losses beyond so many times that of guessing are left out: what has run away needs no scale."""


def rate_finder_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the sweep, the trainings by rate, and the chosen training beside the best."""
    return (_sweep(part), _by_rate(part), _by_step(part))


def _rules(part: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Rules that say something, with what training at their rate gives."""
    return [(name, part["said"][name]) for name in ROLES if part["said"][name]["rate"] is not None]


def _sweep(part: dict[str, Any]) -> Figure:
    sweep, guessing = part["sweep"], part["guessing"]
    rates = tuple(sweep["rates"])
    whole = next((k for k, loss in enumerate(sweep["median"]) if loss > 2.0 * guessing), len(rates))
    low, median, high = (tuple(sweep[name][:whole]) for name in ("low", "median", "high"))
    marks: list[Mark] = [Band(rates[:whole], low, high, "ink")] if part["seeds"] > 1 and whole > 1 else []
    marks.append(Line(rates[:whole], median, "ink", "sweep"))
    marks += [Rule(said["rate"], "x", ROLES[name], name) for name, said in _rules(part)]
    lowest = part["said"]["lowest"]["rate"]
    if lowest is not None:
        marks.append(Points((lowest,), (min(sweep["median"]),), "ink", "lowest", size=5, hollow=True))
    marks.append(Rule(part["rate"], "x", "accent", "η", handle="rate"))
    told = ", ".join(f"{name} {number(said['rate'])}" for name, said in _rules(part))
    return Figure(
        id="rate-sweep",
        title=f"One step at each rate, n = {part['seeds']} sweeps",
        x=Axis("learning rate", scale="log", symbol="η", low=part["range"][0], high=part["range"][1]),
        y=Axis("smoothed loss"),
        marks=tuple(marks),
        alt=f"Smoothed loss by learning rate, median of {part['seeds']} sweeps. {told}; lowest at {number(lowest)}. "
        f"{sweep['sentence']}",
        table=DataTable(
            ("learning rate", "lower quartile", "median", "upper quartile"),
            tuple(zip(rates, sweep["low"], sweep["median"], sweep["high"], strict=True)),
        ),
        aspect=1.5,
    )


def _by_rate(part: dict[str, Any]) -> Figure:
    """The validation loss at the end of training, over the same rates."""
    most = WIDEST * part["guessing"]
    grid = [each for each in part["grid"] if each["high"] is not None and each["high"] < most]
    rates = tuple(each["rate"] for each in grid)
    low, end, high = (tuple(each[name] for each in grid) for name in ("low", "end", "high"))
    marks: list[Mark] = [Band(rates, low, high, "validation"), Line(rates, end, "validation", "trained")]
    marks.append(Rule(part["guessing"], "y", "muted", "guessing"))
    for name, said in _rules(part):
        if said["end"] is not None and said["end"] < most:
            marks.append(Points((said["rate"],), (said["end"],), ROLES[name], names=(name,), size=5))
    best, chosen = part["best"], part["chosen"]
    marks.append(Points((best["rate"],), (best["end"],), "good", "best", size=7, hollow=True))
    if chosen["end"] is not None and chosen["end"] < most:
        marks.append(Points((chosen["rate"],), (chosen["end"],), "accent", names=("η",), size=6))
    marks.append(Rule(part["rate"], "x", "accent", "η"))
    told = ", ".join(f"{name} {number(said['end'])}" for name, said in _rules(part))
    columns = ("training at", "learning rate", "lower quartile", "validation loss", "upper quartile")
    rows = [("grid", each["rate"], each["low"], each["end"], each["high"]) for each in part["grid"]]
    rows += [(name, said["rate"], said["low"], said["end"], said["high"]) for name, said in _rules(part)]
    return Figure(
        id="rate-trained",
        title=f"What {part['steps']} steps at that rate give",
        x=Axis("learning rate", scale="log", symbol="η", low=part["range"][0], high=part["range"][1]),
        y=Axis("validation loss", scale="log"),
        marks=tuple(marks),
        alt=f"Validation loss after {part['steps']} steps by learning rate, median of {part['seeds']} seeds. Best "
        f"{number(best['end'])} at {number(best['rate'])}; at the rules' rates: {told}.",
        table=DataTable(columns, tuple(rows)),
        aspect=1.5,
    )


def _by_step(part: dict[str, Any]) -> Figure:
    looks, most = tuple(map(float, part["chosen"]["looks"])), WIDEST * part["guessing"]
    marks: list[Mark] = []
    rows: list[tuple[Any, ...]] = []
    for key, role, label in (("best", "good", "best"), ("chosen", "accent", "η")):
        band = part[key]["curve"]
        whole = next((k for k, loss in enumerate(band["high"]) if loss > most), len(band["high"]))
        low, median, high = (tuple(band[name][:whole]) for name in ("low", "median", "high"))
        marks += [Band(looks[:whole], low, high, role)] if whole > 1 else []
        marks.append(Line(looks[:whole], median, role, label))
        rows += [(label, *values) for values in zip(looks, low, median, high, strict=False)]
    return Figure(
        id="rate-steps",
        title=f"Training at η = {number(part['rate'])} and at the best rate",
        x=Axis("step", low=0.0, high=float(part["steps"])),
        y=Axis("validation loss", scale="log"),
        marks=tuple(marks),
        alt=f"Validation loss by step, quartiles of {part['seeds']} seeds: at {number(part['rate'])} it ends "
        f"at {number(part['chosen']['end'])}, at {number(part['best']['rate'])} at {number(part['best']['end'])}.",
        table=DataTable(("training at", "step", "lower quartile", "median", "upper quartile"), tuple(rows)),
        aspect=1.5,
    )
