"""What one prediction costs, by a formula: the same on every machine and on every day, so that it may decide.

microseconds = Σ over kinds of work: coefficient · amount

The amounts are counted from the graph and the model (`work`); the coefficients are those of a reference machine (one
core of an AMD EPYC server, ONNX Runtime 1.32, one thread, one row per call, called from Python). They come from

    python -m benchmarks cost_model

which times 133 graphs, of 2 to 60 columns and of all families, and fits the coefficients by non-negative least squares
on relative errors. In two runs on the reference machine the fit was off by 5 % at the median graph and by 13 % and 29 %
at the worst. What it says first: handing a row over, column by column, costs more than any model here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fallline.core.errors import DataError
from fallline.engine.compress.encoding_nodes import encoding_nodes
from fallline.engine.compress.inputs import inputs_of
from fallline.engine.compress.interpretability import depths
from fallline.engine.compress.nodes import Nodes
from fallline.engine.data.encode import Encoding
from fallline.engine.train import LogisticModel, Model, PerceptronModel, TreesModel

COEFFICIENTS: dict[str, float] = {
    "call": 3.3,
    "node": 0.33,
    "number": 0.88,
    "word": 1.04,
    "column": 0.056,
    "product": 0.00007,
    "tree": 0.005,
    "question": 0.0006,
}
"""Microseconds per unit of each kind of work on the reference machine."""


@dataclass(frozen=True)
class Cost:
    """What one prediction of one row costs.

    Attributes:
        microseconds: on the reference machine.
        operations: products, sums and questions of the model, the encoding not counted.
        bytes: of the model's numbers that are read.
    """

    microseconds: float
    operations: int
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return dict(vars(self))


def cost(encoding: Encoding, model: Model) -> Cost:
    """Returns what one prediction costs.

    Args:
        encoding: the one that the model was fitted with.
        model: of any family.

    Raises:
        DataError: the model is of a family whose work is not known here.
    """
    amounts = work(encoding, model)
    microseconds = sum(COEFFICIENTS[kind] * amount for kind, amount in amounts.items())
    operations = round(2 * amounts["product"] + amounts["tree"] + amounts["question"])
    if isinstance(model, TreesModel):  # a question reads a column, a threshold and two places; a leaf its value
        read = round(16 * amounts["question"] + 4 * amounts["tree"])
    else:
        read = 4 * model.parameters
    return Cost(round(microseconds, 3), operations, read)


def work(encoding: Encoding, model: Model) -> dict[str, float]:
    """Counts each kind of work in one prediction.

    Returns:
        ``call``: 1. ``node``: operators of the graph. ``number``, ``word``: raw columns of each kind. ``column``:
        matrix columns. ``product``: multiplications and additions of matrices. ``tree``: trees. ``question``:
        comparisons on the way to a leaf, as the mean over the leaves of each tree.

    Raises:
        DataError: the model is of a family whose work is not known here.
    """
    inputs, nodes = inputs_of(encoding), Nodes()
    encoding_nodes(encoding, inputs, nodes)
    words = sum(each.kind == "word" for each in inputs)
    amounts = {
        "call": 1.0,
        "node": float(len(nodes.nodes) + 3),  # the calibration's two and the sigmoid
        "number": float(len(inputs) - words),
        "word": float(words),
        "column": float(encoding.width),
        "product": 0.0,
        "tree": 0.0,
        "question": 0.0,
    }
    if isinstance(model, LogisticModel):
        layers, amounts["product"] = 1, float(model.width)
    elif isinstance(model, PerceptronModel):
        layers, amounts["product"] = 2 * len(model.weights) - 1, float(sum(weight.size for weight in model.weights))
    elif isinstance(model, TreesModel):
        layers, amounts["tree"] = 1, float(model.trees)
        amounts["question"] = questions(model)
    else:
        raise DataError(f"A model of family {model.family!r} has no cost: its work is not known.")
    amounts["node"] += layers
    return amounts


def questions(model: TreesModel) -> float:
    """Returns the comparisons of one prediction: the mean depth of the leaves of each tree, over all trees."""
    depth, place, total = depths(model), 0, 0.0
    for tree in range(model.trees):
        leaves = int((model.feature[list(model.nodes(tree))] < 0).sum())
        total += float(depth[place : place + leaves].mean())
        place += leaves
    return total
