"""Gradient boosting of small trees (Friedman 2001) with LightGBM (Ke et al. 2017), kept as plain arrays.

Trees are small: with its default of 31 leaves boosting loses to the linear model on most tables of this size. The
matrix is float32 already, and each threshold is moved down to the nearest float32. For a float32 x, x ≤ t and
x ≤ snap(t) are the same question, so LightGBM, NumPy and the exported graph send every row to the same leaf.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fallline.core.ending import Ending, EndingKind
from fallline.core.errors import Unavailable
from fallline.core.event import Event, EventKind
from fallline.engine.train.family import Family, Lesson
from fallline.engine.train.hyperparameter import Hyperparameter
from fallline.engine.train.model import History, Matrix, frozen
from fallline.engine.train.trees import MOST_LEAVES, TreesModel


def fit_boosting(lesson: Lesson) -> tuple[TreesModel, Ending]:
    """Fits boosted trees on one fixed number of rounds.

    There is no early stopping: a fold that stops by its own rows judges itself too kindly. The number of rounds is a
    hyperparameter like any other, the same for all folds.
    """
    booster, history = train(lesson)
    model = from_booster(booster.dump_model(), lesson.matrix.shape[1], history)
    rounds = lesson.whole("rounds")
    splits = len(model.feature) - model.leaves
    if not splits:
        sentence = f"No split was worth making in {rounds} rounds, so every row gets the base rate: lower min_child."
        return model, Ending(EndingKind.STALLED, sentence, rounds)
    sentence = f"All {rounds} rounds were fitted: {model.trees} trees with {model.leaves} leaves."
    return model, Ending(EndingKind.FINISHED, sentence, rounds)


def train(lesson: Lesson) -> tuple[Any, History]:
    """Returns LightGBM's booster and log loss per round."""
    try:
        import lightgbm as lgb  # 3 s of imports: only a process that fits trees pays them
    except ImportError as error:
        raise Unavailable("Boosting needs LightGBM, which is not installed: pip install lightgbm") from error
    data = lgb.Dataset(lesson.matrix.astype(np.float64), lesson.labels, params={"verbosity": -1})
    watched = [data] if lesson.validation is None else [data, data.create_valid(*lesson.validation)]
    seen: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings(lesson),
        data,
        num_boost_round=lesson.whole("rounds"),
        valid_sets=watched,
        valid_names=["loss", "validation"][: len(watched)],
        callbacks=[lgb.record_evaluation(seen), _Reporter(lesson)],
    )
    return booster, {name: tuple(values["binary_logloss"]) for name, values in seen.items()}


def settings(lesson: Lesson) -> dict[str, Any]:
    """Returns LightGBM's own parameters."""
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": lesson.whole("leaves"),
        "learning_rate": lesson.number("rate"),
        "min_data_in_leaf": lesson.whole("min_child"),
        "lambda_l2": lesson.number("l2"),
        "feature_fraction": lesson.number("features"),
        "bagging_fraction": lesson.number("rows"),
        "bagging_freq": int(lesson.number("rows") < 1.0),
        "monotone_constraints": list(lesson.monotone) or None,
        "use_missing": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": lesson.threads,
        "seed": int(lesson.rng.integers(2**31)),
        "verbosity": -1,
    }


class _Reporter:
    """A LightGBM callback that tells each round's losses."""

    before_iteration = False
    order = 30

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def __call__(self, env: Any) -> None:
        total = self.lesson.whole("rounds")
        for name, _, value, _ in env.evaluation_result_list:
            point = {"series": name, "x": env.iteration + 1, "y": float(value)}
            event = Event(EventKind.POINT, "train", "boosting", step=env.iteration + 1, total=total, payload=point)
            self.lesson.report(event)


def snap(threshold: ArrayLike) -> Matrix:
    """Returns the largest float32 that is not above a float64 threshold.

    >>> float(snap(1.0)), float(snap(1.0 + 1e-12)), float(snap(1.0 - 1e-12)) < 1.0
    (1.0, 1.0, True)
    """
    exact = np.clip(np.asarray(threshold, dtype=np.float64), np.finfo(np.float32).min, np.finfo(np.float32).max)
    near = exact.astype(np.float32)
    with np.errstate(over="ignore"):  # the neighbour below the smallest float32, which is never taken
        below = np.nextafter(near, np.float32(-np.inf))
    down: Matrix = np.where(near.astype(np.float64) > exact, below, near)
    return down


def from_booster(dump: dict[str, Any], columns: int, history: History | None = None) -> TreesModel:
    """Reads LightGBM's own description of its trees (`Booster.dump_model`) into plain arrays."""
    rows: list[tuple[int, float, int, int, float]] = []
    roots: list[int] = []
    for tree in dump["tree_info"]:
        roots.append(len(rows))
        _append(tree["tree_structure"], rows)
    feature, threshold, left, right, value = zip(*rows, strict=True)
    return TreesModel(
        columns=columns,
        roots=frozen(roots, np.int32),
        feature=frozen(feature, np.int32),
        threshold=frozen(snap(threshold)),
        left=frozen(left, np.int32),
        right=frozen(right, np.int32),
        value=frozen(value),
        history=history or {},
    )


def _append(structure: dict[str, Any], rows: list[tuple[int, float, int, int, float]]) -> int:
    """Appends a branch, its node first, and returns the node's place."""
    place = len(rows)
    if "split_feature" not in structure:
        rows.append((-1, 0.0, place, place, float(structure["leaf_value"])))
        return place
    rows.append((0, 0.0, 0, 0, 0.0))
    left = _append(structure["left_child"], rows)
    right = _append(structure["right_child"], rows)
    rows[place] = (int(structure["split_feature"]), float(structure["threshold"]), left, right, 0.0)
    return place


BOOSTING = Family(
    name="boosting",
    title="Boosted trees",
    style="trees",
    hyperparameters=(
        Hyperparameter("leaves", "Leaves per tree", "int", 8, 3, 15, 2, MOST_LEAVES),
        Hyperparameter("rate", "Learning rate", "float", 0.08, 0.02, 0.3, 1e-4, 1.0, log=True),
        Hyperparameter("rounds", "Trees", "int", 150, 40, 400, 1, 5_000, log=True),
        Hyperparameter("min_child", "Rows per leaf, at least", "int", 20, 5, 100, 1, 1_000_000, log=True),
        Hyperparameter("l2", "Penalty on leaf values", "float", 1.0, 1e-2, 1e2, 0.0, 1e6, log=True),
        Hyperparameter("features", "Share of columns per tree", "float", 0.7, 0.3, 1.0, 0.01, 1.0),
        Hyperparameter("rows", "Share of rows per tree", "float", 1.0, 0.5, 1.0, 0.01, 1.0, searched=False),
    ),
    learner=fit_boosting,
    constrainable=True,
)
