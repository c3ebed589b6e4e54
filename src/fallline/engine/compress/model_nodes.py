"""A model as nodes of a graph: the float32 matrix in, the log odds out."""

from __future__ import annotations

import numpy as np

from fallline.core.errors import DataError
from fallline.engine.compress.half import halved
from fallline.engine.compress.nodes import ML, Nodes
from fallline.engine.train import LogisticModel, Model, PerceptronModel, TreesModel

OPERATORS = {"relu": "Relu", "tanh": "Tanh", "elu": "Elu"}


def model_nodes(model: Model, matrix: str, nodes: Nodes, *, half: bool = False) -> str:
    """Adds a model and returns the name of its log odds, shape (n, 1).

    Args:
        model: of any family.
        matrix: name of the matrix it reads.
        nodes: where it is added.
        half: whether a net's weights are kept in float16.

    Raises:
        DataError: the model is of a family that has no graph.
    """
    if isinstance(model, LogisticModel):
        weights = nodes.constant(model.weights.reshape(-1, 1))
        return nodes.add("Gemm", matrix, weights, nodes.constant([model.intercept]))
    if isinstance(model, PerceptronModel):
        return _perceptron(model, matrix, nodes, half=half)
    if isinstance(model, TreesModel):
        return _trees(model, matrix, nodes)
    raise DataError(f"A model of family {model.family!r} cannot be exported: there is no graph for it.")


def _perceptron(model: PerceptronModel, matrix: str, nodes: Nodes, *, half: bool) -> str:
    """Adds one product per layer, with the activation between."""
    h = matrix
    for place, (weight, bias) in enumerate(zip(model.weights, model.biases, strict=True)):
        if place:
            h = nodes.add(OPERATORS[model.activation], h)
        kept = halved(weight, nodes) if half else nodes.constant(weight)
        h = nodes.add("Gemm", h, kept, nodes.constant(bias))
    return h


def _trees(model: TreesModel, matrix: str, nodes: Nodes) -> str:
    """Adds all trees as one node; places become numbers within each tree."""
    tree = np.repeat(np.arange(model.trees), np.diff([*model.roots, len(model.feature)]))
    start = model.roots[tree]
    leaf = model.feature < 0
    return nodes.add(
        "TreeEnsembleRegressor",
        matrix,
        domain=ML,
        n_targets=1,
        aggregate_function="SUM",
        post_transform="NONE",
        nodes_treeids=tree.tolist(),
        nodes_nodeids=(np.arange(len(leaf)) - start).tolist(),
        nodes_featureids=np.where(leaf, 0, model.feature).tolist(),
        nodes_modes=["LEAF" if each else "BRANCH_LEQ" for each in leaf],
        nodes_values=model.threshold.tolist(),
        nodes_truenodeids=np.where(leaf, 0, model.left - start).tolist(),
        nodes_falsenodeids=np.where(leaf, 0, model.right - start).tolist(),
        target_treeids=tree[leaf].tolist(),
        target_nodeids=(np.arange(len(leaf)) - start)[leaf].tolist(),
        target_ids=[0] * int(leaf.sum()),
        target_weights=model.value[leaf].tolist(),
    )
