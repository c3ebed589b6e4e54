"""Explain: which raw columns a model leans on, and how they moved one prediction."""

from __future__ import annotations

from fallline.engine.explain.attribution import Attribution, adding_up
from fallline.engine.explain.dependence import Dependence, partial_dependence
from fallline.engine.explain.linear import linear_contributions
from fallline.engine.explain.permutation import PermutationImportance, permutation_importance
from fallline.engine.explain.pool import ColumnPool, MatrixPool, Pool, column_place, unmixed

__all__ = [
    "Attribution",
    "ColumnPool",
    "Dependence",
    "MatrixPool",
    "PermutationImportance",
    "Pool",
    "adding_up",
    "column_place",
    "linear_contributions",
    "partial_dependence",
    "permutation_importance",
    "unmixed",
]
