"""Views on the Records that come with the course, each against a plain computation on the Record itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fallline.core.errors import NotFound, SpecError
from fallline.peers import onnxruntime
from fallline.runs.answer import answer
from fallline.runs.shipped import shipped_bytes, shipped_names, shipped_record
from fallline.runs.spec import load_spec
from fallline.runs.stages import STAGES

View = Callable[..., dict[str, Any]]
CHURN = "churn"
MONEY = st.floats(-100, 100).map(lambda value: round(value, 2))


CHURNS = {"churn", "churn-random", "churn-again", "churn-net"}


def test_a_race_and_four_capstones_come_with_the_course() -> None:
    """Each ended every stage and says by which command it was run; a capstone carries the model that it serves."""
    assert set(shipped_names()) == {*CHURNS, "race"}
    race = shipped_record("race")
    assert (set(race.result), race.artifacts) == ({"race"}, ())
    assert race.observed["shipped"]["command"] == "fallline race examples/race.toml"
    for name in CHURNS:
        record = shipped_record(name)
        assert set(record.result) == set(STAGES)
        assert record.observed["shipped"]["command"] == f"fallline run examples/{name}.toml"
        assert [len(shipped_bytes(each.sha256)) == each.size for each in record.artifacts] == [True]


def test_a_record_that_is_not_there_is_named(view: View) -> None:
    """A view alone knows the course's Records and no others."""
    with pytest.raises(NotFound, match=r"churn, churn-again"):
        view("study", record="shipped:chum")
    with pytest.raises(NotFound, match=r"0123456789-1"):
        view("study", record="0123456789-1")


@pytest.mark.parametrize("name", ["churn", "churn-random", "churn-again"])
@pytest.mark.parametrize("folds", [1, 2, 5])
@pytest.mark.parametrize("trials", [1, 17, 64])
def test_study_chooses_by_the_folds_it_may_see(view: View, name: str, folds: int, trials: int) -> None:
    """The choice is the lowest mean of the first folds; what it is worth and what it loses is over all of them."""
    every = shipped_record(name).part("tune")["trials"]
    ended = [trial for trial in every if trial["state"] == "complete"]
    shown = [trial for trial in ended if trial["number"] < trials]
    part = view("study", record=f"shipped:{name}", trials=trials, folds=folds)
    best = min(shown, key=lambda trial: np.mean(trial["fold_losses"][:folds]))
    values = [np.mean(trial["fold_losses"]) for trial in shown]
    assert part["best_trial"] == best["number"]
    assert part["best_value"] == pytest.approx(np.mean(best["fold_losses"]))
    assert part["lost"] == pytest.approx(np.mean(best["fold_losses"]) - min(values))
    assert part["still_to_gain"] == pytest.approx(min(values) - min(trial["value"] for trial in ended))
    assert part["fits"] == sum(len(t["fold_losses"][:folds]) for t in every if t["number"] < trials)


def test_study_judges_its_choice_by_the_fold_left_out(view: View) -> None:
    """Chosen on four folds, looked at on the fifth, five times over: never better than the score that chose."""
    part = view("study", record="shipped:churn", trials=64, folds=5)
    losses = np.array(
        [t["fold_losses"] for t in shipped_record(CHURN).part("tune")["trials"] if t["state"] == "complete"]
    )
    left_out = [losses[np.delete(losses, fold, axis=1).mean(axis=1).argmin(), fold] for fold in range(losses.shape[1])]
    assert part["honest"] == pytest.approx(np.mean(left_out))
    assert part["optimism"] == pytest.approx(part["honest"] - part["best"])
    assert part["optimism"] >= 0


def test_study_of_a_family_that_has_not_ended_says_so(view: View) -> None:
    """No trial to choose among is a sentence, not an error."""
    part = view("study", record="shipped:churn", trials=1, family="mlp")
    assert part["best"] is None
    assert part["sentence"].startswith("No trial of this family has ended")


