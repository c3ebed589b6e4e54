"""A race: what it finds is what its trials say, killed and resumed it says the same, and what is wrong is refused."""

from __future__ import annotations

import copy
import math
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fallline.core.errors import SpecError
from fallline.core.executor import SerialExecutor
from fallline.runs.execute import Surroundings, execute
from fallline.runs.executors.processes import ProcessExecutor
from fallline.runs.race.rates import grid
from fallline.runs.race.target import SHARE
from fallline.runs.spec import load_spec
from fallline.runs.spec.workloads import WORKLOADS
from tests.runs.race.conftest import TREE, Raced, run_race


def trials(raced: Raced, workload: str, lane: str, optimizer: str, kind: str) -> list[dict[str, Any]]:
    """The trials of one optimizer: of one rate on the tuning seeds, or those that judge (``best``)."""
    start = f"trial/{workload}/{lane}/{optimizer}/{kind}/"
    return [payload for name, payload in raced.checkpoints.items() if name.startswith(start)]


def test_every_trial_is_a_checkpoint(raced: Raced) -> None:
    """Workloads × optimizers of each lane × (rates × tuning seeds + judging seeds), each under its own name."""
    names = [name for name in raced.checkpoints if name.startswith("trial/")]
    torch, ours = 4, len(raced.part["workloads"]["quadratic"]["entries"]["fallline-torch"])
    assert len(names) == 2 * (torch + ours) * (3 * 2 + 8)


def test_the_rate_is_the_one_with_the_lowest_mean_on_the_tuning_seeds(raced: Raced) -> None:
    """Recomputed from the trials; the seeds that judge have no say."""
    for workload in raced.part["workloads"]:
        for optimizer, entry in raced.part["workloads"][workload]["entries"]["torch"].items():
            means = []
            for rate in grid(optimizer, 3, 1):
                best = [each["best"] for each in trials(raced, workload, "torch", optimizer, f"{rate:g}")]
                assert len(best) == 2
                means.append(math.inf if None in best else statistics.fmean(best))
            assert entry["rate"] == entry["rates"][means.index(min(means))]


def test_bands_and_steps_are_those_of_the_judging_trials(raced: Raced) -> None:
    """Median curve, lowest losses and first steps below the target, recomputed in plain Python."""
    for key, workload in raced.part["workloads"].items():
        target = workload["target"]["value"]
        for optimizer, entry in workload["entries"]["torch"].items():
            judged = trials(raced, key, "torch", optimizer, "best")
            assert entry["best"] == [each["best"] for each in judged]
            place = len(workload["points"]) // 2
            ordered = sorted(each["losses"][place] for each in judged)
            assert entry["band"]["median"][place] == pytest.approx(ordered[round(0.5 * 7)], rel=1e-6)
            for each, steps in zip(judged, entry["steps_to"], strict=True):
                below = [p for p, loss in zip(workload["points"], each["losses"], strict=True) if loss <= target]
                assert steps == (below[0] if below else None)


def test_the_target_is_what_the_best_reference_reaches_in_three_quarters(raced: Raced) -> None:
    """The lowest of the references' medians, and the slack."""
    for key, workload in raced.part["workloads"].items():
        reached = []
        for reference in ("momentum", "nadam"):
            until = [place for place, point in enumerate(workload["points"]) if point <= SHARE * workload["steps"]]
            lowest = sorted(
                min(each["losses"][i] for i in until) for each in trials(raced, key, "torch", reference, "best")
            )
            reached.append(lowest[round(0.5 * 7)])
        assert workload["target"]["value"] == pytest.approx(1.05 * min(reached))


def test_the_same_formula_is_the_same_curve_in_both_lanes(raced: Raced) -> None:
    """Ours in torch's dialect is torch's, for every name that both have."""
    for workload in raced.part["workloads"].values():
        assert workload["same"]
        for found in workload["same"].values():
            assert found["groups"] == [["torch", "fallline-torch"]]
            assert found["apart"] == [0.0]


def test_the_same_spec_gives_the_same_result_in_processes_too(raced: Raced) -> None:
    """Two workers, other order of events: the same digest."""
    with ProcessExecutor(2) as executor:
        record = execute(load_spec(TREE), Surroundings(clock=time.time, executor=executor))
    assert record.result_digest() == raced.record.result_digest()


