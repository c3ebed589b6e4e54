"""Trains the candidates of the lab *Framing* on the Boston mortgages and writes their accuracy, time and fairness.

Run once by a maintainer, about two minutes: ``python -m scripts.mortgages``. Accuracy and gap are means over five
folds and repeat to the last digit on the same versions; the time of a decision is measured, so it differs a little
from machine to machine and carries its date.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fallline.runs.sources.named import NAMED

OUT = Path(__file__).parents[1] / "src/fallline/content/records/mortgages.json"
COLUMNS: dict[str, tuple[str, ...]] = {
    "payments and credit": ("pirat", "chist", "mhist", "phist"),
    "all but race": (
        "pirat", "hirat", "lvrat", "chist", "mhist", "phist", "unemp", "selfemp", "insurance", "condomin", "single",
        "hschool",
    ),
}  # fmt: skip
COLUMNS["all"] = (*COLUMNS["all but race"], "afam")


def families() -> dict[str, tuple[str, Callable[[], Any]]]:
    """Name → family and how a fresh model is made."""
    return {
        "logistic": ("logistic", lambda: make_pipeline(StandardScaler(), LogisticRegression())),
        "20 trees": ("boosting", lambda: LGBMClassifier(n_estimators=20, num_leaves=6, verbose=-1, n_jobs=1)),
        "100 trees": (
            "boosting",
            lambda: LGBMClassifier(num_leaves=15, n_estimators=100, learning_rate=0.04, verbose=-1, n_jobs=1),
        ),
        "small net": (
            "mlp",
            lambda: make_pipeline(StandardScaler(), MLPClassifier((16,), max_iter=400, random_state=0)),
        ),
        "forest of 300": ("forest", lambda: RandomForestClassifier(300, min_samples_leaf=5, random_state=0, n_jobs=1)),
        "25 neighbours": ("neighbours", lambda: make_pipeline(StandardScaler(), KNeighborsClassifier(25))),
    }


def candidates() -> Iterator[dict[str, Any]]:
    """Yields every model on every set of columns, with one bar for all and with bars moved towards equal rates."""
    table = NAMED["hmda"].load().to_pydict()
    codes = {
        name: np.array([float(v == "yes") if isinstance(v, str) else float(v) for v in table[name]]) for name in table
    }
    denied, black = codes["deny"].astype(int), codes["afam"].astype(bool)
    for chosen, columns in COLUMNS.items():
        rows = np.column_stack([codes[name] for name in columns])
        for model, (family, make) in families().items():
            scores, micros = scored(make, rows, denied)
            for evened in (0.0, 0.5, 1.0):
                said = decisions(scores, black, denied.mean(), evened)
                bars = {0.0: "", 0.5: ", bars half evened", 1.0: ", bars evened"}[evened]
                yield {
                    "name": f"{model}, {chosen}{bars}",
                    "family": family,
                    "columns": len(columns),
                    "evened": evened,
                    "accuracy": round(float(balanced_accuracy_score(denied, said)), 4),
                    "latency_us": micros,
                    "gap": round(abs(float(said[black].mean() - said[~black].mean())), 4),
                }


def scored(make: Callable[[], Any], rows: Any, denied: Any) -> tuple[Any, float]:
    """Returns out-of-fold probabilities, and the median time of a decision on one row in microseconds."""
    scores, times = np.zeros(len(denied)), []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(rows, denied):
        model = make().fit(rows[train], denied[train])
        scores[test] = model.predict_proba(rows[test])[:, 1]
    for row in rows[:60]:
        began = time.perf_counter()
        model.predict_proba(row[None])
        times.append(1e6 * (time.perf_counter() - began))
    return scores, float(f"{np.median(times):.3g}")


def decisions(scores: Any, black: Any, rate: float, evened: float) -> Any:
    """Denies the riskiest at twice the base rate; `evened` moves each group's bar towards that same rate within it."""
    share = 1.0 - 2.0 * rate
    one = np.quantile(scores, share)
    bars = np.where(black, np.quantile(scores[black], share), np.quantile(scores[~black], share))
    return (scores >= (1.0 - evened) * one + evened * bars).astype(int)


def main() -> None:
    """Writes the table."""
    warnings.simplefilter("ignore")
    made = {
        "table": "Boston mortgages, HMDA, 1990: 2,380 applications (Munnell and others, 1996)",
        "measured": datetime.now(UTC).date().isoformat(),
        "models": list(candidates()),
    }
    OUT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
