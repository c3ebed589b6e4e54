"""The part of a race: what is drawn, compared and advised, computed from its trials."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fallline.engine.metrics.performance_profile import performance_profiles
from fallline.engine.metrics.quartiles import quartiles
from fallline.engine.optim import SGD
from fallline.engine.train.race import Member, Problem
from fallline.engine.train.race.work import optimizer_work, step_work
from fallline.peers.lanes import LANES
from fallline.runs.bench.short import short
from fallline.runs.race.advice import advise
from fallline.runs.race.block import Block
from fallline.runs.race.good_rates import NEAR, good_rates
from fallline.runs.race.pairs import pairs_of
from fallline.runs.race.same import same_name
from fallline.runs.race.target import first_below, target_of
from fallline.runs.race.titles import title_of
from fallline.runs.spec.race import RaceSpec
from fallline.runs.spec.workloads import Workload

Results = Mapping[str, dict[str, Any]]


def summary(
    spec: RaceSpec,
    lanes: Sequence[str],
    workloads: Mapping[str, Workload],
    problems: Mapping[str, Problem],
    blocks: Sequence[Block],
    results: Results,
) -> dict[str, Any]:
    """Returns the part."""
    part: dict[str, Any] = {
        "order": {"lanes": list(lanes), "optimizers": list(spec.optimizers), "workloads": list(workloads)},
        "lanes": {lane: LANES[lane]().title for lane in lanes},
        "optimizers": {name: title_of(name) for name in spec.optimizers},
        "seeds": spec.seeds,
        "tuning_seeds": spec.tuning_seeds,
        "rates": spec.rates,
        "per_decade": spec.per_decade,
        "level": spec.level,
        "near": NEAR,
        "references": list(spec.references),
        "workloads": {},
        "profiles": {},
    }
    for key, workload in workloads.items():
        mine = [block for block in blocks if block.workload == key]
        part["workloads"][key] = _workload(spec, workload, problems[key], mine, results)
    part["profiles"] = {lane: _profiles(part, lane) for lane in lanes}
    part["state"] = _state(blocks, results)
    advise(part)
    return part


def _workload(
    spec: RaceSpec, workload: Workload, problem: Problem, blocks: Sequence[Block], results: Results
) -> dict[str, Any]:
    target = target_of(spec, workload, problem, blocks, results)
    entries: dict[str, dict[str, Any]] = {}
    for block in blocks:
        entry = _entry(block, results[block.name], target["value"])
        entries.setdefault(block.lane, {})[block.optimizer] = entry
    flops, weights = step_work(problem)
    data = problem.data
    return {
        "title": workload.title,
        "lesson": workload.lesson,
        "net": workload.net or workload.code,
        "data": workload.data,
        "loss": problem.recipe(SGD(), Member(0.1, 0)).loss_name(data),
        "batch": problem.batch,
        "rows": len(data.train),
        "held": 0 if np.array_equal(data.train, data.validation) else len(data.validation),
        "noise": problem.noise,
        "steps": problem.steps,
        "points": list(problem.points),
        "weights": weights,
        "flops": flops,
        "target": target,
        "entries": entries,
        "pairs": {lane: pairs_of(each, spec.level) for lane, each in entries.items()},
        "same": same_name(blocks, results),
    }


def _entry(block: Block, result: dict[str, Any], target: float | None) -> dict[str, Any]:
    """One optimizer in one lane on one workload."""
    split = len(block.rates) * block.tuning
    tuned = [result["trials"][i : i + block.tuning] for i in range(0, split, block.tuning)]
    judged = result["trials"][split:]
    band = quartiles([[_or_infinite(value) for value in trial["losses"]] for trial in judged])
    chosen = result["chosen"]
    steps = [first_below(trial, target, block.problem.points) for trial in judged]
    return {
        "rates": list(block.rates),
        "tuned": [[trial["best"] for trial in each] for each in tuned],
        "chosen": chosen,
        "rate": block.rates[chosen],
        "edge": "low" if chosen == 0 < len(block.rates) - 1 else "high" if 0 < chosen == len(block.rates) - 1 else "",
        "good_rates": good_rates(block.rates, [[trial["best"] for trial in each] for each in tuned]),
        "best": [trial["best"] for trial in judged],
        "last": [trial["last"] for trial in judged],
        "best_quartiles": _quartiles([trial["best"] for trial in judged]),
        "last_quartiles": _quartiles([trial["last"] for trial in judged]),
        "steps_to": steps,
        "steps_quartiles": _quartiles(steps),
        "reached": sum(step is not None for step in steps),
        "broke_off": sum(trial["last"] is None for trial in judged),
        "band": {name: [_or_none(v) for v in short(getattr(band, name))] for name in ("low", "median", "high")},
    }


def _profiles(part: dict[str, Any], lane: str) -> dict[str, Any]:
    """Each optimizer's performance profile over the workloads, by its median steps to the target."""
    costs: dict[str, list[float | None]] = {}
    for name in part["optimizers"]:
        rows = [workload["entries"].get(lane, {}).get(name) for workload in part["workloads"].values()]
        if any(row is not None for row in rows):
            costs[name] = [None if row is None else _cost(row["steps_to"]) for row in rows]
    return {
        name: {"factors": list(found.factors), "shares": list(found.shares), "score": found.score}
        for name, found in performance_profiles(costs).items()
    }


def _state(blocks: Sequence[Block], results: Results) -> dict[str, Any]:
    """What each optimizer keeps and computes per weight and step, as its tool does."""
    found: dict[str, Any] = {}
    for block in blocks:
        mine = found.setdefault(block.lane, {})
        if block.optimizer not in mine:
            kept = results[block.name]["remembers"]
            work = optimizer_work("keras" if "keras" in block.lane else "torch", block.optimizer)
            mine[block.optimizer] = {"numbers": kept, "bytes": 4.0 * kept, "flops": work}
    return found


def _quartiles(values: Sequence[float | None]) -> dict[str, float | None]:
    found = quartiles([_or_infinite(value) for value in values])
    return {name: _or_none(float(getattr(found, name))) for name in ("low", "median", "high")}


def _cost(steps: Sequence[int | None]) -> float | None:
    """The median steps; who is there at the start counts as there after one, since a ratio needs a number above 0."""
    median = float(quartiles([_or_infinite(value) for value in steps]).median)
    return _or_none(max(median, 1.0))


def _or_infinite(value: float | None) -> float:
    return math.inf if value is None else value


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
