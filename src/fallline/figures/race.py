"""Figures of a race: who is how often near the soonest, and one workload's curves, rates and ends."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line
from fallline.figures.race_ends import ends_figure, steps_figure
from fallline.figures.race_lines import curves_figure, formula_figure, rates_figure
from fallline.figures.race_role import role_of
from fallline.figures.wording import number

FURTHEST = 4.0


def race_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the profile of each lane, and each workload's curves in the first: what a Record's page shows.

    The page of the race shows one workload in one lane, with all that is known of it: `workload_figures`.
    """
    order = part["order"]
    first = next((lane for lane in order["lanes"] if part["profiles"][lane]), None)
    profiles = tuple(profile_figure(part, lane) for lane in order["lanes"] if part["profiles"][lane])
    if first is None:
        return profiles
    raced = [key for key in order["workloads"] if first in part["workloads"][key]["entries"]]
    return (*profiles, *(curves_figure(part, key, first) for key in raced))


def workload_figures(part: dict[str, Any], workload: str, lane: str) -> tuple[Figure, ...]:
    """Returns the pictures of one workload in one lane."""
    return (
        curves_figure(part, workload, lane),
        ends_figure(part, workload, lane),
        steps_figure(part, workload, lane),
        rates_figure(part, workload, lane),
    )


def formulas_figures(part: dict[str, Any], workload: str) -> tuple[Figure, ...]:
    """Returns, for each optimizer that does not draw the same curve in every lane that has it, its curves."""
    same = part["workloads"][workload]["same"]
    several = [name for name in part["order"]["optimizers"] if name in same and len(same[name]["groups"]) > 1]
    return tuple(formula_figure(part, workload, name) for name in several)


def profile_figure(part: dict[str, Any], lane: str) -> Figure:
    """Returns the performance profiles of a lane."""
    profiles, titles = part["profiles"][lane], part["optimizers"]
    ranked = sorted(profiles, key=lambda name: -profiles[name]["score"])
    lines = tuple(
        Line(
            (*profiles[name]["factors"], FURTHEST),
            (*profiles[name]["shares"], profiles[name]["shares"][-1]),
            role_of(part, name),
            titles[name],
            step=True,
        )
        for name in ranked
    )
    rows = tuple(
        (titles[name], factor, share)
        for name in ranked
        for factor, share in zip(profiles[name]["factors"], profiles[name]["shares"], strict=True)
    )
    told = "; ".join(f"{titles[name]} {number(profiles[name]['score'])}" for name in ranked)
    return Figure(
        id=f"race-profile-{lane}",
        title=f"How often within a factor of the soonest, {part['lanes'][lane]}",
        x=Axis("steps to the target, over the soonest's", low=1.0, high=FURTHEST),
        y=Axis("share of the workloads", low=0.0, high=1.0),
        marks=lines,
        alt=f"Performance profiles over {len(part['order']['workloads'])} workloads; area under each: {told}.",
        table=DataTable(("optimizer", "factor", "share of the workloads"), rows),
        caption=f"Area under the profile, 1 for the soonest everywhere: {told}.",
        aspect=1.5,
    )
