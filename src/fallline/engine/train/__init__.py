"""Training: families of classifiers behind one `fit`; what comes back is plain data that predicts without them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fallline.core.choice import lookup
from fallline.engine.train.boosting import BOOSTING
from fallline.engine.train.family import Family
from fallline.engine.train.hyperparameter import Hyperparameter
from fallline.engine.train.logistic import LOGISTIC, LogisticModel
from fallline.engine.train.mlp import MLP
from fallline.engine.train.model import History, Model, probabilities
from fallline.engine.train.perceptron import PerceptronModel
from fallline.engine.train.trees import TreesModel

FAMILIES: dict[str, Family] = {family.name: family for family in (LOGISTIC, BOOSTING, MLP)}
"""Every family that a Spec can name."""

MODELS: dict[str, Callable[[Mapping[str, Any]], Model]] = {
    "logistic": LogisticModel.from_dict,
    "boosting": TreesModel.from_dict,
    "mlp": PerceptronModel.from_dict,
}
"""Family → what reads its model's plain data."""


def model_from_dict(data: Mapping[str, Any]) -> Model:
    """Reads what a model's `to_dict` wrote.

    Raises:
        SpecError: an unknown family.

    >>> model = model_from_dict({"family": "logistic", "weights": [1.0], "intercept": -1.0})
    >>> model.probabilities([[1.0]]).tolist()
    [0.5]
    """
    return lookup(str(data["family"]), MODELS, "model.family")(data)


__all__ = [
    "FAMILIES",
    "MODELS",
    "Family",
    "History",
    "Hyperparameter",
    "LogisticModel",
    "Model",
    "PerceptronModel",
    "TreesModel",
    "model_from_dict",
    "probabilities",
]
