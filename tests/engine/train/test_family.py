"""What holds for every family: plain data, the encoding's rows, and errors that say what to do."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from fallline.core.errors import DataError, SpecError
from fallline.core.rng import generator
from fallline.engine.train import FAMILIES, model_from_dict

Small = tuple[NDArray[np.float32], NDArray[np.int8]]
QUICK: dict[str, dict[str, object]] = {"logistic": {}, "boosting": {"rounds": 10}, "mlp": {"epochs": 3}}


@pytest.fixture(params=sorted(FAMILIES))
def name(request: pytest.FixtureRequest) -> str:
    """Names each family in turn."""
    return str(request.param)


def test_a_model_is_plain_data(small: Small, name: str) -> None:
    """Written as JSON and read back, a model predicts bit by bit the same and says the same of itself."""
    model, _ = FAMILIES[name].fit(*small, QUICK[name], generator(0))
    again = model_from_dict(json.loads(json.dumps(model.to_dict(), allow_nan=False)))
    assert type(again) is type(model)
    assert np.array_equal(again.logits(small[0]), model.logits(small[0]))
    assert (again.family, again.width, again.parameters, again.used) == (name, 4, model.parameters, model.used)
    assert again.to_dict() == model.to_dict()
    assert again.history == model.history


def test_a_model_does_not_change(small: Small, name: str) -> None:
    """The arrays of a model cannot be written to."""
    model, _ = FAMILIES[name].fit(*small, QUICK[name], generator(0))
    for value in vars(model).values():
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray):
                with pytest.raises(ValueError, match="read-only"):
                    array[...] = 0


def test_probabilities_are_the_sigmoid_of_the_logits(small: Small, name: str) -> None:
    """Probability = 1 / (1 + e^−logit), float64 of shape (n,), one row at a time or all together."""
    model, _ = FAMILIES[name].fit(*small, QUICK[name], generator(0))
    logits = model.logits(small[0])
    assert logits.shape == (300,)
    assert logits.dtype == np.float64
    np.testing.assert_allclose(model.probabilities(small[0]), 1 / (1 + np.exp(-logits)), rtol=1e-12)
    single = np.concatenate([model.logits(row[None, :]) for row in small[0][:20]])
    np.testing.assert_allclose(single, logits[:20], atol=1e-6)
    assert model.logits(np.empty((0, 4))).shape == (0,)


def test_columns_not_used_change_nothing(small: Small, name: str) -> None:
    """Changing a column that a model does not use leaves every prediction as it is."""
    matrix = np.hstack([small[0], np.zeros((300, 1), dtype=np.float32)])
    model, _ = FAMILIES[name].fit(matrix, small[1], QUICK[name], generator(0))
    if name != "mlp":
        assert 4 not in model.used
    changed = matrix.copy()
    changed[:, [column for column in range(5) if column not in model.used]] = 9.0
    assert np.array_equal(model.logits(changed), model.logits(matrix))


def test_the_space_describes_every_hyperparameter(name: str) -> None:
    """Each entry of the space is plain data whose default is allowed and lies inside the range that is searched."""
    family = FAMILIES[name]
    assert json.loads(json.dumps(family.space)) == family.space
    assert [each["name"] for each in family.space] == list(family.complete({}))
    for each in family.space:
        if each["type"] == "categorical":
            assert each["default"] in each["choices"]
            continue
        assert each["low"] <= each["default"] <= each["high"]
        assert each["low"] > 0 or not each["log"]
        for end in (each["low"], each["high"]):
            assert family.complete({each["name"]: end})[each["name"]] == end


def test_hyperparameters_are_checked() -> None:
    """Unknown names, wrong types, numbers out of bounds and unknown choices are refused where they stand."""
    mlp, boosting = FAMILIES["mlp"], FAMILIES["boosting"]
    for family, params, sentence in (
        (mlp, {"optimiser": "adam"}, r"params\.optimiser: .* Did you mean 'optimizer'\?"),
        (mlp, {"optimizer": "adamx"}, r"one of gd, sgd, .* Did you mean 'adam\w*'\?"),
        (mlp, {"rate": "fast"}, "'fast' is not a number"),
        (mlp, {"rate": float("nan")}, "nan is not a number from"),
        (mlp, {"rate": True}, "True is not a number"),
        (mlp, {"epochs": 1e9}, "from 1 to 10000"),
        (boosting, {"leaves": 7.5}, "7.5 is not a whole number"),
        (boosting, {"leaves": float("inf")}, "inf is not a whole number"),
        (boosting, {"rounds": 10**400}, "not a number from"),
        (boosting, {"depth": 3}, "Known: leaves"),
        (mlp, {"activation": 3}, "3 is not one of relu"),
    ):
        with pytest.raises(SpecError, match=sentence):
            family.complete(params)
    assert boosting.complete({"leaves": 4.0})["leaves"] == 4


def test_rows_are_checked(small: Small, name: str) -> None:
    """One class, labels that are no labels, NaN, and shapes that do not fit each get a sentence."""
    matrix, labels = small
    fit, hole = FAMILIES[name].fit, matrix.copy()
    hole[3, 2] = np.nan
    for rows, marks, sentence in (
        (matrix, np.zeros(300), "of one class"),
        (matrix, labels + 1, "must be 0 and 1"),
        (matrix, labels[:9], "300 rows and its labels have shape"),
        (hole, labels, "Column 2 of the training matrix holds a value that is not finite"),
        (matrix[:0], labels[:0], "must have rows and columns"),
        (matrix[:, 0], labels, "must have rows and columns"),
    ):
        with pytest.raises(DataError, match=sentence):
            fit(rows, marks, {}, generator(0))
    with pytest.raises(DataError, match="must have 4 columns"):
        fit(matrix, labels, {}, generator(0), validation=(matrix[:, :2], labels))
    model, _ = fit(matrix, labels, QUICK[name], generator(0))
    with pytest.raises(DataError, match="reads a matrix of 4 columns"):
        model.logits(matrix[:, :2])


def test_constraints_are_checked(small: Small) -> None:
    """A family that cannot be held monotone says so, and the constraints must name every column."""
    with pytest.raises(SpecError, match="Use 'boosting'"):
        FAMILIES["logistic"].fit(*small, {}, generator(0), monotone=(1, 0, 0, 0))
    with pytest.raises(SpecError, match="for each of 4 matrix columns"):
        FAMILIES["boosting"].fit(*small, {}, generator(0), monotone=(1, 0))
    model, _ = FAMILIES["logistic"].fit(*small, {}, generator(0), monotone=(0, 0, 0, 0))
    assert model.width == 4


def test_an_unknown_model_is_refused() -> None:
    """Plain data of a family that does not exist names the nearest one."""
    with pytest.raises(SpecError, match="Did you mean 'boosting'"):
        model_from_dict({"family": "bosting"})