@given(st.floats(0.2, 0.35), st.sampled_from(["best profit", "simplest within one standard error"]))
@settings(max_examples=40, deadline=None)
def test_front_keeps_to_the_limit_or_says_that_nothing_does(gap: float, rule: str) -> None:
    """The pick is feasible where anything is; best profit takes the highest; losses count from the best of all."""
    part = answer(load_spec({"kind": "front", "fairness_gap": gap, "rule": rule})).part("front")
    points = shipped_record(CHURN).part("tradeoff")["points"]
    feasible = [point for point in points if point["fairness_gap"] <= gap and point["latency_us"] <= 1000]
    highest = max(point["profit_per_1000"] for point in points)
    assert part["feasible"] == len(feasible)
    assert part["lost_per_1000"] == pytest.approx(highest - part["pick"]["profit_per_1000"])
    if feasible:
        assert part["pick"]["fairness_gap"] <= gap
    if feasible and rule == "best profit":
        assert part["pick"]["profit_per_1000"] == max(point["profit_per_1000"] for point in feasible)


@pytest.mark.parametrize("name", ["churn", "churn-net"])
@pytest.mark.parametrize(("size", "rise"), [(1e6, 1.0), (12.0, 0.05), (1e6, 0.0), (1.0, 1.0)])
def test_variants_takes_the_smallest_that_fits(view: View, name: str, size: float, rise: float) -> None:
    """Within size and loss, the fewest bytes; nothing where nothing fits."""
    files = shipped_record(name).part("compress")["variants"]
    fits = [file for file in files if file["size"] <= 1000 * size and file["log_loss"] - files[0]["log_loss"] <= rise]
    part = view("variants", record=f"shipped:{name}", size_kb=size, log_loss_rise=rise, latency_us=1e6)
    assert part["pick"] == (min(fits, key=lambda file: (file["size"], file["log_loss"]))["name"] if fits else None)
    assert part["fitting"] == len(fits)
    assert 0 <= part["saved"] < 1


@given(st.floats(0, 1), MONEY, MONEY, MONEY, MONEY)
@settings(max_examples=60, deadline=None)
def test_profit_is_what_one_counts(threshold: float, tp: float, fp: float, fn: float, tn: float) -> None:
    """Money over the test rows by a loop, at the threshold and nowhere better than at the best."""
    money = {"tp": tp, "fp": fp, "fn": fn, "tn": tn}
    spec = load_spec({"kind": "profit", "threshold": threshold, **money})
    if tp <= fn:
        with pytest.raises(SpecError, match="must pay"):
            answer(spec)
        return
    part, test = answer(spec).part("profit"), shipped_record(CHURN).part("check")["test"]
    counted = 0.0
    for y, p in zip(test["y"], test["p"], strict=True):
        counted += (tp if y else fp) if p >= threshold else (fn if y else tn)
    assert part["profit_per_1000"] == pytest.approx(1000 * counted / len(test["y"]), abs=1e-6)
    assert sum(part["confusion"].values()) == part["rows"] == len(test["y"])
    assert part["best_profit_per_1000"] >= part["profit_per_1000"] - 1e-6
    assert part["lost_per_1000"] == pytest.approx(part["elkan_profit_per_1000"] - part["profit_per_1000"])


@given(st.integers(0, 119), st.integers(1, 19))
@settings(max_examples=50, deadline=None)
def test_explanation_adds_up(row: int, top: int) -> None:
    """Base and pushes make the log-odds; the order is by size; what decides alone is tried by taking it away."""
    part = answer(load_spec({"kind": "explanation", "row": row, "top": top})).part("explanation")
    shap = shipped_record(CHURN).part("explain")["shap"]
    pushes = dict(zip(shap["columns"], shap["values"][row], strict=True))
    logit = math.log(part["probability"] / (1 - part["probability"]))
    assert shap["base"] + part["up"] + part["down"] == pytest.approx(logit, abs=1e-3)
    assert abs(part["first"]["push"]) == max(map(abs, pushes.values()))
    without = 1 / (1 + math.exp(-(logit - part["first"]["push"])))
    assert part["first_decides"] == ((without >= part["threshold"]) != part["acted"])
    ordered = sorted(map(abs, pushes.values()), reverse=True)
    assert part["share"] == pytest.approx(sum(ordered[:top]) / sum(ordered))
    assert sum(ordered[: part["enough"]]) >= 0.8 * sum(ordered) > sum(ordered[: part["enough"] - 1])


def test_a_row_that_was_not_explained_is_refused(view: View) -> None:
    """The error says how many there are."""
    for kind in ("explanation", "prediction"):
        with pytest.raises(SpecError, match=r"row: 4999 is not a row below 120"):
            view(kind, row=4_999)


