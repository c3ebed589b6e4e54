"""Figures of a tiny net: what it says of the plane, the net itself, its losses, and two settings seed by seed."""

from __future__ import annotations

from typing import Any

from fallline.figures.figure import Axis, DataTable, Field, Figure, Line, Mark, Points, Regions
from fallline.figures.tiny_graph import net_figure
from fallline.figures.wording import number

CLASSES = ("class-1", "class-2")
"""Roles of two classes, in the hues of the map; more classes have those of basins."""
LEAST = 1e-6


def tiny_net_figures(part: dict[str, Any]) -> tuple[Figure, ...]:
    """Returns the plane, the net and the losses; where two settings are compared, both planes and the errors."""
    nets = part["nets"]
    figures = [_plane(part, nets["a"], "tiny-net-plane", "A: " if part["compare"] else "")]
    if part["compare"]:
        figures.append(_plane(part, nets["b"], "tiny-net-second", "B: "))
        figures.append(_seeds(part))
    return (*figures, net_figure(nets["a"]), _losses(part))


def told(part: dict[str, Any], net: dict[str, Any]) -> str:
    """The errors of a net in words."""
    if part["regression"]:
        test, train = (number(net["error"][side], 2) for side in ("test", "train"))
        return f"error {test} on test points, {train} on training points"
    wrong = [net["error"][side] for side in ("test", "train")]
    shares = [f"{100 * each:.1f} %" if each is not None else "–" for each in wrong]
    return f"{shares[0]} of test points wrong, {shares[1]} of training points"


def moments(net: dict[str, Any]) -> tuple[str, ...]:
    """What the player calls each moment."""
    last = number(net["epochs"][-1], 4)
    return tuple(f"epoch {number(epoch, 3)} of {last}" for epoch in net["epochs"])


def _plane(part: dict[str, Any], net: dict[str, Any], name: str, before: str) -> Figure:
    across, up, side = tuple(part["x"]), tuple(part["y"]), net["side"]
    ground: Mark
    if part["classes"] > 2:
        roles = tuple(f"basin-{place + 1}" for place in range(part["classes"]))
        cells = net["answers"]
        ground = Regions(across, up, side, side, cells[-1], roles, tuple(part["class_names"]), frames=tuple(cells))
    else:
        label = part["title"] if part["regression"] else f"{part['class_names'][0]} or {part['class_names'][1]}"
        ground = Field(
            across, up, side, side, (), palette="quiet", label=label, frames=tuple(net["answers"]), legend=False
        )
    rows = tuple(
        (*point, label, "training" if taught else "test")
        for point, label, taught in zip(part["points"], part["labels"], part["taught"], strict=True)
    )
    return Figure(
        id=name,
        title=f"{before}{told(part, net)}",
        x=Axis(part["names"][0], low=across[0], high=across[1]),
        y=Axis(part["names"][1], low=up[0], high=up[1]),
        marks=(ground, *_points(part)),
        alt=f"What the net says at every place of the plane, with {part['teaching']} training points and "
        f"{part['rows'] - part['teaching']} test points. {told(part, net).capitalize()}.",
        table=DataTable((*part["names"], "label", "used for"), rows),
        aspect=1.15,
        steps=len(net["epochs"]) - 1,
        equal=part["x"] == part["y"],
        moments=moments(net),
    )


def _points(part: dict[str, Any]) -> list[Mark]:
    """A set of points for each class and use: filled ones teach, hollow ones test."""
    if part["regression"]:
        kinds = [0 if label < 0 else 1 for label in part["labels"]]
        roles: tuple[str, ...] = CLASSES
        sizes = [2.5 if abs(label) < 1 / 3 else 4.0 for label in part["labels"]]
    else:
        kinds = [int(label) for label in part["labels"]]
        many = part["classes"] > 2
        roles = tuple(f"basin-{place + 1}" for place in range(part["classes"])) if many else CLASSES
        sizes = [3.5] * len(kinds)
    groups: dict[tuple[int, int, float], list[list[float]]] = {}
    for point, kind, taught, size in zip(part["points"], kinds, part["taught"], sizes, strict=True):
        groups.setdefault((kind, taught, size), []).append(point)
    return [
        Points(tuple(p[0] for p in points), tuple(p[1] for p in points), roles[kind], size=size, hollow=not taught)
        for (kind, taught, size), points in sorted(groups.items(), key=lambda each: each[0][:2])
    ]


def _losses(part: dict[str, Any]) -> Figure:
    marks: list[Mark] = []
    rows: list[tuple[str | float | None, ...]] = []
    sides = ("test",) if part["compare"] else ("train", "test")
    for name, net in part["nets"].items():
        for side in sides:
            curve = net["losses"][side]
            values = tuple(max(value, LEAST) if value is not None else None for value in curve)
            role = {"a": "basin-1", "b": "basin-2"}[name] if part["compare"] else side
            label = f"{name.upper()}, test" if part["compare"] else {"train": "training", "test": "test"}[side]
            marks.append(Line(tuple(net["epochs"]), values, role, label, trail=True))
            rows += [(name.upper(), side, *pair) for pair in zip(net["epochs"], curve, strict=True)]
    ends = "; ".join(f"{n.upper()} ends at {number(net['losses']['test'][-1])}" for n, net in part["nets"].items())
    one = part["nets"]["a"]
    return Figure(
        id="tiny-net-loss",
        title=f"{one['loss_title']} by epoch",
        x=Axis("epoch"),
        y=Axis("loss", scale="log"),
        marks=tuple(marks),
        alt=f"Loss by epoch. On the test points {ends}.",
        table=DataTable(("setting", "points", "epoch", "loss"), tuple(rows)),
        aspect=1.5,
        steps=len(one["epochs"]) - 1,
        moments=moments(one),
    )


def _seeds(part: dict[str, Any]) -> Figure:
    """The errors of both settings, a dot for each seed: above the diagonal A is better, below it B."""
    versus = part["versus"]
    pairs = [(a, b) for a, b in zip(versus["a"], versus["b"], strict=True) if a is not None and b is not None]
    most = max((value for pair in pairs for value in pair), default=1.0) * 1.1 or 1.0
    measure = "error" if part["regression"] else "share wrong"
    marks: list[Mark] = [Line((0.0, most), (0.0, most), "muted", "as good")]
    if pairs:
        x, y = zip(*pairs, strict=True)
        names = tuple(f"A {number(a, 2)}, B {number(b, 2)}" for a, b in pairs)
        marks.append(Points(x, y, "ink", names=names, size=5.0))
    rows = tuple((seed + 1, *pair) for seed, pair in enumerate(zip(versus["a"], versus["b"], strict=True)))
    count = f"{versus['ahead']} of {versus['seeds']}"
    better = f"{versus['better'].upper()} is better on {count}" if versus["better"] else "neither is better more often"
    return Figure(
        id="tiny-net-seeds",
        title=f"Both settings on {versus['seeds']} seeds",
        x=Axis(f"A: {measure} on test points", low=0.0, high=most),
        y=Axis(f"B: {measure}", low=0.0, high=most),
        marks=tuple(marks),
        alt=f"{measure.capitalize()} on the test points of A and B for each seed: {better}. Medians "
        f"{number(versus['median_a'], 2)} and {number(versus['median_b'], 2)}.",
        table=DataTable(("seed", "A", "B"), rows),
        aspect=1.2,
    )
