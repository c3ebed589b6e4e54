"""The cost model: counted work, the same everywhere, more for more."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest

from fallline.core.errors import DataError
from fallline.engine.compress.cost import COEFFICIENTS, cost, questions, work
from fallline.engine.compress.graph import to_onnx
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.train import LogisticModel, TreesModel


def test_operators_counted_are_those_of_the_file(fitted: Any) -> None:
    """The number of operators is that of the graph in the exported file."""
    graph = onnx.load_from_string(to_onnx(fitted.encoding, fitted.model, (0.9, 0.0))).graph
    assert work(fitted.encoding, fitted.model)["node"] == len(graph.node)
    assert set(work(fitted.encoding, fitted.model)) == set(COEFFICIENTS)


def test_a_sum_done_by_hand() -> None:
    """For logistic regression on two numbers the formula is done by hand."""
    encoding = Encoding("trees", (NumberCode("a", 0, 0, 1), NumberCode("b", 0, 0, 1)))
    found = cost(encoding, LogisticModel(np.float32([1, 2]), 0.0))
    # Concat, IsNaN, Where, Max, Min; Gemm; Mul, Add, Sigmoid
    amounts = {"call": 1, "node": 9, "number": 2, "column": 2, "product": 2}
    by_hand = sum(COEFFICIENTS[kind] * amount for kind, amount in amounts.items())
    assert found.microseconds == pytest.approx(by_hand, abs=1e-3)
    assert (found.operations, found.bytes) == (4, 12)


def test_questions_are_the_mean_way_to_a_leaf() -> None:
    """A tree of three leaves at depths 1, 2 and 2, and a lone leaf: 5/3 questions."""
    model = TreesModel(
        columns=1,
        roots=np.int32([0, 5]),
        feature=np.int32([0, -1, 0, -1, -1, -1]),
        threshold=np.float32([0, 0, 1, 0, 0, 0]),
        left=np.int32([1, 1, 3, 3, 4, 5]),
        right=np.int32([2, 1, 4, 3, 4, 5]),
        value=np.float32([0, 1, 0, 2, 3, 4]),
    )
    assert questions(model) == pytest.approx(5 / 3)
    assert model.logits([[0.0], [0.5], [2.0]]).tolist() == [5.0, 6.0, 7.0]


def test_more_costs_more(models: dict[str, Any]) -> None:
    """Fewer trees cost less, and every family costs more than the row's way into the graph."""
    fitted = models["boosting"]
    full, half = cost(fitted.encoding, fitted.model), cost(fitted.encoding, fitted.model.first(75))
    assert half.microseconds < full.microseconds
    assert half.operations < full.operations
    assert half.bytes < full.bytes
    costs = {name: cost(each.encoding, each.model) for name, each in models.items()}
    assert all(10.0 < each.microseconds < 100.0 for each in costs.values())
    assert costs["logistic"].operations == 82
    assert costs["mlp"].bytes == 4 * models["mlp"].model.parameters


def test_an_unknown_family_is_refused(models: dict[str, Any]) -> None:
    """A model whose work is not known has no cost, and the error says so."""

    class Other:
        family, width, used = "other", 41, ()

    with pytest.raises(DataError, match="'other' has no cost"):
        work(models["logistic"].encoding, Other())  # type: ignore[arg-type]
