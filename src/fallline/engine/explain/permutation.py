"""Permutation importance: how much worse the model gets when one column's values are dealt to the wrong rows.

Breiman (2001), in the model-agnostic form of Fisher, Rudin and Dominici (2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError
from fallline.engine.explain.pool import Floats, Pool, unmixed
from fallline.engine.metrics import log_loss_rows


@dataclass(frozen=True)
class PermutationImportance:
    """Loss added by shuffling each raw column.

    Attributes:
        names: the raw columns, shape (p,).
        importance: mean loss added, shape (p,); about 0, or a little below, for a column that the model does not use.
        error: its standard error, shape (p,): as the rows and the shuffles might have fallen otherwise.
        repeats: loss added by each shuffle, shape (p, repeats).
        loss: the model's loss on the rows as they are.
    """

    names: tuple[str, ...]
    importance: Floats
    error: Floats
    repeats: Floats
    loss: float

    @property
    def order(self) -> NDArray[np.int64]:
        """Places of the columns, the most important first."""
        return np.argsort(-self.importance, kind="stable")


def permutation_importance(
    predict: Callable[[Any], ArrayLike],
    pool: Pool,
    y: ArrayLike,
    rng: np.random.Generator,
    *,
    repeats: int = 10,
    loss: Callable[[ArrayLike, ArrayLike], Floats] = log_loss_rows,
) -> PermutationImportance:
    """Shuffles one raw column at a time.

    Args:
        predict: probabilities of mixed rows, in the form that `pool.mix` gives them.
        pool: rows that the model was not trained on.
        y: their labels, shape (n,).
        rng: where the shuffles come from.
        repeats: shuffles per column, ≥ 2.
        loss: each row's loss from labels and predictions; log loss by default.

    Raises:
        DataError: fewer than two repeats or rows, or labels that do not fit the pool.

    >>> from fallline.engine.explain import ColumnPool
    >>> rng = np.random.default_rng(0)
    >>> pool = ColumnPool({"used": rng.random(500), "unused": rng.random(500)})
    >>> y = rng.random(500) < pool.columns["used"]
    >>> found = permutation_importance(lambda rows: rows["used"], pool, y, rng)
    >>> bool(found.importance[0] > 5 * found.error[0]), float(found.importance[1])
    (True, 0.0)
    """
    labels = np.asarray(y)
    if repeats < 2 or pool.rows < 2 or labels.shape != (pool.rows,):
        raise DataError(
            f"{repeats} repeats over {pool.rows} rows with labels of shape {labels.shape}: "
            "expected 2 repeats and 2 rows or more, and one label per row."
        )
    whole = unmixed(np.arange(pool.rows), len(pool.names))
    own = loss(labels, predict(pool.mix(whole)))
    added = np.empty((len(pool.names), repeats, pool.rows))
    lent = np.empty_like(added)
    for place in range(len(pool.names)):
        mixed = whole.copy()
        for repeat in range(repeats):
            mixed[:, place] = dealt = rng.permutation(pool.rows)
            added[place, repeat] = loss(labels, predict(pool.mix(mixed))) - own
            lent[place, repeat, dealt] = added[place, repeat]
    # A row counts twice: for what the values it is dealt do to it, and for what its value does to others. Leaving the
    # second out, as is usual, makes the error a third too small (Hájek's projection of a two-sample statistic).
    error = (added + lent).mean(axis=1).std(axis=1, ddof=1) / np.sqrt(pool.rows)
    return PermutationImportance(pool.names, added.mean(axis=(1, 2)), error, added.mean(axis=2), float(own.mean()))
