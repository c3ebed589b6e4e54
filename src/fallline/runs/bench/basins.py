"""Stage ``basins``: every start on the map, coloured by where its descent ends."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from fallline.engine.descent import descend
from fallline.engine.descent.basins import DIVERGED, MOVING, NEAR, STALLED, Basins, Valley
from fallline.engine.descent.basins import basins as find_basins
from fallline.engine.optim import OPTIMIZERS, Optimizer
from fallline.engine.schedules import Constant
from fallline.engine.surfaces import SURFACES, Surface
from fallline.runs.bench.short import short
from fallline.runs.spec.basins import BasinsSpec
from fallline.runs.spec.named import build_named
from fallline.runs.stage import Context, Output

COLOURS = 6
"""Valleys that get a colour of their own; on a surface with more, colours come again."""
HELD = 0.005
"""A valley with a smaller share of the starts is called lost: a border of chance hits is no basin."""
OTHERS = (
    (STALLED, "stalled", "rests where there is no minimum", "muted"),
    (MOVING, "moving", "not at rest at the end", "ink"),
    (DIVERGED, "diverged", "leaves the map", "bad"),
)
_find = lru_cache(maxsize=64)(find_basins)


def basins(context: Context) -> Output:
    """Sorts every start, and walks from one of them."""
    spec = context.spec
    assert isinstance(spec, BasinsSpec)  # noqa: S101 - only this kind has this stage
    surface = SURFACES[spec.surface]
    params = dict(spec.settings.get(spec.optimizer, {}))
    optimizer: Optimizer = build_named(OPTIMIZERS, spec.optimizer, params, "settings", "optimizer")
    found = _find(surface, optimizer, Constant(), rate=spec.rate, steps=spec.steps, size=spec.size)
    valleys = [_told(valley, found.share(number), optimizer) for number, valley in enumerate(found.valleys)]
    classes, letters = _classes(found, valleys)
    limits = sorted(valley["limit"] for valley in valleys if valley["limit"] is not None)
    held = [valley for valley in valleys if valley["held"]]
    part: dict[str, Any] = {
        "surface": surface.name,
        "title": surface.title,
        "domain": [list(side) for side in surface.domain],
        "levels": surface.levels,
        "optimizer": spec.optimizer,
        "label": type(optimizer).title,
        "rate": spec.rate,
        "size": spec.size,
        "starts": spec.size**2,
        "cells": letters,
        "classes": classes,
        "valleys": valleys,
        "count": len(valleys),
        "held": len(held),
        "lost": len(valleys) - len(held),
        "biggest": max((valley["share"] for valley in valleys), default=0.0),
        "lowest_share": valleys[0]["share"] if valleys else None,
        "shares": {key: round(found.share(label), 5) for label, key, _, _ in OTHERS},
        "resting": sum(valley["share"] for valley in valleys),
        "dimension": found.dimension,
        "first_limit": limits[0] if limits else None,
        "last_limit": limits[-1] if limits else None,
        "above": sum(limit < spec.rate for limit in limits),
        "start": list(spec.start),
        "run": _run(surface, optimizer, spec, found),
    }
    return Output(part)


def _told(valley: Valley, share: float, optimizer: Optimizer) -> dict[str, Any]:
    limit = optimizer.largest_stable_rate(valley.curvature[1])
    return {
        "at": list(valley.at),
        "loss": valley.loss,
        "sharpness": valley.curvature[1],
        "limit": limit if limit is not None and math.isfinite(limit) else None,
        "share": round(share, 5),
        "held": share >= HELD,
    }


def _classes(found: Basins, valleys: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The classes of the picture, and a letter for every cell: valleys by colour, then the other fates."""
    shown = min(len(valleys), COLOURS)
    classes: list[dict[str, Any]] = []
    for colour in range(shown):
        mine = valleys[colour::COLOURS]
        name = f"ends at {_place(mine[0]['at'])}" if len(valleys) <= COLOURS else "ends in a local minimum"
        if len(valleys) > COLOURS and colour == 0 and len(mine) > 1:
            name = "ends in a minimum"
        share = round(sum(valley["share"] for valley in mine), 5)
        classes.append({"name": name, "role": f"basin-{colour + 1}", "share": share, "kind": "valley"})
    codes = np.where(found.labels >= 0, found.labels % COLOURS, 0)
    for label, key, name, role in OTHERS:
        codes[found.labels == label] = len(classes)
        classes.append({"name": name, "role": role, "share": round(found.share(label), 5), "kind": key})
    return classes, (codes.astype(np.uint8) + ord("a")).tobytes().decode("ascii")


def _place(at: list[float]) -> str:
    return "(" + ", ".join(f"{round(value, 1) + 0.0:g}".replace("-", "−") for value in at) + ")"


def _run(surface: Surface, optimizer: Optimizer, spec: BasinsSpec, found: Basins) -> dict[str, Any]:
    """The path from the one start, and the valley in which it ends."""
    trace = descend(surface, optimizer, Constant(), rate=spec.rate, start=spec.start, steps=spec.steps, noise=0.0)
    end = trace.points[-1]
    near = NEAR * surface.diagonal
    number = next((n for n, valley in enumerate(found.valleys) if math.dist(end, valley.at) <= near), None)
    return {
        "path": short(trace.points),
        "steps": trace.steps,
        "loss": float(trace.losses[-1]),
        "ending": trace.ending.to_dict(),
        "valley": number,
        "at": _place(list(found.valleys[number].at)) if number is not None else None,
    }
