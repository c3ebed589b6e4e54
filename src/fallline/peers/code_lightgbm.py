"""LightGBM as source: boosting through its scikit-learn interface, by LightGBM's own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMES = {
    "leaves": "num_leaves",
    "rate": "learning_rate",
    "rounds": "n_estimators",
    "min_child": "min_child_samples",
    "l2": "reg_lambda",
    "features": "colsample_bytree",
    "rows": "subsample",
}
"""Our name → the argument of ``LGBMClassifier``."""

LEARNER = '''\
def boosting(x, y, rng, **params):
    """Fits boosted trees; the seed and one thread make them the same every time."""
    fixed = {"deterministic": True, "force_row_wise": True, "use_missing": False}
    seed = int(rng.integers(2**31))
    model = LGBMClassifier(random_state=seed, n_jobs=1, verbosity=-1, **fixed, **params)
    return partial(model.fit(x, y).predict, raw_score=True)'''


def arguments(params: Mapping[str, Any]) -> dict[str, Any]:
    """Returns hyperparameters as arguments of ``LGBMClassifier``; bagging is on where not every row is used.

    >>> arguments({"leaves": 8, "rows": 1.0})
    {'num_leaves': 8}
    """
    named = {NAMES[key]: value for key, value in params.items() if key != "rows" or value < 1}
    return {**named, "subsample_freq": 1} if "subsample" in named else named
