"""A capstone as a script says what its Record says: fold losses, test loss, threshold and profit."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fallline.core.errors import DataError
from fallline.runs.code import show_as_code
from fallline.runs.record import Record
from fallline.runs.spec import load_spec

TOLERANCE = 1e-6
"""In log loss; the encodings differ in the last bit of float32, and a training step carries that on."""

Run = Callable[[str], list[str]]
RecordOf = Callable[..., Record]


def tree(*families: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A small capstone on the churn table."""
    data = {"source": "named", "name": "telco_churn", "rows": 600}
    chosen = [{"params": {}, **family} for family in families] or [{"family": "logistic", "params": {}}]
    small = {"tune": {"trials": 1, "startup": 1, "pruner": "none"}, "train": {"folds": 3, "families": chosen}}
    return {"kind": "capstone", "title": "small", "data": data, **small, **more}


def numbers(lines: list[str], name: str) -> list[float]:
    """The numbers that a script prints after a name."""
    found = next(line for line in lines if line.startswith(f"{name}:"))
    return [float(word) for word in found.removeprefix(f"{name}:").split()]


def agree(tree_: dict[str, Any], run: Run, record_of: RecordOf) -> None:
    """Holds the fold losses of the families by hand to those of stages frame and train."""
    record = record_of(tree_, "frame", "train")
    lines = [line for line in run(show_as_code(load_spec(tree_), record)) if "by hand:" in line]
    entries = list(record.part("train")["families"].values())
    by_hand = [(family["family"], params_of(record, family)) for family in tree_["train"]["families"]]
    assert len(lines) == len(by_hand)
    for line, (family, losses) in zip(lines, by_hand, strict=True):
        assert line.startswith(f"{family} by hand:")
        assert numbers([line], f"{family} by hand") == pytest.approx(losses, abs=TOLERANCE)
    assert len(entries) == len(lines)


def params_of(record: Record, family: dict[str, Any]) -> list[float]:
    """The fold losses of the entry that has these hyperparameters."""
    for entry in record.part("train")["families"].values():
        same = all(entry["params"].get(name) == value for name, value in family.get("params", {}).items())
        if entry["family"] == family["family"] and same:
            losses: list[float] = entry["fold_losses"]
            return losses
    raise AssertionError(family)


NETS = (
    {"optimizer": "nesterov", "schedule": "one_cycle", "activation": "tanh", "layers": 2, "width": 16, "rate": 0.02},
    {"optimizer": "rmsprop", "schedule": "warmup_cosine", "activation": "elu", "dropout": 0.0, "patience": 0},
    {"optimizer": "sgd", "schedule": "step", "rate": 0.05, "epochs": 12},
    {"optimizer": "adagrad", "schedule": "exponential", "rate": 0.02, "epochs": 12},
    {"optimizer": "momentum", "schedule": "constant", "rate": 0.01, "epochs": 12},
    {"optimizer": "adam", "schedule": "cosine", "rate": 0.003, "epochs": 12},
    {"optimizer": "lion", "schedule": "cosine", "rate": 0.001, "epochs": 12},
    {"optimizer": "ftrl", "schedule": "constant", "rate": 0.1, "epochs": 12},
)
"""Optimizers that torch has and such as are written out, schedules and activations of the neural net."""


def test_the_pick_of_a_record_gives_its_numbers(run: Run, record_of: RecordOf) -> None:
    """All three families searched: fold losses, calibrated test loss, threshold and profit of the pick."""
    families = [{"family": name} for name in ("logistic", "boosting", "mlp")]
    few = {"check": {"resamples": 100}, "decide": {"resamples": 100}, "explain": {"repeats": 2, "rows": 2}}
    asked = tree(*families, **few, compress={"repeats": 2}, tradeoff={"rule": "best profit"})
    record = record_of({**asked, "tune": {"trials": 8, "startup": 4}})
    lines = run(show_as_code(load_spec(record.spec), record))
    pick = record.part("tradeoff")["pick"]
    entries = {f"trial {trial['number']}": trial for trial in record.part("tune")["trials"]}
    entries |= {f"{name} by hand": entry for name, entry in record.part("train")["families"].items()}
    assert numbers(lines, "Fold losses") == pytest.approx(entries[pick["name"]]["fold_losses"], abs=TOLERANCE)
    loss = record.part("check")["metrics"]["log_loss"]["estimate"]
    assert numbers(lines, "Test log loss") == pytest.approx([loss], abs=TOLERANCE)
    assert numbers(lines, "Threshold") == pytest.approx([record.part("decide")["threshold"]], abs=1e-12)
    assert numbers(lines, "Profit per 1,000") == pytest.approx([record.part("decide")["profit_per_1000"]], abs=1e-9)


