"""A user's own net as code: at the command line alone, hashed, and refused in a sentence when it does not fit."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from fallline.core.errors import SpecError
from fallline.core.person import LOCAL
from fallline.runs.execute import Surroundings, execute
from fallline.runs.race.code import CodeNet, code_of, read_code, with_code
from fallline.runs.spec import load_spec
from fallline.runs.submit import submit
from fallline.storage.database import open_database
from fallline.storage.ledger import SqlLedger

NET = """
import torch

def net():
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))

def wide():
    return torch.nn.Linear(7, 1)

def nothing():
    return 3
"""


def tree(path: Path, name: str = "net") -> dict[str, Any]:
    """A race on a net in a file."""
    return {
        "kind": "race", "lanes": ["torch", "keras"], "optimizers": ["gd", "adam"], "seeds": 2, "tuning_seeds": 1,
        "rates": 1, "workloads": {"mine": {"code": f"{path}:{name}", "data": "moons", "batch": 16, "steps": 6}},
    }  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file with the nets."""
    path = tmp_path / "mine.py"
    path.write_text(NET)
    return path


def test_it_is_raced_in_torch_and_not_in_keras(file: Path) -> None:
    """The lane of Keras leaves a torch module out; every seed has a start of its own."""
    record = execute(load_spec(tree(file)), Surroundings(clock=time.time, read_code=read_code))
    workload = record.part("race")["workloads"]["mine"]
    assert list(workload["entries"]) == ["torch"]
    assert workload["weights"] == 13
    firsts = workload["entries"]["torch"]["gd"]["band"]
    assert firsts["low"][0] < firsts["high"][0]


def test_the_same_seed_makes_the_same_net_and_leaves_torchs_stream_alone() -> None:
    """Drawn from the seed, whatever was drawn before."""
    import torch

    made = CodeNet(NET, "net", "workloads.mine.code")
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    first, second, other = (next(made(seed).parameters()) for seed in (3, 3, 4))
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(("name", "said"), [("nett", "Did you mean 'net'"), ("wide", "shape"), ("nothing", "module")])
def test_what_does_not_fit_is_said_before_the_race(file: Path, name: str, said: str) -> None:
    """An unknown name, a net for other rows, and no net at all."""
    with pytest.raises(SpecError) as refusal:
        execute(load_spec(tree(file, name)), Surroundings(clock=time.time, read_code=read_code))
    assert refusal.value.path == "workloads.mine.code"
    assert said in str(refusal.value)


def test_code_that_fails_is_said(tmp_path: Path) -> None:
    """The error of the file, with the place in the Spec."""
    (tmp_path / "bad.py").write_text("import nowhere_at_all")
    with pytest.raises(SpecError, match="nowhere_at_all"):
        execute(load_spec(tree(tmp_path / "bad.py")), Surroundings(clock=time.time, read_code=read_code))
    with pytest.raises(SpecError, match="can be read"):
        read_code(f"{tmp_path}/gone.py:net", "workloads.mine.code")


def test_the_code_is_part_of_the_key(file: Path) -> None:
    """Another text under the same name is another run; a race without code has the key of its data alone."""
    spec = load_spec(tree(file))
    before = with_code("", spec)
    file.write_text(NET.replace("Tanh", "ReLU"))
    assert with_code("", spec) != before
    assert with_code("ab", load_spec({"kind": "race"})) == "ab"
    assert code_of(load_spec({"kind": "descent"})) == {}


def test_a_server_refuses_code(file: Path, tmp_path: Path) -> None:
    """At the door, and again in the run, which is given no way to read it."""
    spec = load_spec(tree(file))
    database = open_database("", tmp_path)
    try:
        with pytest.raises(SpecError, match="command line alone"):
            submit(spec, SqlLedger(database), LOCAL, tmp_path / "uploads", time.time())
    finally:
        database.close()
    with pytest.raises(SpecError, match="command line alone"):
        execute(spec, Surroundings(clock=time.time))
