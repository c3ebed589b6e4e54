"""Boosted trees against LightGBM's own predictions."""

from __future__ import annotations

import json
from typing import Any

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.core.rng import generator
from fallline.engine.metrics import log_loss
from fallline.engine.train import FAMILIES, TreesModel
from fallline.engine.train.boosting import BOOSTING, from_booster, snap, train
from fallline.engine.train.family import Lesson

Small = tuple[NDArray[np.float32], NDArray[np.int8]]
FIT = FAMILIES["boosting"].fit


def lesson(problem: Any, params: dict[str, object]) -> Lesson:
    """Returns what the learner is given."""
    return Lesson(
        matrix=problem.train["trees"],
        labels=problem.y.astype(np.float32),
        params=BOOSTING.complete(params),
        rng=generator(3),
        validation=None,
        report=lambda _event: None,
        threads=1,
        monotone=(),
    )


@pytest.mark.parametrize(
    "params", [{}, {"leaves": 2}, {"leaves": 15, "rounds": 60, "rows": 0.6}, {"leaves": 64, "min_child": 1}]
)
def test_every_row_falls_into_lightgbms_leaf(telco: Any, params: dict[str, object]) -> None:
    """On Telco, log odds equal LightGBM's to float32, with as many trees and at every earlier round."""
    booster, _ = train(lesson(telco, params))
    model = from_booster(booster.dump_model(), telco.train["trees"].shape[1])
    for matrix in (telco.train["trees"], telco.test["trees"]):
        wide = matrix.astype(np.float64)
        np.testing.assert_allclose(model.logits(matrix), booster.predict(wide, raw_score=True), atol=2e-6)
        np.testing.assert_allclose(model.probabilities(matrix), booster.predict(wide), atol=1e-6)
        for rounds in (1, model.trees // 2):
            expected = booster.predict(wide, raw_score=True, num_iteration=rounds)
            np.testing.assert_allclose(model.first(rounds).logits(matrix), expected, atol=2e-6)
    assert model.trees == booster.num_trees()
    assert model.first(10_000) is model
    assert model.used == tuple(np.flatnonzero(booster.feature_importance()).tolist())


def test_rows_on_and_beside_every_threshold_agree(telco: Any) -> None:
    """Float32 values on each threshold and next to it on both sides go where LightGBM sends them."""
    booster, _ = train(lesson(telco, {"rounds": 40}))
    model = from_booster(booster.dump_model(), telco.train["trees"].shape[1])
    rows = []
    for node in np.flatnonzero(model.feature >= 0):
        for value in (
            model.threshold[node],
            np.nextafter(model.threshold[node], np.float32(np.inf)),
            np.nextafter(model.threshold[node], np.float32(-np.inf)),
        ):
            row = telco.train["trees"][node].copy()
            row[model.feature[node]] = value
            rows.append(row)
    matrix = np.array(rows, dtype=np.float32)
    np.testing.assert_allclose(model.logits(matrix), booster.predict(matrix.astype(float), raw_score=True), atol=2e-6)


def test_the_same_stream_gives_the_same_trees(telco: Any) -> None:
    """One seed gives bit by bit the same model, on one thread or two; another seed gives another."""
    params = {"rounds": 30, "rows": 0.7}
    models = [
        FIT(telco.train["trees"], telco.y, params, generator(seed), threads=threads)[0]
        for seed, threads in ((1, 1), (1, 1), (1, 2), (2, 1))
    ]
    assert models[0].history == models[1].history
    texts = [json.dumps(model.to_dict() | {"history": {}}) for model in models]
    assert texts[0] == texts[1] == texts[2] != texts[3]


def test_it_beats_logistic_regression_on_telco(telco: Any) -> None:
    """With its defaults it has a lower log loss on Telco's test rows than logistic regression."""
    losses = {}
    for name in ("logistic", "boosting"):
        family = FAMILIES[name]
        model, ending = family.fit(telco.train[family.style], telco.y, {}, generator(0))
        losses[name] = log_loss(telco.z, model.probabilities(telco.test[family.style]))
    assert ending.kind == "finished"
    assert losses["boosting"] < losses["logistic"] < 0.42


def test_history_is_the_loss_after_each_round(telco: Any) -> None:
    """The history and the reported points are the log losses of the model cut off at each round."""
    points = []
    model, _ = FIT(
        telco.train["trees"],
        telco.y,
        {"rounds": 12},
        generator(0),
        validation=(telco.test["trees"], telco.z),
        report=points.append,
    )
    assert isinstance(model, TreesModel)
    for rounds in (1, 7, 12):
        cut = model.first(rounds)
        assert cut.history["validation"][-1] == pytest.approx(
            log_loss(telco.z, cut.probabilities(telco.test["trees"])), abs=1e-6
        )
    assert [point.payload["y"] for point in points if point.payload["series"] == "loss"] == list(model.history["loss"])
    assert points[-1].step == points[-1].total == 12


def test_monotone_columns_stay_monotone(small: Small) -> None:
    """Held to fall in the first column, the log odds never rise along it, although they would."""
    matrix, labels = small
    along = np.repeat(matrix[:20], 50, axis=0)
    along[:, 0] = np.tile(np.linspace(-4, 4, 50, dtype=np.float32), 20)
    free, _ = FIT(matrix, labels, {"min_child": 5}, generator(0))
    held, _ = FIT(matrix, labels, {"min_child": 5}, generator(0), monotone=(-1, 0, 0, 0))
    assert np.diff(free.logits(along).reshape(20, 50)).max() > 0.1
    assert np.diff(held.logits(along).reshape(20, 50)).max() <= 1e-6


def test_nothing_to_split_is_said(small: Small) -> None:
    """Where no split is allowed every row gets the base rate, and the ending says so."""
    matrix, labels = small
    model, ending = FIT(matrix, labels, {"min_child": 1000}, generator(0))
    np.testing.assert_allclose(model.probabilities(matrix), labels.mean(), atol=1e-6)
    assert ending.kind == "stalled"
    assert "lower min_child" in ending.sentence
    assert model.used == ()


def test_snapped_thresholds_ask_the_same_question() -> None:
    """For float32 x, x ≤ t and x ≤ snap(t) agree, also next to t and for thresholds beyond float32."""
    rng = np.random.default_rng(0)
    thresholds = np.concatenate([rng.normal(size=1000) * 10.0 ** rng.integers(-30, 30, 1000), [1e300, -1e300, 0.0]])
    snapped = snap(thresholds)
    assert snapped.dtype == np.float32
    assert (snapped[:-2].astype(np.float64) <= np.maximum(thresholds[:-2], np.finfo(np.float32).min)).all()
    for x in (snapped, np.nextafter(snapped[:-3], np.float32(np.inf)), np.nextafter(snapped[:-3], np.float32(-np.inf))):
        count = len(x)
        assert ((x <= snapped[:count]) == (x.astype(np.float64) <= thresholds[:count]))[: count - 2].all()


def test_lightgbm_alone_has_thresholds_that_float32_moves(telco: Any) -> None:
    """The reason for snapping: rounding LightGBM's thresholds to the nearest float32 moves some of them up."""
    data = lightgbm.Dataset(telco.train["trees"].astype(np.float64), telco.y, params={"verbosity": -1})
    booster = lightgbm.train({"verbosity": -1, "objective": "binary", "num_threads": 1}, data, 50)
    frame = booster.trees_to_dataframe()
    exact = frame["threshold"].dropna().to_numpy(float)
    assert (exact.astype(np.float32).astype(float) > exact).any()
    assert not (snap(exact).astype(float) > exact).any()
