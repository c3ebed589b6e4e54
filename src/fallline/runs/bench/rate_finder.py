"""Stage ``rate-finder``: what a finder suggests, and what training gives at its suggestions, on a grid, at a rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import log
from typing import Any

import numpy as np

from fallline.engine.optim import OPTIMIZERS, Elementwise
from fallline.engine.schedules import Constant
from fallline.engine.train.finder import RULES, RateFinding
from fallline.engine.train.finder.of_population import find_rate_of_population
from fallline.engine.train.finder.rules import HEAD
from fallline.runs.bench.seeded_nets import Classes, Trainings, classes_of, train_seeds
from fallline.runs.bench.short import short
from fallline.runs.spec.drawn_schedule import ROWS
from fallline.runs.spec.rate_finder import RANGES, SWEPT, RateFinderSpec
from fallline.runs.stage import Context, Output

LOOKS = 15
GRID = 25
"""Rates of the grid, over the middle of the sweep: a thirtieth of the lowest is too slow for anybody."""
TRIED = {"gd": (0.02, 8.0), "momentum": (0.002, 1.5), "adam": (5e-4, 0.5)}
"""Optimizer → lowest and highest rate of the grid."""
NEAR = 1.1
"""A training is as good as the best one where its loss is no more than so many times that one's."""


def rate_finder(context: Context) -> Output:
    """Sweeps, trains on the grid and at every suggestion, and at the rate that is tried."""
    spec = context.spec
    assert isinstance(spec, RateFinderSpec)  # noqa: S101 - only this kind has this stage
    found = _swept(_same(spec))
    data = classes_of(spec.data, ROWS[spec.data], spec.seed)
    median = [each.median for each in found.loss]
    settled = median[int(SWEPT * HEAD) :]  # as the rules do: before that the running mean has not settled
    lowest = found.rates[len(median) - len(settled) + int(np.argmin(settled))] if settled else None
    said = {each.rule: each.rate for each in found.suggestions} | {"lowest": lowest, "recommended": found.rate}
    known = _known(_same(spec), tuple((name, rate) for name, rate in said.items() if rate is not None))
    best = known["best"]
    chosen = _trained(spec, [spec.rate])[0]
    mine = _outcome(spec.rate, chosen, best)
    suggestions = {name: {"rate": said[name], **known["said"].get(name, {})} for name in said}
    part: dict[str, Any] = {
        "data": spec.data,
        "optimizer": spec.optimizer,
        "rate": spec.rate,
        "batch": spec.batch,
        "epochs": spec.epochs,
        "steps": spec.epochs * -(-len(data.x) // spec.batch),
        "seeds": spec.seeds,
        "guessing": log(data.classes),
        "range": list(RANGES[spec.optimizer]),
        "sweep": _sweep(found),
        "said": suggestions,
        "titles": {name: RULES[name].title for name in RULES},
        "grid": known["grid"],
        "best": best | {"curve": known["curve"]},
        "chosen": mine | {"curve": chosen.band("held"), "looks": chosen.looks.tolist(), "broke": chosen.broke},
        "lowest_over_best": None if lowest is None else lowest / best["rate"],
        **_closest(suggestions, best["rate"]),
    }
    return Output(part)


def _same(spec: RateFinderSpec) -> RateFinderSpec:
    """What the grid depends on: everything but the rate that is tried."""
    return spec.model_copy(update={"title": "", "rate": 1.0})


@lru_cache(maxsize=128)
def _swept(spec: RateFinderSpec) -> RateFinding:
    """The sweeps, over the rows and from the first weights of the seed."""
    data: Classes = classes_of(spec.data, ROWS[spec.data], spec.seed)
    low, high = RANGES[spec.optimizer]
    optimizer = OPTIMIZERS[spec.optimizer]()
    assert isinstance(optimizer, Elementwise)  # noqa: S101 - the Spec names no other
    return find_rate_of_population(
        (data.x.shape[1], spec.hidden, data.classes),
        (data.x, data.y),
        optimizer,
        low=low,
        high=high,
        steps=SWEPT,
        seeds=spec.seeds,
        seed=spec.seed,
        batch=spec.batch,
    )


def _trained(spec: RateFinderSpec, rates: Sequence[float], looks: int = LOOKS) -> tuple[Trainings, ...]:
    data: Classes = classes_of(spec.data, ROWS[spec.data], spec.seed)
    return train_seeds(
        data,
        spec.optimizer,
        [(rate, Constant()) for rate in rates],
        hidden=spec.hidden,
        batch=spec.batch,
        steps=spec.epochs * -(-len(data.x) // spec.batch),
        looks=looks,
        seeds=spec.seeds,
        seed=spec.seed,
    )


@lru_cache(maxsize=128)
def _known(spec: RateFinderSpec, said: tuple[tuple[str, float], ...]) -> Mapping[str, Any]:
    """What training gives over the grid and at every suggestion, and the best of all of them with its curve."""
    grid = [float(rate) for rate in np.geomspace(*TRIED[spec.optimizer], GRID)]
    rates = [*grid, *(rate for _, rate in said)]
    trained = _trained(spec, rates, looks=1)
    ends = [_end(each) for each in trained]
    place = int(np.argmin([np.inf if each["end"] is None else each["end"] for each in ends]))
    best = {"rate": rates[place], **ends[place]}
    curve = _trained(spec, [rates[place]])[0]
    outcomes = {name: _outcome(rate, each, best) for (name, rate), each in zip(said, trained[GRID:], strict=True)}
    by_rate = [{"rate": rate, **end} for rate, end in zip(grid, ends[:GRID], strict=True)]
    return {"grid": by_rate, "best": best, "said": outcomes, "curve": curve.band("held")}


def _end(trained: Trainings) -> dict[str, float | None]:
    """Median and quartiles of the validation loss at the end; None where it is infinite."""
    found = np.quantile(trained.held[:, -1], (0.25, 0.5, 0.75), method="nearest")
    values = [float(value) if np.isfinite(value) else None for value in found]
    return dict(zip(("low", "end", "high"), values, strict=True))


def _outcome(rate: float, trained: Trainings, best: Mapping[str, Any]) -> dict[str, Any]:
    """Where training at a rate ends, and how that stands to the best rate of the grid."""
    end = _end(trained)
    over = None if end["end"] is None else end["end"] / best["end"]
    near = over is not None and over <= NEAR
    return {"rate": rate, **end, "over_best": over, "share_of_best": rate / best["rate"], "near": near}


def _closest(said: Mapping[str, Mapping[str, Any]], best: float) -> dict[str, Any]:
    """Which rule's rate is nearest to the best one, by factor, and which rule's training ends lowest."""
    rates = {name: said[name]["rate"] for name in RULES if said[name]["rate"] is not None}
    closest = min(rates, key=lambda name: abs(log(rates[name] / best)), default=None)
    ends = {name: said[name]["end"] for name in rates if said[name].get("end") is not None}
    return {
        "closest": closest,
        "factor": None if closest is None else rates[closest] / best,
        "best_rule": min(ends, key=lambda name: ends[name], default=None),
    }


def _sweep(found: RateFinding) -> dict[str, Any]:
    """Rates and smoothed losses as far as at least one sweep came."""
    rates = np.array(found.rates[: len(found.loss)])
    bands = {name: short(np.array([getattr(each, name) for each in found.loss])) for name in ("low", "median", "high")}
    return {"rates": short(rates), **bands, "sure": found.sure, "sentence": found.ending.sentence}
