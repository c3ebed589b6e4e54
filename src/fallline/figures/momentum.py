"""Figures of the heavy ball on a spectrum: the plane of α and β, decay by curvature, errors by step, the loss."""

from __future__ import annotations

import math
from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Line, Points, Rule
from fallline.figures.wording import number

ACROSS, UP, WIDEST, TOP = 49, 37, 4.0, 0.999
ROLES = ("basin-1", "basin-2", "basin-3", "basin-4", "basin-5", "basin-6")


def momentum_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the plane with its borders, the decay of each eigenvector, the errors and the loss by step."""
    return (_plane(part), _decays(part), _errors(part), _losses(part))


def _plane(part: dict[str, Any]) -> Figure:
    field = Field(
        (0.0, WIDEST), (0.0, TOP), ACROSS, UP, tuple(part["plane"]), palette="viridis", label="share of the best speed"
    )
    levels = [TOP * place / 60 for place in range(61)]
    critical = [(1.0 - math.sqrt(beta)) ** 2 for beta in levels]
    border = Line(tuple(2.0 * (1.0 + beta) for beta in levels), tuple(levels), "bad", "runs away beyond")
    swing = Line(tuple(critical), tuple(levels), "ink", "steepest begins to swing")
    all_swing = Line(tuple(part["condition"] * each for each in critical), tuple(levels), "muted", "all swing above")
    best, here = part["best"]["place"], part["place"]
    rows = tuple(
        (column * WIDEST / (ACROSS - 1), row * TOP / (UP - 1), part["plane"][row * ACROSS + column])
        for row in range(0, UP, 4)
        for column in range(0, ACROSS, 4)
    )
    return Figure(
        id="momentum-plane",
        title="How fast the slowest direction comes home, as a share of the best",
        x=Axis("rate times largest curvature", low=0.0, high=WIDEST, symbol="α·λmax"),
        y=Axis("momentum", low=0.0, high=TOP, symbol="β"),
        marks=(
            field,
            swing,
            all_swing,
            border,
            Points((best[0],), (best[1],), "good", f"best: keeps {number(part['best']['decay'])}", size=6, hollow=True),
            Points((here[0],), (here[1],), "accent", f"here: keeps {number(part['decay'])}", size=7, handle="place"),
        ),
        alt=(
            "Over α·λmax and β, how fast the slowest direction comes home. Here a step keeps "
            f"{number(part['decay'])}, at best {number(part['best']['decay'])}, "
            f"at ({number(best[0])}, {number(best[1])})."
        ),
        table=DataTable(("α·λmax", "β", "share of the best speed"), rows),
        aspect=1.35,
    )


def _decays(part: dict[str, Any]) -> Figure:
    each = part["eigenvectors"]
    x = tuple(one["curvature"] for one in each)
    critical = part["curve"]["critical"]
    marks: list[Any] = [
        Line(tuple(part["curve"]["x"]), tuple(part["curve"]["y"]), "ink", "theory"),
        Points(x, tuple(one["measured"] for one in each), "accent", "measured", size=3.5,
               names=tuple(f"λ = {number(one['curvature'])}: {one['regime']}" for one in each)),
        Rule(1.0, "y", "bad", "nothing gained"),
    ]  # fmt: skip
    if part["curve"]["x"][0] < critical < part["curve"]["x"][-1]:
        marks.append(Rule(critical, "x", "muted", "from here on it swings"))
    rows = tuple((one["curvature"], one["decay"], one["measured"], one["regime"]) for one in each)
    return Figure(
        id="momentum-decays",
        title="What a step keeps, eigenvector by eigenvector",
        x=Axis("curvature", scale="log", symbol="λ"),
        y=Axis("kept a step"),
        marks=tuple(marks),
        alt=f"Decay over curvature for {part['count']} eigenvectors, by theory and measured; the slowest keeps "
        f"{number(part['decay'])} a step, measured {number(part['measured'])}.",
        table=DataTable(("λ", "theory", "measured", "it"), rows),
        aspect=1.5,
    )


def _errors(part: dict[str, Any]) -> Figure:
    lines = tuple(
        Line(
            tuple(map(float, range(len(each["sizes"])))),
            tuple(size if size > 1e-12 else None for size in each["sizes"]),
            ROLES[place],
            f"λ = {number(each['curvature'])}",
            trail=True,
        )
        for place, each in enumerate(part["errors"])
    )
    rows = tuple((step, *(each["sizes"][step] for each in part["errors"])) for step in range(len(part["losses"])))
    names = tuple(f"λ = {number(each['curvature'])}" for each in part["errors"])
    ends = [number(each["sizes"][-1]) for each in part["errors"]]
    told = "; ".join(f"{name} ends at {end}" for name, end in zip(names, ends, strict=True))
    return Figure(
        id="momentum-errors",
        title="The error along each eigenvector",
        x=Axis("step"),
        y=Axis("error", scale="log"),
        marks=lines,
        alt=f"Size of the error by step. {told}.",
        table=DataTable(("step", *names), rows),
        aspect=1.5,
        steps=len(part["losses"]) - 1,
    )


def _losses(part: dict[str, Any]) -> Figure:
    steps = tuple(map(float, range(len(part["losses"]))))
    shown = tuple(loss if loss > 1e-16 else None for loss in part["losses"])
    floor = part["floor"]
    rules = () if floor is None else (Rule(floor, "y", "muted", f"noise floor {number(floor)}"),)
    return Figure(
        id="momentum-loss",
        title="The whole loss",
        x=Axis("step"),
        y=Axis("loss above the minimum", scale="log"),
        marks=(*rules, Line(steps, shown, "momentum", "Momentum", trail=True)),
        alt=f"Loss by step, from {number(part['losses'][0])} to {number(part['losses'][-1])}.",
        table=DataTable(("step", "loss"), tuple(enumerate(part["losses"]))),
        aspect=1.5,
        steps=len(part["losses"]) - 1,
    )
