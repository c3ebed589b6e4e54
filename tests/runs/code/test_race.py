"""The winner of a workload as a script gives the loss that the race recorded, in PyTorch and in Keras."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fallline.runs.code import show_as_code
from fallline.runs.code.race.script import race_script
from fallline.runs.spec import load_spec
from fallline.runs.spec.race import RaceSpec
from tests.runs.race.conftest import Raced, run_race

WORKLOADS = {
    "mlp-digits-noisy": {"steps": 6},
    "cnn-digits": {"steps": 5},
    "gru-text": {"steps": 5},
    "logistic-small": {"steps": 6},
    "quadratic": {"steps": 6},
}
SPEC = {
    "kind": "race", "lanes": ["torch", "keras"], "optimizers": ["gd", "adam"], "seeds": 1, "tuning_seeds": 1,
    "rates": 1, "workloads": WORKLOADS,
}  # fmt: skip


@pytest.fixture(scope="module")
def raced() -> Raced:
    """A short race in both tools."""
    return run_race(SPEC)


@pytest.mark.parametrize("tool", ["torch", "keras"])
def test_the_scripts_give_the_recorded_losses(raced: Raced, tool: str, tmp_path: Path) -> None:
    """All workloads in one process: the loss printed last is the last of the winner's first seed."""
    spec = load_spec(SPEC)
    assert isinstance(spec, RaceSpec)
    for key in WORKLOADS:
        (tmp_path / f"{key}.py").write_text(race_script(spec, raced.part, key, tool))  # type: ignore[arg-type]
    driver = "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path)"
    paths = [str(tmp_path / f"{key}.py") for key in WORKLOADS]
    ran = subprocess.run([sys.executable, "-c", driver, *paths], capture_output=True, text=True, check=True)
    said = [float(line.split()[-1]) for line in ran.stdout.splitlines() if line.startswith("held-out loss")]
    for key, loss in zip(WORKLOADS, said, strict=True):
        workload = raced.part["workloads"][key]
        winner = workload["winners"][tool]["lowest"]
        assert loss == pytest.approx(workload["entries"][tool][winner]["last"][0], rel=1e-9)


def test_without_a_record_it_is_the_first_optimizer_at_a_usual_rate() -> None:
    """A Spec alone knows no winner."""
    script = show_as_code(load_spec({**SPEC, "workloads": {"quadratic": {}}}))
    assert "torch.optim.SGD(net.parameters(), lr=0.1)" in script


def test_a_net_of_ones_own_is_run_as_the_command_line_runs_it() -> None:
    """It has no layers to write down, so the script executes the Spec."""
    mine = {"code": "mine.py:net", "data": "moons"}
    script = show_as_code(load_spec({**SPEC, "workloads": {"mine": mine}}))
    compile(script, "script", "exec")
    assert "mine.py:net" in script