def test_comparison_pairs_the_same_test_rows(view: View) -> None:
    """The difference in log loss, row by row, and its interval, by plain numpy; none where the test rows differ."""
    part = view("comparison", first="shipped:churn", second="shipped:churn-random")
    tests = [shipped_record(name).part("check")["test"] for name in ("churn", "churn-random")]
    y = np.array(tests[0]["y"])
    one, other = (-(y * np.log(t["p"]) + (1 - y) * np.log1p(-np.array(t["p"]))) for t in tests)
    error = (one - other).std(ddof=1) / np.sqrt(len(y))
    assert part["paired"]["estimate"] == pytest.approx((one - other).mean())
    assert part["paired"]["high"] - part["paired"]["low"] == pytest.approx(2 * 1.96 * error)
    assert view("comparison", first="shipped:churn", second="shipped:churn-again")["paired"] is None


def test_comparison_of_a_record_with_itself_finds_nothing(view: View) -> None:
    """Nothing asked, nothing came out, no difference."""
    part = view("comparison", first="shipped:churn", second="shipped:churn")
    assert (part["same"], part["asked"], part["came"], part["rows"]) == (True, 0, 0, [])
    assert part["paired"]["estimate"] == 0.0
    assert not part["paired"]["told_apart"]


@pytest.mark.parametrize("row", [0, 16, 119])
def test_prediction_is_the_served_file_itself(view: View, row: int) -> None:
    """Before the changes it says what the Record's model said; after them what the file says of the changed row."""
    record = shipped_record(CHURN)
    shap = record.part("explain")["shap"]
    part = view("prediction", row=row, changes={"contract": "Two year", "tenure": 60}, across="monthly_charges")
    opened = onnxruntime.session(shipped_bytes(record.artifacts[0].sha256))
    changed = {**shap["rows"][row], "contract": "Two year", "tenure": 60.0}
    asked = onnxruntime.predict(opened, {name: [value] for name, value in changed.items()})
    assert part["before"] == pytest.approx(shap["probabilities"][row], abs=1e-5)
    assert part["after"] == pytest.approx(float(asked[0]), abs=1e-6)
    assert part["moved"] == pytest.approx(part["after"] - part["before"])
    assert part["changes"] == len(part["changed"]) <= 2


def test_prediction_along_a_column_passes_through_where_it_stands(view: View) -> None:
    """Along every column the line holds the prediction itself, and turns where it crosses the threshold."""
    part = view("prediction", row=24, across="tenure")
    along = part["along"]
    near = int(np.argmin(np.abs(np.array(along["at"]) - along["here"])))
    assert along["p"][near] == pytest.approx(part["after"], abs=0.02)
    first = next(at for at, p in zip(along["at"], along["p"], strict=True) if (p >= 0.2) != (along["p"][0] >= 0.2))
    assert along["turns"] == first
    words = view("prediction", row=24, across="contract")["along"]
    assert words["at"] == ["Month-to-month", "One year", "Two year"]
    assert words["p"][words["at"].index(words["here"])] == pytest.approx(part["after"], abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"changes": {"contrakt": "Two year"}}, r"contrakt.*Did you mean 'contract'"),
        ({"changes": {"tenure": "long"}}, r"changes\.tenure.*a number"),
        ({"changes": {"contract": 2.0}}, r"changes\.contract.*text"),
        ({"across": "tenur"}, r"across.*Did you mean 'tenure'"),
    ],
)
def test_a_change_that_cannot_be_is_refused(view: View, asked: dict[str, Any], sentence: str) -> None:
    """Unknown column, a word for a number, a number for a word."""
    with pytest.raises(SpecError, match=sentence):
        view("prediction", **asked)


def test_a_missing_value_may_be_asked_for(view: View) -> None:
    """Nothing in a number's place is a missing value, which the file takes."""
    part = view("prediction", row=3, changes={"total_charges": ""})
    assert part["row"]["total_charges"] == ""
    assert 0 < part["after"] < 1


@pytest.mark.parametrize("kind", ["study", "front", "variants", "profit", "explanation", "comparison", "prediction"])
def test_a_view_is_deterministic(kind: str) -> None:
    """Twice the same result, to the digest."""
    first, second = (answer(load_spec({"kind": kind})) for _ in range(2))
    assert first.result_digest() == second.result_digest()