@pytest.mark.parametrize("kept", [0, 1, 40, 75, 100])
def test_killed_and_resumed_it_says_the_same(raced: Raced, kept: int) -> None:
    """Whatever part of the checkpoints a kill leaves, also one in the middle of a block."""
    left = dict(list(raced.checkpoints.items())[: len(raced.checkpoints) * kept // 101])
    again = run_race(TREE, left)
    assert again.record.result_digest() == raced.record.result_digest()
    assert len(again.checkpoints) < len(raced.checkpoints) or kept < 40


def test_a_cancelled_race_stops_between_blocks() -> None:
    """Who asks it to stop gets the ending that says so, and no further block begins."""
    begun: list[int] = []

    class Counting(SerialExecutor):
        def each(self, function: Any, items: Any, waiting: Any) -> Any:
            for item in super().each(function, items, waiting):
                begun.append(1)
                yield item

    around = Surroundings(clock=time.time, executor=Counting(), cancelled=lambda: len(begun) >= 2)
    assert execute(load_spec(TREE), around).ending.kind.value == "cancelled"
    assert len(begun) == 2


def test_a_lane_that_is_not_installed_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race goes on without it, with a warning; without any lane it is refused."""
    monkeypatch.setattr("fallline.peers.lanes.find_spec", lambda name: object() if name == "torch" else None)
    tree = {
        **TREE,
        "lanes": ["keras", "torch"],
        "optimizers": ["gd"],
        "seeds": 1,
        "workloads": {"quadratic": {"steps": 5}},
    }
    found = run_race(tree)
    assert found.part["order"]["lanes"] == ["torch"]
    assert any("Keras is left out" in warning for warning in found.record.warnings)
    with pytest.raises(SpecError, match="lanes"):
        run_race({**tree, "lanes": ["keras"]})


@pytest.mark.parametrize("optimizer", ["gd", "adam", "no one has it"])
@pytest.mark.parametrize("per_decade", [1, 2, 5])
def test_every_optimizer_gets_as_many_rates_evenly_spaced(optimizer: str, per_decade: int) -> None:
    """As many for each, ascending, with the same ratio between neighbours, the usual one among them."""
    rates = grid(optimizer, 7, per_decade)
    assert len(rates) == 7
    assert np.diff(np.log10(rates)) == pytest.approx([1 / per_decade] * 6, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"workloads": {"quadratc": {}}}, "Did you mean 'quadratic'"),
        ({"workloads": {"mine": {"net": "mlp"}}}, "workloads.mine.data"),
        ({"workloads": {"mine": {"net": "mpl", "data": "digits"}}}, "Did you mean 'mlp'"),
        ({"workloads": {"mine": {"net": "mlp", "data": "digit"}}}, "Did you mean 'digits'"),
        ({"workloads": {"mine": {"net": "mlp", "data": "digits", "options": {"width": 3}}}}, "Did you mean 'widths'"),
        ({"workloads": {"mine": {"net": "mlp", "data": "table"}}}, "[data]"),
        ({"workloads": {"mine": {"base": "quad", "steps": 9}}}, "workloads.mine.base"),
        ({"optimizers": ["adan"]}, "Did you mean 'adam'"),
        ({"optimizers": ["adam", "adam"]}, "stands once"),
        ({"references": ["nobody"]}, "references.0"),
        ({"lanes": ["tensorflow"]}, "lanes"),
        ({"workloads": {"mine": {"code": "mine.py", "data": "digits"}}}, "workloads.mine.code"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_runs(change: dict[str, Any], said: str) -> None:
    """The place, and the nearest known name."""
    with pytest.raises(SpecError) as refusal:
        load_spec({**copy.deepcopy(TREE), **change})
    assert said in str(refusal.value)


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_named_workload_can_be_raced(name: str) -> None:
    """Five steps of it in torch, from its rows to its advice."""
    tree = {**TREE, "lanes": ["torch"], "optimizers": ["gd", "adam"], "rates": 1, "tuning_seeds": 1, "seeds": 2,
            "workloads": {name: {"steps": 5}}}  # fmt: skip
    workload = run_race(tree).part["workloads"][name]
    assert workload["weights"] > 0
    assert workload["flops"] > 0
    assert workload["advice"]["torch"]
    for entry in workload["entries"]["torch"].values():
        assert all(value is not None for value in entry["last"])


def test_a_table_of_ones_own_is_a_workload(tmp_path: Path) -> None:
    """Ten lines of TOML: a CSV, a net, and the names of the optimizers."""
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'yes' if a > b else 'no'}" for a, b in rng.standard_normal((120, 2))]
    (tmp_path / "mine.csv").write_text("\n".join(["a,b,bought", *rows]))
    from fallline.runs.sources import load

    mine = {"net": "logistic", "data": "table", "steps": 10}
    source = {"source": "file", "path": str(tmp_path / "mine.csv"), "target": "bought"}
    tree = {**TREE, "lanes": ["torch"], "seeds": 2, "workloads": {"mine": mine}, "data": source}
    spec = load_spec(tree)
    data = spec.data  # type: ignore[attr-defined]
    record = execute(spec, Surroundings(clock=time.time, data=lambda: load(data, allow_files=True)))
    assert record.part("race")["workloads"]["mine"]["rows"] == 96