def test_every_family_by_hand_gives_its_fold_losses(run: Run, record_of: RecordOf) -> None:
    """Boosting with bagging, and nets with many an optimizer, schedule and activation, without a Record's pick."""
    boosting = {"family": "boosting", "params": {"rows": 0.7, "leaves": 4, "rounds": 30}}
    agree(tree(boosting, *({"family": "mlp", "params": params} for params in NETS[:2])), run, record_of)
    agree(tree(*({"family": "mlp", "params": params} for params in NETS[2:])), run, record_of)


@pytest.mark.parametrize(
    "split", [{"kind": "holdout"}, {"kind": "grouped", "column": "tenure"}, {"kind": "time", "column": "tenure"}]
)
def test_every_split_sets_the_same_rows_apart(split: dict[str, str], run: Run, record_of: RecordOf) -> None:
    """Hold-out, groups and time: the same rows teach and judge, so the fold losses are the same."""
    agree(tree(frame={"split": {**split, "test": 0.25}}, seed=5), run, record_of)


@pytest.mark.parametrize("name", ["credit", "breast_cancer", "attrition"])
def test_other_tables_are_encoded_as_ours(name: str, run: Run, record_of: RecordOf) -> None:
    """Missing words and numbers, rare levels, and a table of scikit-learn; brier, ROC AUC, median, random and grid."""
    search = {"credit": ("brier", "random", "median"), "breast_cancer": ("roc_auc", "grid", "none")}
    metric, sampler, pruner = search.get(name, ("log_loss", "random", "racing"))
    tune = {"trials": 2, "startup": 1, "metric": metric, "sampler": sampler, "pruner": pruner}
    data = {"source": "named", "name": name}
    families = [{"family": "logistic"}, {"family": "boosting", "params": {"rounds": 20}}]
    agree(tree(*families, data=data, tune=tune), run, record_of)


def write_csv(path: Path) -> None:
    """A table with every kind of column: words for missing values, a date, a free text, an id, a two-word column."""
    rng = np.random.default_rng(0)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["id", "fee", "since", "plan", "member", 'a "quoted" \\ name', "left"])
        for number in range(400):
            fee = rng.normal(50, 20)
            day = dt.date(2020, 1, 1) + dt.timedelta(days=int(rng.integers(900)))
            plan = rng.choice(["basic", "full", "None", "trial"], p=[0.5, 0.3, 0.195, 0.005])
            left = rng.random() < 1 / (1 + np.exp(2 - fee / 30 - 2 * (plan == "full")))
            shown = [f"c{number:04d}", "n/a" if rng.random() < 0.1 else f"{fee:.2f}", day.isoformat(), plan]
            out.writerow([*shown, rng.choice(["yes", "no", ""]), f"{rng.normal():.4f}", "gone" if left else "here"])


def test_a_person_s_own_file_is_read_as_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, record_of: RecordOf
) -> None:
    """A CSV with a delimiter, missing words and dates, and the same as Parquet."""
    monkeypatch.chdir(tmp_path)
    write_csv(Path("own.csv"))
    data = {"source": "file", "path": "own.csv", "target": "left", "positive": "gone", "delimiter": ";"}
    families = [{"family": "logistic"}, {"family": "boosting", "params": {"rounds": 20}}]
    agree(tree(*families, data=data), run, record_of)
    table = {"fee": np.linspace(0, 9, 200), "kind": ["a", "b"] * 100, "left": [True, False, False, True, True] * 40}
    pq.write_table(pa.table(table), "own.parquet")
    data = {"source": "file", "path": "own.parquet", "target": "left"}
    agree(tree(data=data), run, record_of)


def test_a_table_that_no_run_has_read_is_refused_in_a_sentence() -> None:
    """Without a Record nobody knows what the columns of a person's own file are."""
    asked = tree(data={"source": "file", "path": "own.csv"})
    with pytest.raises(DataError, match="found out by a run"):
        show_as_code(load_spec(asked), None)


def test_a_hostile_title_stays_a_title(run: Run) -> None:
    """Quotes, backslashes and line breaks in a title do not get out of the docstring."""
    title = '"""\nprint("owned")\n"""\\'
    script = show_as_code(load_spec({"kind": "descent", "title": title, "steps": 3}), None)
    assert "owned" not in "".join(run(script))
