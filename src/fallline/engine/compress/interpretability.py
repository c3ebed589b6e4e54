"""How much of a model a person has to read, counted from the model itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fallline.core.errors import DataError
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_words import LevelsCode
from fallline.engine.train import LogisticModel, Model, PerceptronModel, TreesModel


@dataclass(frozen=True)
class Interpretability:
    """What stands between a person and the reason for a prediction.

    Attributes:
        features: raw columns that can change a prediction.
        parts: numbers to read: weights that are not 0, leaves, or the weights of a net.
        depth: steps from a column to the log odds: 1 for a sum of weights, the deepest tree, the layers of a net.
        monotone: of the numbers, dates and booleans used, the share along which the log odds provably only rise or
            only fall; 1 where none is used.
        sentence: all that in words.
    """

    features: int
    parts: int
    depth: int
    monotone: float
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        return dict(vars(self))


def interpretability(encoding: Encoding, model: Model) -> Interpretability:
    """Counts what a person has to read.

    Args:
        encoding: the one that the model was fitted with.
        model: of any family.

    Raises:
        DataError: the model is of a family that is not known here.
    """
    used = {encoding.sources[column] for column in model.used}
    ways = directions(model)
    place, ordered = 0, []
    for code in encoding.codes:
        if not isinstance(code, LevelsCode) and code.source in used and ways[place] != 0:
            ordered.append(ways[place])
        place += len(code.names)
    held = sum(way is not None for way in ordered)
    parts, depth, counted = _size(model)
    sentence = (
        f"It reads {len(used)} columns and has {counted}; {held} of the {len(ordered)} numbers, dates and booleans "
        "that it uses act in one direction only."
    )
    return Interpretability(len(used), parts, depth, held / len(ordered) if ordered else 1.0, sentence)


def _size(model: Model) -> tuple[int, int, str]:
    """Returns how many numbers there are to read, how deep they stand, and both in words."""
    if isinstance(model, LogisticModel):
        return len(model.used), 1, f"{len(model.used):,} weights to add up"
    if isinstance(model, TreesModel):
        deepest = int(depths(model).max())
        return model.leaves, deepest, f"{model.leaves:,} leaves, the deepest {deepest} questions down"
    if isinstance(model, PerceptronModel):
        layers = len(model.weights)
        return model.parameters, layers, f"{model.parameters:,} weights in {layers} layers"
    raise DataError(f"A model of family {model.family!r} cannot be counted: nothing is known of its shape.")


def depths(model: TreesModel) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Returns the depth of every leaf of every tree, 0 for a root that is one."""
    depth = np.zeros(len(model.feature), dtype=np.int64)
    for node in np.flatnonzero(model.feature >= 0):  # a node stands before its children
        depth[model.left[node]] = depth[model.right[node]] = depth[node] + 1
    leaves: np.ndarray[Any, np.dtype[np.int64]] = depth[model.feature < 0]
    return leaves


def directions(model: Model) -> tuple[int | None, ...]:
    """Returns per matrix column +1 or −1 where the log odds provably only rise or fall, 0 if unused, None if neither.

    Logistic regression: the sign of the weight. Trees: at every node that asks about the column, the whole left branch
    lies below (or above) the whole right one. A net: every path of weights has the same sign, which is enough because
    each of its activations rises.
    """
    if isinstance(model, LogisticModel):
        return tuple(int(sign) for sign in np.sign(model.weights))
    rises, falls = _trees(model) if isinstance(model, TreesModel) else _paths(model)
    return tuple(
        None if up and down else int(up) - int(down) for up, down in zip(rises.tolist(), falls.tolist(), strict=True)
    )


Marks = np.ndarray[Any, np.dtype[np.bool_]]


def _trees(model: TreesModel) -> tuple[Marks, Marks]:
    """Returns which columns make some branch rise, and which some branch fall."""
    low, high = model.value.astype(np.float64), model.value.astype(np.float64)
    rises, falls = np.zeros(model.width, dtype=np.bool_), np.zeros(model.width, dtype=np.bool_)
    for node in np.flatnonzero(model.feature >= 0)[::-1]:
        left, right, column = model.left[node], model.right[node], model.feature[node]
        rises[column] |= bool(high[right] > low[left])
        falls[column] |= bool(low[right] < high[left])
        low[node], high[node] = min(low[left], low[right]), max(high[left], high[right])
    return rises, falls


def _paths(model: Model) -> tuple[Marks, Marks]:
    """Returns which columns have a path of positive weight to the output, and which a negative one."""
    if not isinstance(model, PerceptronModel):
        raise DataError(f"A model of family {model.family!r} has no known directions.")
    up, down = np.ones((1, 1)), np.zeros((1, 1))
    for weight in reversed(model.weights):
        positive, negative = (weight > 0).astype(np.float64), (weight < 0).astype(np.float64)
        up, down = positive @ up + negative @ down, negative @ up + positive @ down
        up, down = (up > 0).astype(np.float64), (down > 0).astype(np.float64)
    return up[:, 0] > 0, down[:, 0] > 0
