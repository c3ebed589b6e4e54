"""Figures of the view ``study``: the search so far, and what fewer folds would have chosen."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.tune import tune_figures
from fallline.figures.wording import number

FAMILIES = ("logistic", "boosting", "mlp")


def study_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the history, the choice by fewer folds, and what mattered in the whole search.

    The axes hold the whole search however much of it is shown, so that nothing jumps while trials are added.
    """
    return (_history(part), _agreement(part), *tune_figures(part)[1:])


def _history(part: dict[str, Any]) -> Figure:
    done = [trial for trial in part["trials"] if trial["state"] == "complete"]
    marks: list[Mark] = []
    if part["sampler"] == "optuna.tpe" and 0 < part["startup"] < part["total"]:
        marks.append(Rule(part["startup"] - 0.5, "x", "muted", "random until here"))
    best = tuple(accumulate((trial["seen"] for trial in done), min))
    line = Line(tuple(float(trial["number"]) for trial in done), best, "accent", "best so far", step=True)
    marks += [*_dots(part["trials"], "number"), *([line] if done else []), *_ring(part, "number")]
    rows = tuple((t["number"], t["family"], t["state"], t["seen"], t["value"]) for t in part["trials"])
    return Figure(
        id="study-history",
        title="The search, trial by trial",
        x=Axis("trial", low=-1.0, high=float(part["total"])),
        y=_axis(part["seen_range"], _label(part)),
        marks=tuple(marks),
        alt=part["sentence"],
        table=DataTable(("trial", "family", "state", _label(part), "mean over all folds"), rows),
    )


def _agreement(part: dict[str, Any]) -> Figure:
    done = [trial for trial in part["trials"] if trial["state"] == "complete"]
    low, high = part["range"] or (0.0, 1.0)
    same = Line((low, high), (low, high), "muted", "as it was worth")
    marks: tuple[Mark, ...] = (same, *_dots(done, "seen"), *_ring(part, "seen"))
    rows = tuple((t["number"], t["family"], t["seen"], t["value"]) for t in done)
    told = "" if part["lost"] is None else f"The choice loses {number(part['lost'], 2)} over all folds."
    return Figure(
        id="study-agreement",
        title="What was seen, and what it was worth",
        x=_axis(part["seen_range"], _label(part)),
        y=_axis(part["range"], "log loss over all folds"),
        marks=marks,
        alt=f"Each trial by its {_label(part)} and its log loss over all folds. {told}".strip(),
        table=DataTable(("trial", "family", _label(part), "log loss over all folds"), rows),
        aspect=1.2,
    )


def _label(part: dict[str, Any]) -> str:
    return f"log loss over {part['folds']} folds" if part["folds"] > 1 else "log loss on one fold"


def _axis(ends: list[float] | None, label: str) -> Axis:
    low, high = ends or (0.0, 1.0)
    room = high - low or 0.1
    return Axis(label, low=low - 0.25 * room, high=high + 0.4 * room)


def _dots(trials: list[dict[str, Any]], across: str) -> list[Points]:
    """One set per family; those stopped early hollow and quiet."""
    found = []
    for family in FAMILIES:
        mine = [trial for trial in trials if trial["family"] == family and trial["state"] == "complete"]
        if mine:
            found.append(_set(mine, across, family, family))
    pruned = [trial for trial in trials if trial["state"] == "pruned" and trial["seen"] is not None]
    return [*found, *([_set(pruned, across, "muted", "stopped early", hollow=True)] if pruned else [])]


def _set(trials: list[dict[str, Any]], across: str, role: str, label: str, *, hollow: bool = False) -> Points:
    up = "seen" if across == "number" else "value"
    return Points(
        tuple(float(trial[across]) for trial in trials),
        tuple(float(trial[up]) for trial in trials),
        role,
        label,
        tuple(f"trial {t['number']}, {t['family']}, {t['state']}: {number(t['seen'], 4)}" for t in trials),
        size=3.5,
        hollow=hollow,
    )


def _ring(part: dict[str, Any], across: str) -> list[Points]:
    pick = next((trial for trial in part["trials"] if trial["number"] == part["best_trial"]), None)
    if pick is None:
        return []
    up = "seen" if across == "number" else "value"
    return [Points((float(pick[across]),), (pick[up],), "accent", "the choice", size=9, hollow=True)]
