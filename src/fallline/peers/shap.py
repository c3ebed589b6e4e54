"""SHAP values on raw columns, computed by the shap package (Lundberg and Lee 2017; Štrumbelj and Kononenko 2014).

The explainer is shap's Permutation: it needs nothing but predictions, so every family is explained alike, and its
values add up to the logit whatever the number of permutations. It is given row numbers in place of values: see
`fallline.engine.explain.pool`. A one-hot column is thus one player of the game, not several.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError, Unavailable
from fallline.engine.explain import Attribution, Pool, adding_up, unmixed

_ONE_AT_A_TIME = threading.Lock()


def shap_values(
    predict: Callable[[Any], ArrayLike],
    pool: Pool,
    rows: ArrayLike,
    background: ArrayLike,
    rng: np.random.Generator,
    *,
    permutations: int = 8,
    precision: float = 0.03,
) -> Attribution:
    """Splits each row's logit over the raw columns.

    Args:
        predict: logits of mixed rows, in the form that `pool.mix` gives them; one row's must not depend on the others.
        pool: rows to explain and background rows, together.
        rows: pool rows to explain, shape (n,).
        background: pool rows that stand in for what is not known, shape (m,); 100 are usually enough.
        rng: draws the seed of the permutations.
        permutations: how many per row at most, each walked forwards and backwards, ≥ 2. With interactions between at
            most two columns every one of them is exact already; else the error falls with their square root.
        precision: stop as soon as the errors' root mean square is at most this share of the values'; 0 uses all.

    Returns:
        Values that add up to the logits to 1e-6, and their standard errors over the permutations.

    Raises:
        Unavailable: shap is not installed.
        DataError: no row, or fewer than two permutations.
    """
    chosen, behind = np.asarray(rows, dtype=np.int64), np.asarray(background, dtype=np.int64)
    if permutations < 2 or not chosen.size or not behind.size:
        raise DataError(
            f"{chosen.size} rows, {behind.size} background rows and {permutations} permutations: "
            "expected a row or more of each and 2 permutations or more."
        )
    shap = _shap()
    game = _Game(predict, pool, chosen, behind)
    prediction = np.asarray(predict(pool.mix(unmixed(chosen, len(pool.names)))), dtype=np.float64)
    drawn = []
    with _shap_alone():
        explainer = shap.explainers.Permutation(game, _Background(game.background), seed=int(rng.integers(2**31)))
        for _ in range(permutations):
            drawn.append(np.array([_one_permutation(explainer, row) for row in game.rows]))
            values, error = _summary(drawn)
            if len(drawn) > 1 and np.sqrt(np.mean(error**2)) <= precision * np.sqrt(np.mean(values**2)):
                break
    base = float(np.mean(np.asarray(predict(pool.mix(unmixed(behind, len(pool.names)))), dtype=np.float64)))
    method = f"shap {shap.__version__} Permutation, {len(drawn)} permutations, {behind.size} background rows"
    return adding_up(Attribution(pool.names, values, base, prediction, error, method))


class _Game:
    """The model over value numbers: what shap takes for feature values are numbers, equal where the values are."""

    def __init__(
        self,
        predict: Callable[[Any], ArrayLike],
        pool: Pool,
        rows: NDArray[np.int64],
        background: NDArray[np.int64],
    ) -> None:
        both = np.concatenate([background, rows])
        same = pool.same(both)
        self._predict, self._pool = predict, pool
        # For each number of each column, a pool row that has the value.
        self._holder = np.zeros((same.max() + 1, same.shape[1]), dtype=np.int64)
        for place in range(same.shape[1]):
            self._holder[same[::-1, place], place] = both[::-1]
        self.background, self.rows = same[: background.size], same[background.size :]
        self._columns = np.arange(same.shape[1])

    def __call__(self, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Predicts the rows that these numbers stand for, shape (m,)."""
        return np.asarray(self._predict(self._pool.mix(self._holder[numbers, self._columns])), dtype=np.float64)


class _Background:
    """Masks by background rows, as shap's Independent does, without the seven seconds that it takes to compile.

    The names of its members are those that shap asks a masker for.
    """

    supports_delta_masking = True

    def __init__(self, background: NDArray[np.int64]) -> None:
        self.background, self.shape = background, background.shape

    def invariants(self, x: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Says where masking changes nothing, so that the model need not be asked, shape (m, p)."""
        return np.asarray(self.background == x)

    def __call__(
        self, toggles: NDArray[np.int64], x: NDArray[np.int64]
    ) -> tuple[tuple[NDArray[np.int64]], NDArray[np.bool_]]:
        """Turns one column after the other on or off.

        Args:
            toggles: the column to toggle before each picture, shape (k,); the first entry toggles none.
            x: the row explained, shape (p,).

        Returns:
            The masked rows, shape (k·m, p), in a tuple; and which of them differ from the picture before, shape (k, m).
        """
        on = np.zeros((toggles.size, x.size), dtype=np.int64)
        on[np.arange(1, toggles.size), toggles[1:]] = 1
        on = np.cumsum(on, axis=0) % 2 == 1
        masked = np.where(on[:, None, :], x, self.background[None, :, :]).reshape(-1, x.size)
        varying = np.ones((toggles.size, len(self.background)), dtype=np.bool_)
        varying[1:] = ~self.invariants(x)[:, toggles[1:]].T
        return (masked,), varying


def _one_permutation(explainer: Any, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns one row's values from one permutation, walked both ways, shape (p,).

    One at a time, for shap's own error bounds take the two walks for independent. And row by row: called on all rows,
    shap 0.51 also computes main effects from the second row on, asked for or not, which doubles the work.
    """
    found = explainer.explain_row(
        row,
        max_evals=2 * row.size + 1,
        main_effects=False,
        error_bounds=False,
        batch_size="auto",
        outputs=None,
        silent=True,
    )
    return np.asarray(found["values"], dtype=np.float64)


def _summary(drawn: list[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns the mean over permutations and its standard error, both of shape (n, p)."""
    values = np.array(drawn)
    mean = values.mean(axis=0)
    return mean, np.sqrt(((values - mean) ** 2).sum(axis=0) / max(1, len(drawn) * (len(drawn) - 1)))


def _shap() -> ModuleType:
    """Imports shap: two seconds, so only when it is asked for.

    Raises:
        Unavailable: it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import shap
    except ImportError as error:
        raise Unavailable("SHAP values need the shap package: pip install 'fallline[explain]'.") from error
    return shap  # type: ignore[no-any-return]


@contextmanager
def _shap_alone() -> Iterator[None]:
    """Lends shap NumPy's global random state, which it seeds and draws from, and puts the state back."""
    with _ONE_AT_A_TIME:
        before = np.random.get_state()  # noqa: NPY002
        try:
            with np.errstate(all="ignore"):
                yield
        finally:
            np.random.set_state(before)  # noqa: NPY002
