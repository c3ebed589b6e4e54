"""Figures of a breakdown: its course at one strength of the cause, and how it ends at each, sick and mended."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Mark, Points, Rule
from fallline.figures.wording import number

LOG = 100.0
"""An axis of causes that spans more than this is logarithmic."""


def breakdown_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the course here and the end at each strength; the mended one where it is asked for."""
    return (_course(part), _sweep(part))


def _course(part: dict[str, Any]) -> Figure:
    here, courses = part["here"], part["courses"]
    roles = {"sick": ("accent", "as it was"), "mended": ("link", part["remedy"])}
    marks: list[Mark] = [
        Line(tuple(map(float, range(len(courses[name])))), tuple(courses[name]), *roles[name])
        for name in (("mended", "sick") if part["mended"] else ("sick",))
    ]
    broke = here["broke_at"]
    if broke is not None:
        marks.append(Rule(float(broke), "x", "bad", f"no number from {part['along']} {broke}"))
    rows = tuple(
        (float(at), sick, mended if part["mended"] else None)
        for at, (sick, mended) in enumerate(zip_longest(courses["sick"], courses["mended"]))
    )
    end = number(here["sick"]) if here["sick"] is not None else "no number"
    return Figure(
        id="breakdown-course",
        title=f"{part['title'][:1].upper()}{part['title'][1:]}: {part['cause']} {number(here['strength'])}",
        x=Axis(part["along"]),
        y=Axis(part["measure"], low=0.0, high=_high(part)),
        marks=tuple(marks),
        alt=f"{part['measure']} by {part['along']}: as it was, it ends at {end}.",
        table=DataTable((part["along"], "as it was", part["remedy"]), rows),
        aspect=1.4,
    )


def _high(part: dict[str, Any]) -> float:
    """The upper end of the measure: what mended courses and starts need, with room; a thrown run leaves the picture."""
    calm = [value for value in part["courses"]["mended"] if value is not None]
    first = [value for value in part["courses"]["sick"][:1] if value is not None]
    return float(1.1 * max(part["works"], *calm, *first, _usual(part)))


def _usual(part: dict[str, Any]) -> float:
    """The highest end that is not out of all proportion to what works."""
    ends = [float(value) for name in part["ends"] for value in part["ends"][name] if value is not None]
    return min(max(ends), 20.0 * float(part["works"]))


def _sweep(part: dict[str, Any]) -> Figure:
    strengths, ends, here = tuple(part["strengths"]), part["ends"], part["here"]
    wide = max(strengths) > LOG * min(strengths) or part["case"] == "batch-norm"
    marks: list[Mark] = [Rule(part["works"], "y", "good", f"works below {number(part['works'])}")]
    if part["mended"]:
        marks.append(Line(strengths, tuple(ends["mended"]), "link", part["remedy"]))
    marks.append(Line(strengths, tuple(ends["sick"]), "accent", "as it was"))
    if here["sick"] is not None:
        marks.append(Points((here["strength"],), (here["sick"],), "accent", size=5))
    marks.append(Rule(here["strength"], "x", "muted"))
    lost = sum(end is None for end in ends["sick"])
    mended = ends["mended"] if part["mended"] else [None] * len(strengths)
    rows = tuple(zip(strengths, ends["sick"], mended, strict=True))
    return Figure(
        id="breakdown-sweep",
        title=f"How it ends, by {part['cause']}",
        x=Axis(part["cause"], scale="log" if wide else "linear"),
        y=Axis(part["measure"], low=0.0, high=1.1 * max(part["works"], _usual(part))),
        marks=tuple(marks),
        alt=f"{part['measure']} at the end for {len(strengths)} strengths; {lost} of them end without a number.",
        table=DataTable((part["cause"], "as it was", part["remedy"]), rows),
        aspect=1.4,
    )
