"""Stage ``drawn-schedule``: a net under one's own schedule, beside the constant rate and cosine annealing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from fallline.engine.schedules import SCHEDULES, Constant, Cosine, Schedule
from fallline.runs.bench.repeats import beyond_luck
from fallline.runs.bench.seeded_nets import Classes, Trainings, classes_of, train_seeds
from fallline.runs.bench.short import short
from fallline.runs.spec.drawn_schedule import (
    POINTS,
    ROWS,
    DrawnScheduleSpec,
    is_drawn,
    schedule_spec,
    shape_heights,
)
from fallline.runs.spec.schedules import build_schedule
from fallline.runs.stage import Context, Output

LOOKS = 16
SHOWN = 161
"""Steps at which the factor is drawn."""


def drawn_schedule(context: Context) -> Output:
    """Trains with the three schedules."""
    spec = context.spec
    assert isinstance(spec, DrawnScheduleSpec)  # noqa: S101 - only this kind has this stage
    data = classes_of(spec.data, ROWS[spec.data], spec.seed)
    steps = steps_of(spec)
    drawn = is_drawn(spec)
    mine = build_schedule(schedule_spec(spec, steps))
    schedules: dict[str, Schedule] = {"mine": mine, "constant": Constant(), "cosine": Cosine()}
    trained = {"mine": _trained(spec, steps, mine)[0], **_references(_same(spec), steps)}
    runs = {key: _run(key, schedules[key], trained[key], steps, spec, drawn=drawn) for key in schedules}
    part: dict[str, Any] = {
        "shape": spec.shape,
        "title": type(SCHEDULES[spec.shape]()).title,
        "drawn": drawn,
        "heights": list(spec.heights or shape_heights(spec.shape)),
        "at": short(np.linspace(0.0, steps, POINTS)),
        "data": spec.data,
        "rows": {"train": len(data.x), "validation": len(data.held_x)},
        "optimizer": spec.optimizer,
        "rate": spec.rate,
        "epochs": spec.epochs,
        "batch": spec.batch,
        "steps": steps,
        "seeds": spec.seeds,
        "looks": trained["mine"].looks.tolist(),
        "runs": runs,
        **_standing(trained),
    }
    return Output(part)


def steps_of(spec: DrawnScheduleSpec) -> int:
    """Returns the steps of a run: the last batch of an epoch holds what is left."""
    return spec.epochs * -(-len(classes_of(spec.data, ROWS[spec.data], spec.seed).x) // spec.batch)


def _same(spec: DrawnScheduleSpec) -> DrawnScheduleSpec:
    """What the two references depend on: everything but one's own schedule."""
    return spec.model_copy(update={"title": "", "shape": "cosine", "heights": None})


@lru_cache(maxsize=256)
def _references(spec: DrawnScheduleSpec, steps: int) -> Mapping[str, Trainings]:
    found = _trained(spec, steps, Constant(), Cosine())
    return dict(zip(("constant", "cosine"), found, strict=True))


def _trained(spec: DrawnScheduleSpec, steps: int, *schedules: Schedule) -> tuple[Trainings, ...]:
    data: Classes = classes_of(spec.data, ROWS[spec.data], spec.seed)
    return train_seeds(
        data,
        spec.optimizer,
        [(spec.rate, schedule) for schedule in schedules],
        hidden=spec.hidden,
        batch=spec.batch,
        steps=steps,
        looks=LOOKS,
        seeds=spec.seeds,
        seed=spec.seed,
    )


def _run(
    key: str, schedule: Schedule, trained: Trainings, steps: int, spec: DrawnScheduleSpec, *, drawn: bool
) -> dict[str, Any]:
    factors = schedule.factors(steps)
    places = np.unique(np.linspace(0, steps - 1, min(steps, SHOWN)).round().astype(int))
    highest = int(factors.argmax())
    held, train = trained.held[:, -1], trained.train[:, -1]
    label = {"mine": "drawn" if drawn else "yours", "constant": "constant", "cosine": "cosine"}[key]
    return {
        "label": label,
        "step": places.tolist(),
        "factors": short(factors[places]),
        "mean": float(factors.mean()),
        "first": float(factors[0]),
        "last": float(factors[-1]),
        "highest": float(factors[highest]),
        "highest_at": highest / max(steps - 1, 1),
        "train": trained.band("train"),
        "held": trained.band("held"),
        "end": _quartiles(held),
        "train_end": _quartiles(train),
        "right": float(np.median(trained.right)),
        "broke": trained.broke,
        "lasts": spec.seeds - trained.broke,
    }


def _quartiles(values: np.ndarray) -> dict[str, float | None]:
    found = np.quantile(values, (0.25, 0.5, 0.75), method="nearest")
    return {
        name: float(value) if np.isfinite(value) else None
        for name, value in zip(("low", "median", "high"), found, strict=True)
    }


def _standing(trained: Mapping[str, Trainings]) -> dict[str, Any]:
    """Whose validation loss is usually lowest, who is second, and whether seed by seed the two can be told apart."""
    ends = {key: each.held[:, -1] for key, each in trained.items()}
    medians = {key: float(np.median(each)) for key, each in ends.items()}
    order = sorted((key for key in ends if np.isfinite(medians[key])), key=lambda key: medians[key])
    first, second = [*order, None, None][:2]
    ahead = None if first is None or second is None else int((ends[first] < ends[second]).sum())
    told = None if ahead is None or first is None else beyond_luck(ahead, len(ends[first]))
    return {"usual": first, "second": second, "ahead": ahead, "told_apart": told}
