"""The runner of the benchmarks: what it prints, what it refuses, what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import benchmarks
from benchmarks import Figure, measure, report
from benchmarks.__main__ import main, names
from benchmarks.machine import machine

WORKING = '''"""A benchmark of nothing."""
from benchmarks import Figure

def figures(quick):
    """Two figures, one of which misses its target."""
    return [Figure("swift", 1.5, "ms", "<= 2", "a watch"), Figure("slow", 3.0 if quick else 4.0, "ms", "<= 2")]
'''
BROKEN = (
    '"""A benchmark that cannot run."""\n\ndef figures(quick):\n    """Raises."""\n    raise RuntimeError("no luck")\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the runner, without our benchmarks, beside which a test puts its own."""
    copy = tmp_path / "benchmarks"
    copy.mkdir()
    for part in ("__init__", "__main__", "figure", "machine", "measure", "report"):
        source = Path(benchmarks.__path__[0]) / f"{part}.py"
        (copy / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return copy


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the runner as a person would, in the current folder."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_json_has_the_agreed_shape(folder: Path) -> None:
    """One benchmark prints its name, its machine and its figures as JSON, and passes `--quick` on."""
    (folder / "speed.py").write_text(WORKING, encoding="utf-8")
    done = run("speed", "--json", "--quick")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert told["benchmark"] == "speed"
    assert set(told["machine"]) == set(machine())
    assert told["figures"] == [
        {"name": "swift", "value": 1.5, "unit": "ms", "target": "<= 2", "holds": True, "against": "a watch"},
        {"name": "slow", "value": 3.0, "unit": "ms", "target": "<= 2", "holds": False, "against": None},
    ]


def test_all_writes_a_page_and_survives_one_that_fails(folder: Path) -> None:
    """A benchmark that cannot run is named, costs the exit status, and does not keep the others from the page."""
    (folder / "speed.py").write_text(WORKING, encoding="utf-8")
    (folder / "broken.py").write_text(BROKEN, encoding="utf-8")
    done = run("all", "--write", "page.md")
    page = Path("page.md").read_text(encoding="utf-8")
    assert done.returncode == 1
    assert "Could not run: broken" in done.stderr
    assert "no luck" in done.stderr
    assert "| swift | 1.5 ms | <= 2 | yes | a watch |" in page
    assert "| slow | 4 ms | <= 2 | no |  |" in page


def test_an_unknown_benchmark_is_refused_with_the_known_ones(folder: Path) -> None:
    """A mistyped name ends with the list of names, before anything is measured."""
    (folder / "speed.py").write_text(WORKING, encoding="utf-8")
    done = run("sped")
    assert done.returncode == 2
    assert "speed" in done.stderr


def test_every_benchmark_of_ours_has_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """Each module that the runner lists can be imported and offers `figures`."""
    for name in names():
        module = __import__(f"benchmarks.{name}", fromlist=["figures"])
        assert callable(module.figures), name
        assert module.__doc__, name
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "--quick" in capsys.readouterr().out


def test_a_target_that_cannot_be_read_is_refused() -> None:
    """A figure with an unreadable target fails when it is made, not when someone reads the table."""
    with pytest.raises(ValueError, match="about 3"):
        Figure("speed", 1.0, "ms", "about 3")


@pytest.mark.parametrize(
    ("value", "target", "holds"),
    [(2.0, "<= 2", True), (2.0, "< 2", False), (2.0, "≥ 2", True), (float("nan"), "<= 2", False), (2.0, "", None)],
)
def test_a_target_is_compared_as_it_reads(value: float, target: str, holds: bool | None) -> None:
    """Bounds are inclusive or not as written; what is not a number meets no target; no target, no verdict."""
    assert Figure("figure", value, "", target).holds is holds


def test_an_infinite_value_is_null_in_json_and_undefined_in_the_table() -> None:
    """JSON has no infinity, so the value becomes null there and a word in the table."""
    told = Figure("figure", float("inf")).to_dict()
    assert told["value"] is None
    assert report.number(told["value"]) == "undefined"


def test_interleaving_turns_the_order_each_round() -> None:
    """No candidate always runs first, and every one runs once a round after its warm-up."""
    order: list[str] = []
    candidates = {name: lambda name=name: order.append(name) for name in "abc"}
    seconds = measure.interleaved(candidates, 3)
    assert "".join(order) == "abc" + "abc" + "bca" + "cab"
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3, "c": 3}


def test_a_process_is_charged_for_its_own_time_and_memory() -> None:
    """A child that holds 64 MiB and burns CPU is told apart from one that does nothing."""
    idle = measure.spent([sys.executable, "-c", "print('done')"])
    busy = measure.spent([sys.executable, "-c", "x = b'x' * 2**26; sum(range(3_000_000)); raise SystemExit(3)"])
    assert (idle.output, idle.code, busy.code) == ("done\n", 0, 3)
    assert busy.peak - idle.peak > 2**25
    assert busy.cpu > idle.cpu
