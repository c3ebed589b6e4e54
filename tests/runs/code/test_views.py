"""The views of a kept Record as scripts, run on the Record that comes with the course."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from fallline.runs.answer import answer
from fallline.runs.code import SHOWN, show_as_code
from fallline.runs.record import Record
from fallline.runs.shipped import shipped_bytes, shipped_names, shipped_record
from fallline.runs.spec import SPECS, load_spec

Run = Callable[[str], list[str]]


def read(name: str) -> Record:
    """A shipped Record by ``shipped:NAME``."""
    return shipped_record(name.removeprefix("shipped:"))


@pytest.fixture
def view(tmp_path: Path, run: Run) -> Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, str]]]:
    """Gives a view's part, and what its script prints as name → text."""

    def look(tree: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        spec = load_spec(tree)
        record = shipped_record("churn")
        (tmp_path / "record.json").write_bytes(orjson.dumps(record.to_dict()))
        for artifact in record.artifacts:
            (tmp_path / artifact.name).write_bytes(shipped_bytes(artifact.sha256))
        lines = run(show_as_code(spec))
        return answer(spec, read, shipped_bytes).part(spec.kind), dict(line.partition(": ")[::2] for line in lines)

    return look


def test_every_kind_of_spec_is_shown() -> None:
    """No kind of Spec is left without code."""
    assert set(SHOWN) == set(SPECS)


@pytest.mark.parametrize("family", ["all", "boosting"])
def test_the_study_has_the_same_best(family: str, view: Any) -> None:
    """Trials and best value, in Optuna."""
    part, said = view({"kind": "study", "trials": 40, "family": family})
    assert part["best"] is not None
    assert f"{part['shown']} trials, best {part['best']!r}" in said
    assert f"'number': {part['best_trial']}," in said["Best trial"]


@pytest.mark.parametrize("limit", [0.3, 1.0])
@pytest.mark.parametrize("rule", ["best profit", "simplest within one standard error"])
def test_the_front_and_the_pick_are_the_same(rule: str, limit: float, view: Any) -> None:
    """Which candidates are on the front, how many keep to the limits, which is picked."""
    part, said = view({"kind": "front", "rule": rule, "latency_us": 33.2, "fairness_gap": limit})
    assert said["On the front"].split("; ") == [point["name"] for point in part["points"] if point["on_front"]]
    assert int(said["Feasible"]) == part["feasible"]
    assert said["Pick"] == part["pick"]["name"]


@pytest.mark.parametrize("size", [1000.0, 15.0, 0.1])
def test_the_variant_is_the_same(size: float, view: Any) -> None:
    """The smallest file under the budget, or none."""
    part, said = view({"kind": "variants", "size_kb": size, "log_loss_rise": 0.02})
    assert said["Pick"] == str(part["pick"])


@pytest.mark.parametrize("fp", [-20.0, 5.0])
def test_the_profit_is_the_same(fp: float, view: Any) -> None:
    """At the threshold, at Elkan's, and at the best of these rows."""
    part, said = view({"kind": "profit", "threshold": 0.35, "tp": 90.0, "fp": fp})
    assert float(said["At 0.35"]) == pytest.approx(part["profit_per_1000"], abs=1e-6)
    elkan, profit = map(float, said["Elkan's threshold"].split())
    assert (elkan, profit) == pytest.approx((part["elkan"], part["elkan_profit_per_1000"]), abs=1e-6)
    assert float(said["Best of these rows"].split()[1]) == pytest.approx(part["best_profit_per_1000"], abs=1e-6)


def test_the_explanation_adds_up_to_the_probability(view: Any) -> None:
    """Base and SHAP values give the probability that the model gave; the largest comes first."""
    part, said = view({"kind": "explanation", "row": 3, "top": 5})
    assert float(said["Probability"]) == pytest.approx(part["probability"], abs=1e-5)
    assert f"{part['first']['push']:+.9f} {part['first']['column']} = {part['first']['value']}" == list(said)[1]
    assert len(said) == 1 + 5


def test_the_prediction_is_the_same(view: Any) -> None:
    """The exported file in ONNX Runtime, before and after a change; a missing number is allowed."""
    changes = {"contract": "Two year", "total_charges": "", "tenure": "40"}
    part, said = view({"kind": "prediction", "row": 2, "changes": changes})
    assert float(said["Before"]) == pytest.approx(part["before"], abs=1e-12)
    assert float(said["After"]) == pytest.approx(part["after"], abs=1e-12)


def test_the_comparison_counts_the_same(tmp_path: Path, run: Run) -> None:
    """As many differences asked and found."""
    first, second = min(shipped_names()), max(shipped_names())
    for name, which in (("first", first), ("second", second)):
        (tmp_path / f"{name}.json").write_bytes(orjson.dumps(shipped_record(which).to_dict()))
    spec = load_spec({"kind": "comparison", "first": f"shipped:{first}", "second": f"shipped:{second}"})
    part = answer(spec, read, shipped_bytes).part("comparison")
    lines = [line for line in run(show_as_code(spec)) if line.startswith("Different in")]
    assert len(lines) == 2
    assert int(lines[1].split(": ")[1]) == part["came"]
