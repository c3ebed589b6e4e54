"""Figures of a signal through depth: activations forward, gradients back, for two initialisations."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Figure, Line, Rule
from fallline.figures.wording import number

ROLES = {"first": "link", "second": "accent"}
"""Side → whose colour it takes."""


def signal_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the spread of activations and the norm of gradients, layer by layer."""
    return (
        _depth(
            part, "signal-forward", "activation_std", "Spread of the activations, layer by layer", "standard deviation"
        ),
        _depth(part, "signal-backward", "gradient_norm", "Size of the gradient, layer by layer", "root mean square"),
        _share(part),
    )


def _depth(part: dict[str, Any], name: str, key: str, title: str, label: str) -> Figure:
    sides = {side: part[side] for side in ROLES}
    positive = all(value > 0 for side in sides.values() for value in side[key])
    lines = tuple(
        Line(
            _layers(side[key]),
            tuple(value if value > 0 else None for value in side[key]),
            ROLES[which],
            side["title"],
        )
        for which, side in sides.items()
    )
    told = "; ".join(
        f"{side['initialisation']}: {number(side[key][0])} to {number(side[key][-1])}" for side in sides.values()
    )
    rows = tuple((side["title"], layer + 1, value) for side in sides.values() for layer, value in enumerate(side[key]))
    note = "" if positive else " Zeros are not drawn."
    return Figure(
        id=name,
        title=title,
        x=Axis("layer"),
        y=Axis(label, scale="log"),
        marks=(*((Rule(1.0, "y", "muted", "unchanged"),) if key == "activation_std" else ()), *lines),
        alt=f"{title}: {told}.{note}",
        table=DataTable(("initialisation", "layer", label), rows),
    )


def _share(part: dict[str, Any]) -> Figure:
    sides = {side: part[side] for side in ROLES}
    lines = tuple(
        Line(_layers(side["idle"]), tuple(side["idle"]), ROLES[which], side["title"]) for which, side in sides.items()
    )
    rows = tuple(
        (side["title"], layer + 1, value) for side in sides.values() for layer, value in enumerate(side["idle"])
    )
    told = "; ".join(
        f"{side['initialisation']}: {number(side['idle'][-1])} in the last layer" for side in sides.values()
    )
    return Figure(
        id="signal-idle",
        title="Share of units that are dead or saturated",
        x=Axis("layer"),
        y=Axis("share", low=0.0, high=1.0),
        marks=lines,
        alt=f"Share of dead or saturated units. {told}.",
        table=DataTable(("initialisation", "layer", "share"), rows),
    )


def _layers(values: list[float]) -> tuple[float, ...]:
    return tuple(float(layer + 1) for layer in range(len(values)))
