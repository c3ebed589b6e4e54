"""A small race, run once, with what it said on the way."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest

from fallline.core.event import Event, EventKind
from fallline.runs.execute import Surroundings, execute
from fallline.runs.record import Record
from fallline.runs.spec import load_spec

TREE: dict[str, Any] = {
    "kind": "race",
    "title": "small",
    "seed": 4,
    "seeds": 8,
    "tuning_seeds": 2,
    "rates": 3,
    "per_decade": 1,
    "lanes": ["torch", "fallline-torch"],
    "optimizers": ["gd", "momentum", "adam", "nadam"],
    "workloads": {
        "quadratic": {"steps": 60},
        "mine": {"net": "mlp", "options": {"widths": [4]}, "data": "moons", "batch": 16, "steps": 40, "noise": 0.01},
    },
}


@dataclass(frozen=True)
class Raced:
    """A race that was run: its Record and the checkpoints that it left, in order."""

    record: Record
    checkpoints: dict[str, Any]

    @property
    def part(self) -> dict[str, Any]:
        """What was found."""
        return self.record.part("race")


def run_race(tree: dict[str, Any], checkpoints: dict[str, Any] | None = None) -> Raced:
    """Runs a race here, in this process."""
    left: dict[str, Any] = {}

    def listen(event: Event) -> None:
        if event.kind is EventKind.CHECKPOINT:
            left[event.name] = event.payload

    around = Surroundings(clock=time.time, listener=listen)
    return Raced(execute(load_spec(tree), around, checkpoints), left)


@pytest.fixture(scope="session")
def raced() -> Raced:
    """The small race."""
    return run_race(TREE)
