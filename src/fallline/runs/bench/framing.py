"""Stage ``framing``: which of the same models wins, under these limits or prices and under all others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fallline.runs.sources.mortgages import mortgages
from fallline.runs.spec.framing import FramingSpec
from fallline.runs.stage import Context, Output

Array = NDArray[np.float64]
SIDE = 64
LATENCY, GAP = (0.1, 30.0), (0.0, 0.62)
"""Ends of the map of limits: milliseconds, evenly in logarithm, and gaps."""
PRICE_MS, PRICE_GAP = (0.001, 10.0), (0.0, 4.0)
"""Ends of the map of prices: points a millisecond, evenly in logarithm, and points a gap of 0.1."""
NAMED = 6
"""Winners with a colour of their own."""


def framing(context: Context) -> Output:
    """Picks, and says what else would have been picked."""
    spec = context.spec
    assert isinstance(spec, FramingSpec)  # noqa: S101 - only this kind has this stage
    models = [_model(number) for number in range(len(mortgages()["models"]))]
    by_limits = int(_within(np.array([spec.latency_ms]), np.array([spec.gap]))[0])
    by_prices = int(_priced(np.array([spec.price_ms]), np.array([spec.price_gap]))[0])
    won = by_limits if spec.mode == "limits" else by_prices
    for model in models:
        model["keeps"] = model["latency_ms"] <= spec.latency_ms and model["gap"] <= spec.gap
        model["value"] = model["points"] - spec.price_ms * model["latency_ms"] - spec.price_gap * model["gap"] / 0.1
    best = max(models, key=lambda model: (model["accuracy"], -model["latency_ms"]))
    winner = models[won] if won >= 0 else None
    part: dict[str, Any] = {
        "table": mortgages()["table"],
        "measured": mortgages()["measured"],
        "mode": spec.mode,
        "models": models,
        "count": len(models),
        "keeping": sum(model["keeps"] for model in models),
        "winner": winner,
        "won": won,
        "by_limits": by_limits,
        "by_prices": by_prices,
        "best": best,
        "fastest": min(models, key=lambda model: (model["latency_ms"], -model["accuracy"])),
        "fairest": min(models, key=lambda model: (model["gap"], -model["accuracy"])),
        "lost": None if winner is None else best["points"] - winner["points"],
        "latency_ms": spec.latency_ms,
        "gap": spec.gap,
        "price_ms": spec.price_ms,
        "price_gap": spec.price_gap,
        "map": _map(spec.mode),
    }
    return Output(part)


def _model(number: int) -> dict[str, Any]:
    kept = mortgages()["models"][number]
    return {
        "number": number,
        **{key: kept[key] for key in ("name", "family", "columns", "evened", "accuracy", "gap")},
        "points": 100.0 * kept["accuracy"],
        "latency_ms": kept["latency_us"] / 1000.0,
    }


def _columns() -> tuple[Array, Array, Array]:
    """Accuracy in points, milliseconds and gap of every model."""
    models = [_model(number) for number in range(len(mortgages()["models"]))]
    points, times, gaps = (np.array([model[key] for model in models]) for key in ("points", "latency_ms", "gap"))
    return points, times, gaps


def _within(latencies: Array, gaps: Array) -> NDArray[np.int64]:
    """The most accurate model within each pair of limits; the faster of two as accurate; −1 where none keeps them."""
    points, times, own = _columns()
    order = np.lexsort((own, times, -points))
    keeps = (times[order] <= latencies[:, None]) & (own[order] <= gaps[:, None])
    return np.where(keeps.any(axis=1), order[keeps.argmax(axis=1)], -1)


def _priced(price_ms: Array, price_gap: Array) -> NDArray[np.int64]:
    """The model of the best balance at each pair of prices."""
    points, times, gaps = _columns()
    order = np.lexsort((gaps, times, -points))
    values = points[order] - price_ms[:, None] * times[order] - price_gap[:, None] * gaps[order] / 0.1
    return np.asarray(order[values.argmax(axis=1)])


@lru_cache
def _map(mode: Literal["limits", "prices"]) -> dict[str, Any]:
    """Who wins for every goal on the map: the same models, whatever is asked of them."""
    across, up = (LATENCY, GAP) if mode == "limits" else (PRICE_MS, PRICE_GAP)
    x, y = np.meshgrid(np.geomspace(*across, SIDE), np.linspace(*up, SIDE))
    won = (_within if mode == "limits" else _priced)(x.ravel(), y.ravel())
    found, cells = np.unique(won[won >= 0], return_counts=True)
    ranked = [int(number) for number in found[np.argsort(-cells, kind="stable")]]
    shown = ranked[:NAMED]
    letters = np.full(won.size, ord("a") + len(shown), dtype=np.uint8)
    for place, number in enumerate(shown):
        letters[won == number] = ord("a") + place
    letters[won < 0] = ord(".")
    seats = []
    for place, number in enumerate(shown):
        mine = np.flatnonzero(won == number)
        middle = np.array([np.log(x.ravel()[mine]), y.ravel()[mine]])
        centre = middle.mean(axis=1, keepdims=True)
        spread = middle.std(axis=1, keepdims=True) + 1e-9
        seat = mine[int((((middle - centre) / spread) ** 2).sum(axis=0).argmin())]
        at = [float(x.ravel()[seat]), float(y.ravel()[seat])]
        seats.append({"letter": "ABCDEF"[place], "number": number, "share": float(len(mine) / won.size), "at": at})
    return {
        "x": list(across),
        "y": list(up),
        "side": SIDE,
        "cells": letters.tobytes().decode("ascii"),
        "seats": seats,
        "winners": len(ranked),
        "nobody": float((won < 0).mean()),
    }
