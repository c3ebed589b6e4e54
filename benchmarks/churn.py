"""The run all the way down on the real churn table: time, memory, and how good the pick is against what one would take.

The others learn from the same rows and are judged on the same test rows: logistic regression and LightGBM with their
defaults, and FLAML with the seconds that the run took, where it is installed. Profit is at Elkan's threshold for all.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figure import Figure
from benchmarks.measure import Spent, spent
from fallline.engine.data.encode import fit_encoding
from fallline.engine.data.table import target_vector
from fallline.runs.sources import load
from fallline.runs.spec import load_spec, to_toml

EXAMPLE = Path(__file__).parent.parent / "examples" / "churn.toml"
QUICK_TRIALS = 12
Floats = NDArray[np.floating[Any]]
Fit = Callable[[NDArray[np.float32], NDArray[np.int8], NDArray[np.float32]], Floats]


def figures(quick: bool) -> list[Figure]:
    """Runs the example and its rivals."""
    tree = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    if quick:
        tree["tune"] = {**tree["tune"], "trials": QUICK_TRIALS, "startup": QUICK_TRIALS // 2}
    took, record = ran(tree)
    test = record["result"]["check"]["test"]
    y, chance = np.array(test["y"]), np.array(test["p"])
    payoff, threshold = tree["frame"]["payoff"], record["result"]["decide"]["threshold"]
    ours, earned = log_loss(y, chance), profit(y, chance, threshold, payoff)
    found = [
        Figure("time", took.seconds, "s", "< 180", "two cores, the whole process"),
        Figure("peak memory", took.peak / 2**20, "MiB", "< 2048", "the largest process"),
        Figure("test log loss", ours),
        Figure("test profit", earned, "$ per 1,000"),
    ]
    elkan = (payoff["tn"] - payoff["fp"]) / (payoff["tn"] - payoff["fp"] + payoff["tp"] - payoff["fn"])
    for name, p in rivals(tree, np.array(test["rows"]), took.seconds).items():
        theirs, gained = log_loss(y, p), profit(y, p, elkan, payoff)
        found += [
            Figure("test log loss, ours less theirs", ours - theirs, "", "<= 0", name),
            Figure("test profit, ours less theirs", earned - gained, "$ per 1,000", ">= 0", name),
        ]
    return found


def ran(tree: dict[str, Any]) -> tuple[Spent, dict[str, Any]]:
    """Runs the Spec by the command line in an empty home; returns what it took, and its Record."""
    with TemporaryDirectory() as home:
        spec = Path(home) / "churn.toml"
        spec.write_text(to_toml(load_spec(tree)), encoding="utf-8")
        environment = {"FALLLINE_HOME": home, "FALLLINE_DATABASE": "", "COLUMNS": "120"}
        command = [sys.executable, "-m", "fallline.cli.main"]
        took = spent([*command, "run", spec], environment=environment)
        if took.code:
            raise RuntimeError(took.output)
        name = took.output.rpartition("Record ")[2].split()[0]
        shown = spent([*command, "show", name, "--json"], environment=environment)
    return took, json.loads(shown.output)


def rivals(tree: dict[str, Any], test: NDArray[np.int64], seconds: float) -> dict[str, Floats]:
    """Returns rival → its probabilities of the test rows."""
    table = load(load_spec(tree).data).table  # type: ignore[attr-defined]
    y = target_vector(table)
    train = np.setdiff1d(np.arange(table.rows), test)
    found = {}
    for name, (style, fit) in contenders(seconds).items():
        encoding = fit_encoding(table, train, style=style)
        found[name] = fit(encoding.matrix(table, train), y[train], encoding.matrix(table, test))
    return found


def contenders(seconds: float) -> dict[str, tuple[Any, Fit]]:
    """Returns name → how its columns are written, and how it is fitted."""
    import lightgbm
    from sklearn.linear_model import LogisticRegression

    def fitted(model: Any) -> Fit:
        return lambda x, y, new: np.asarray(model.fit(x, y).predict_proba(new))[:, 1]

    found: dict[str, tuple[Any, Fit]] = {
        "logistic regression, defaults": ("linear", fitted(LogisticRegression(max_iter=1000))),
        "LightGBM, defaults": ("trees", fitted(lightgbm.LGBMClassifier(verbose=-1, random_state=0))),
    }
    if importlib.util.find_spec("flaml"):

        def flaml(x: Any, y: Any, new: Any) -> Floats:
            from flaml import AutoML  # type: ignore[import-not-found,unused-ignore]

            model = AutoML()
            model.fit(x, y, task="classification", metric="log_loss", time_budget=seconds, seed=0, verbose=0)
            return np.asarray(model.predict_proba(new))[:, 1]

        found[f"FLAML, {seconds:.0f} s"] = ("trees", flaml)
    return found


def log_loss(y: NDArray[Any], p: Floats) -> float:
    """Mean negative log likelihood."""
    safe = np.clip(p, 1e-12, 1 - 1e-12)
    return float(-np.mean(np.where(y == 1, np.log(safe), np.log1p(-safe))))


def profit(y: NDArray[Any], p: Floats, threshold: float, payoff: dict[str, float]) -> float:
    """Money per thousand rows when one acts at and above a threshold."""
    act, positive = p >= threshold, y == 1
    counts = {"tp": act & positive, "fp": act & ~positive, "fn": ~act & positive, "tn": ~act & ~positive}
    return float(1000 * sum(payoff[name] * found.mean() for name, found in counts.items()))
