"""Stage ``failure``: each mechanism fails as its source says, and its cure cures it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fallline.runs.answer import answer
from fallline.runs.bench.failure import FAILURES
from fallline.runs.spec import load_spec


def part(case: str, **asked: Any) -> dict[str, Any]:
    """The part of a case."""
    made: dict[str, Any] = answer(load_spec({"kind": "failure", "case": case, **asked})).part("failure")
    return made


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("case", FAILURES)
def test_what_is_seen_never_falls_with_effort(case: str, seed: int) -> None:
    """A better optimizer does better on what it was told, whatever becomes of the goal."""
    seen = np.array(part(case, seed=seed)["seens"])
    assert (np.diff(seen) > -0.02).all()
    assert seen[-1] > seen[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("case", FAILURES)
def test_the_goal_is_missed_at_full_effort_and_met_when_mended(case: str, seed: int) -> None:
    """With the same effort."""
    assert not part(case, seed=seed, pressure=1.0)["met"]
    assert part(case, seed=seed, pressure=1.0, cure=True)["met"]


def test_the_boat_turns_where_the_lagoon_pays_more() -> None:
    """12·(1 − 1/p)² falls below p between patience 9 and 10."""
    made = part("boat")
    for patience, finished in zip(made["efforts"], made["wanteds"], strict=True):
        assert finished == float(12.0 * (1.0 - 1.0 / patience) ** 2 >= patience)
