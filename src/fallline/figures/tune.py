"""Figures of stage tune: the search as it went, and what mattered in it."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from fallline.figures.figure import Axis, Bars, DataTable, Figure, Line, Points
from fallline.figures.wording import number

FAMILIES = ("logistic", "boosting", "mlp")


def tune_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the history of the search and, where it could be measured, what mattered in it."""
    return (_history(part), *((_importances(part),) if part["importances"] else ()))


def _history(part: dict[str, Any]) -> Figure:
    done = [trial for trial in part["trials"] if trial["state"] == "complete"]
    pruned = [trial for trial in part["trials"] if trial["state"] == "pruned"]
    best = list(accumulate((trial["value"] for trial in done), min))
    marks: list[Line | Points] = [
        Line(tuple(float(trial["number"]) for trial in done), tuple(best), "accent", "best so far", step=True)
    ]
    for family in FAMILIES:
        mine = [trial for trial in done if trial["family"] == family]
        if mine:
            marks.append(_dots(mine, family))
    if pruned:
        marks.append(_dots(pruned, "muted"))
    lowest, highest = (
        min(best, default=0.0),
        sorted(trial["value"] for trial in done)[int(0.9 * len(done))] if done else 1.0,
    )
    told = f"{len(done)} trials ended, {len(pruned)} were stopped early; the best is {number(lowest, 4)}."
    rows = tuple((trial["number"], trial["family"], trial["state"], trial["value"]) for trial in part["trials"])
    return Figure(
        id="tune-history",
        title="The search, trial by trial",
        x=Axis("trial"),
        y=Axis(
            "mean log loss over the folds",
            low=lowest - 0.05 * (highest - lowest),
            high=highest + 0.1 * (highest - lowest),
        ),
        marks=tuple(marks),
        alt=f"Log loss by trial. {told}",
        table=DataTable(("trial", "family", "state", "log loss"), rows),
        caption=told,
    )


def _dots(trials: list[dict[str, Any]], role: str) -> Points:
    names = tuple(f"trial {t['number']}, {t['family']}, {t['state']}: {number(t['value'], 4)}" for t in trials)
    return Points(
        tuple(float(trial["number"]) for trial in trials),
        tuple(trial["value"] for trial in trials),
        role,
        "stopped early" if role == "muted" else role,
        names,
        hollow=role == "muted",
        size=3.5,
    )


def _importances(part: dict[str, Any]) -> Figure:
    rows = sorted(part["importances"], key=lambda row: row["importance"])
    names = tuple(f"{row['family']}: {row['name']}" for row in rows)
    values = tuple(row["importance"] for row in rows)
    top = rows[-1]
    return Figure(
        id="tune-importances",
        title="What mattered in the search",
        x=Axis("share of the spread explained"),
        y=Axis("", scale="category", categories=names),
        marks=(
            Bars(
                tuple(float(i) for i in range(len(rows))),
                values,
                "ink",
                roles=tuple(r["family"] for r in rows),
                horizontal=True,
            ),
        ),
        alt=f"Importance of each hyperparameter; {top['name']} of {top['family']} matters most, "
        f"{number(top['importance'], 2)}.",
        table=DataTable(
            ("family", "hyperparameter", "importance"), tuple((r["family"], r["name"], r["importance"]) for r in rows)
        ),
        aspect=1.4,
    )
