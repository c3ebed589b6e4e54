"""Spec kind ``rate-finder``: a learning-rate finder beside what training at any rate really gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fallline.runs.spec.base import Spec
from fallline.runs.spec.drawn_schedule import ROWS
from fallline.runs.spec.finder import FinderSpec, ProbeSpec, SweptSpec
from fallline.runs.spec.train import NetSpec, SetSpec

RANGES = {"gd": (1e-3, 30.0), "momentum": (1e-4, 10.0), "adam": (1e-5, 3.0)}
"""Optimizer → lowest and highest rate of a sweep."""
SWEPT = 100
"""Rates of a sweep."""


class RateFinderSpec(Spec):
    """Sweeps over a perceptron on real rows, their rules, and trainings at a grid of rates and at a chosen one.

    Attributes:
        data: what is learned.
        optimizer: who takes the steps.
        rate: the rate that is tried.
        batch: rows of a step, of sweeps and trainings.
        epochs: of each training.
        hidden: units of the hidden layer.
        seeds: sweeps, and trainings at each rate.
    """

    kind: Literal["rate-finder"] = "rate-finder"
    data: Literal["digits", "mnist1d"] = "digits"
    optimizer: Literal["gd", "momentum", "adam"] = "gd"
    rate: Annotated[float, Field(gt=0, le=100)] = 0.1
    batch: Annotated[int, Field(ge=4, le=64)] = 8
    epochs: Annotated[int, Field(ge=1, le=8)] = 5
    hidden: Annotated[int, Field(ge=2, le=32)] = 16
    seeds: Annotated[int, Field(ge=1, le=8)] = 5


def finder_of(spec: RateFinderSpec) -> FinderSpec:
    """Returns the sweeps as a Spec of kind ``finder``; the rate that is tried has no part in it."""
    low, high = RANGES[spec.optimizer]
    return FinderSpec(
        seed=spec.seed,
        net=NetSpec(name="mlp", widths=(spec.hidden,), activation="tanh"),
        set=SetSpec(name=spec.data, rows=ROWS[spec.data]),
        optimizer=SweptSpec(name=spec.optimizer),
        batch=spec.batch,
        low=low,
        high=high,
        steps=SWEPT,
        seeds=spec.seeds,
        probe=ProbeSpec(steps=0),
    )
