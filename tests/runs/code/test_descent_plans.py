"""Descents by plans, by what the loss does, and over the rows of a table, as scripts in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fallline.core.errors import DataError
from fallline.runs.answer import answer
from fallline.runs.code import show_as_code
from fallline.runs.spec import load_spec
from tests.runs.code.test_descent import OPTIONS, differences, tree

PLATEAU = {"name": "reduce_on_plateau", "params": {"patience": 2, "gamma": 0.5, "threshold": 0.05, "cooldown": 1}}
PLANS: list[dict[str, Any]] = [
    {
        "plan": {
            "rate": {"name": "cosine"},
            "momentum": {"name": "one_cycle_momentum"},
            "decay": {"name": "exponential", "params": {"gamma": 0.9}},
        },
        "optimizers": {
            "adamw": {"rate": 0.05, "params": {"decay": 0.3}, "options": {"l2": 0.1}},
            "nesterov": {"rate": 2e-4, "params": {"decay": 0.1}, "options": {"accumulate": 2.0}},
            "lion": {"rate": 0.01, "params": {"decay": 0.1}},
            "muon": {"rate": 0.02},
            "sophia": {"rate": 0.02, "params": {"decay": 0.1}},
            "gd": {"rate": 1e-3, "schedule": {"name": "constant"}},
        },
    },
    {
        "noise": 0.5,
        "schedule": PLATEAU,
        "optimizers": {
            "adam": {"rate": 0.2},
            "slow": {"optimizer": "adam", "rate": 0.2, "options": {"accumulate": 2.0, "ema": 0.5}},
            "gd": {"rate": 1e-3, "schedule": {"name": "step", "params": {"every": 7}}},
            "own": {"optimizer": "momentum", "rate": 2e-4, "plan": {"momentum": {"name": "cosine"}}},
        },
    },
]
"""Plans of a race and of a runner, and rates that go by the loss, alone and beside others."""


def test_plans_and_plateaus_walk_the_same_path(tmp_path: Path) -> None:
    """Momentum, decay and rate as each step has them."""
    said = differences([tree("rosenbrock", 30, **each) for each in PLANS], tmp_path)
    assert not said, "\n".join(said)


CHURN = {"data": {"source": "named", "name": "mlc_churn", "rows": 300}, "start": [0.5, -0.5, 0.2]}
ROWS: list[dict[str, Any]] = [
    {
        "rows": {"loss": "logistic", "target": "churn", "ridge": 0.1},
        "noisy": {"kind": "mini_batch", "params": {"size": 16}},
        "plan": {"batch": {"name": "exponential", "params": {"gamma": 0.9}}},
    },
    {"rows": {"loss": "logistic", "target": "churn"}, "noisy": {"kind": "label", "params": {"scale": 0.2}}},
    {"rows": {"loss": "squared", "target": "total_intl_minutes", "ridge": 0.1}, "noise": 0.3},
    {
        "rows": {"loss": "huber", "target": "total_intl_minutes", "width": 0.5},
        "noisy": {"kind": "mini_batch", "params": {"size": 16, "replacement": 1}},
    },
    {
        "rows": {"loss": "squared", "target": "total_intl_minutes", "standard": False, "intercept": False},
        "noisy": {"kind": "mini_batch", "params": {"size": 16, "epochs": 0}},
        "start": [0.1, 0.01],
    },
    {
        "rows": {"loss": "squared", "target": "total_intl_minutes"},
        "noisy": {"kind": "label", "params": {"scale": 2.0}},
    },
    {
        "rows": {"loss": "squared", "target": "total_intl_minutes"},
        "noisy": {"kind": "mini_batch", "params": {"size": 7}},
    },
]
"""Every loss over rows, under every noise that rows have."""


def test_losses_over_rows_walk_the_same_path(tmp_path: Path, check: Callable[[str], str]) -> None:
    """The table is loaded and brought to units by the script, which draws the same batches and wrong labels."""
    columns = ["total_day_minutes", "number_customer_service_calls"]
    runners = {"gd": {"rate": 1e-5}, "adam": {"rate": 0.05}, "newton_cg": {"rate": 0.5}, "sam": {"rate": 1e-5}}
    trees = []
    for each in ROWS:
        rows = {**each["rows"], "columns": columns}
        # On the straight arms of Huber's loss curvature is rounding alone, and Newton goes by it.
        racing = {key: entry for key, entry in runners.items() if rows["loss"] != "huber" or key != "newton_cg"}
        trees.append({"kind": "descent", "steps": 12, "optimizers": racing, **CHURN, **each, "rows": rows})
    said = differences(trees, tmp_path)
    assert not said, "\n".join(said)
    assert not "".join(check(show_as_code(load_spec(each))) for each in trees)


def test_a_table_of_ones_own_is_not_shown() -> None:
    """The sentence says what would be."""
    own = {"data": {"source": "file", "path": "mine.csv"}, "rows": {"target": "y", "columns": ["x"]}}
    with pytest.raises(DataError, match="one over a table known by name is"):
        show_as_code(load_spec({"kind": "descent", **own}))


def test_the_longest_script_keeps_to_the_style_and_prints_the_losses(run: Callable[[str], list[str]]) -> None:
    """With options and all that is asked for, as with the shortest."""
    each = tree("rosenbrock", 10, optimizers=OPTIONS[0], schedule={"name": "cosine"})
    said = dict(line.split(": loss ") for line in run(show_as_code(load_spec(each))))
    runs = answer(load_spec(each)).part("descent")["runs"]
    losses = {key: float(text.split(" at ")[0]) for key, text in said.items()}
    assert losses == pytest.approx({key: runs[key]["loss"] for key in said}, rel=1e-9)
