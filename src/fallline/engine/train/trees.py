"""Boosted trees as plain arrays: a sum of small trees, evaluated with bit masks over all rows at once.

A row goes left at a node when x ≤ threshold. Thresholds are float32, so the comparison is the same in Python and in a
graph that reads float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.engine.train.model import (
    Floats,
    History,
    Matrix,
    as_matrix,
    frozen,
    plain_list,
    probabilities,
    read_history,
)

MOST_LEAVES = 64
"""Leaves of one tree that fit a bit mask."""


@dataclass(frozen=True, eq=False)
class TreesModel:
    """The log odds are the sum of one leaf per tree.

    All trees' nodes stand in one array, tree after tree. A node's children are places in that array; a leaf is its own
    child.

    Attributes:
        columns: number of matrix columns.
        roots: int32 (t,), where each tree begins; the root is its first node.
        feature: int32 (m,), the matrix column that a node asks about; −1 at a leaf.
        threshold: float32 (m,), left when x ≤ threshold; 0 at a leaf.
        left: int32 (m,).
        right: int32 (m,).
        value: float32 (m,), added to the log odds at a leaf; 0 at a node.
        history: ``loss``, and ``validation`` where rows watched: log loss per round.
    """

    columns: int
    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    history: History = field(default_factory=dict)
    family: str = "boosting"

    @property
    def width(self) -> int:
        """Number of matrix columns."""
        return self.columns

    @property
    def trees(self) -> int:
        """Number of trees."""
        return len(self.roots)

    @property
    def leaves(self) -> int:
        """Number of leaves of all trees together."""
        return int((self.feature < 0).sum())

    @property
    def parameters(self) -> int:
        """A value per leaf, a column and a threshold per node."""
        return self.leaves + 2 * (len(self.feature) - self.leaves)

    @property
    def used(self) -> tuple[int, ...]:
        """Columns that a node asks about."""
        return tuple(np.unique(self.feature[self.feature >= 0]).tolist())

    def nodes(self, tree: int) -> range:
        """Returns the places of one tree's nodes."""
        stop = int(self.roots[tree + 1]) if tree + 1 < self.trees else len(self.feature)
        return range(int(self.roots[tree]), stop)

    def logits(self, matrix: ArrayLike) -> Floats:
        """Returns the sum of one leaf per tree, shape (n,)."""
        by_column = np.ascontiguousarray(as_matrix(matrix, self.columns).T)
        total = np.zeros(by_column.shape[1], dtype=np.float64)
        for tree in range(self.trees):
            total += self._leaf_values(tree, by_column)
        return total

    def _leaf_values(self, tree: int, by_column: Matrix) -> Matrix:
        """Returns the value of the leaf that each row falls into.

        Each leaf is a bit, counted from the left. A node that a row fails (x > threshold) rules out the leaves of its
        left branch; the leaf reached is the lowest bit left (Lucchese et al. 2015, QuickScorer).
        """
        nodes = self.nodes(tree)
        leaves, spans = self._spans(nodes[0])
        if len(leaves) == 1:
            return np.full(by_column.shape[1], self.value[leaves[0]], dtype=np.float32)
        alive = np.full(by_column.shape[1], (1 << len(leaves)) - 1, dtype=np.uint64)
        for node, (first, middle) in spans.items():
            ruled_out = np.uint64(((1 << middle) - 1) ^ ((1 << first) - 1))
            passed = by_column[self.feature[node]] <= self.threshold[node]
            alive &= np.where(passed, ~np.uint64(0), ~ruled_out)
        lowest = np.frexp((alive & (~alive + np.uint64(1))).astype(np.float64))[1] - 1
        values: Matrix = self.value[leaves][lowest]
        return values

    def _spans(self, root: int) -> tuple[NDArray[np.int64], dict[int, tuple[int, int]]]:
        """Returns the leaves from left to right and, per inner node, the span of the leaves of its left branch."""
        leaves: list[int] = []
        spans: dict[int, tuple[int, int]] = {}
        waiting: list[tuple[int, int | None]] = [(root, None)]
        while waiting:
            node, first = waiting.pop()
            if first is not None:
                spans[node] = (first, len(leaves))
            elif self.feature[node] < 0:
                leaves.append(node)
            else:
                waiting += [(int(self.right[node]), None), (node, len(leaves)), (int(self.left[node]), None)]
        return np.asarray(leaves, dtype=np.int64), spans

    def probabilities(self, matrix: ArrayLike) -> Floats:
        """Returns probabilities of the positive class, shape (n,)."""
        return probabilities(self.logits(matrix))

    def first(self, trees: int) -> TreesModel:
        """Returns the model of the first trees alone: boosting stopped earlier."""
        if trees >= self.trees:
            return self
        stop = int(self.roots[trees])
        arrays: dict[str, Any] = {name: frozen(getattr(self, name)[:stop], kind) for name, kind in ARRAYS.items()}
        history = {name: values[:trees] for name, values in self.history.items()}
        return TreesModel(self.columns, frozen(self.roots[:trees], np.int32), **arrays, history=history)

    def to_dict(self) -> dict[str, Any]:
        """Returns plain data."""
        arrays = {
            name: plain_list(getattr(self, name)) if kind is np.float32 else getattr(self, name).tolist()
            for name, kind in ARRAYS.items()
        }
        history = {name: list(values) for name, values in self.history.items()}
        return {
            "family": self.family,
            "columns": self.columns,
            "roots": self.roots.tolist(),
            **arrays,
            "history": history,
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> TreesModel:
        """Reads what `to_dict` wrote."""
        arrays: dict[str, Any] = {name: frozen(data[name], kind) for name, kind in ARRAYS.items()}
        return TreesModel(data["columns"], frozen(data["roots"], np.int32), **arrays, history=read_history(data))


ARRAYS: dict[str, type[np.generic]] = {
    "feature": np.int32,
    "threshold": np.float32,
    "left": np.int32,
    "right": np.int32,
    "value": np.float32,
}
"""The arrays of one entry per node."""
