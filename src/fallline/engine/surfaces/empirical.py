"""A surface over a person's own columns: regression or classification by a linear model, as a loss over its weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.choice import lookup
from fallline.core.errors import DataError, SpecError
from fallline.engine.surfaces.block import block_of_rows
from fallline.engine.surfaces.finite_sum import ROW_LOSSES, FiniteSum, LossName
from fallline.engine.surfaces.surface import Array, Minimum, RateRange, Source, Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NUMBERS = 10_000_000
MOST_COLUMNS = 100


def empirical_surface(
    features: ArrayLike,
    labels: ArrayLike,
    loss: LossName = "squared",
    *,
    intercept: bool = True,
    ridge: float = 0.0,
    width: float = 1.0,
    columns: Sequence[str] = (),
) -> Surface:
    """Returns the mean loss of a linear model over rows, as a surface over its weights.

    Its minimum is computed: by the normal equations where the loss is squared, else by Newton's method, which ends
    without one where there is none (classes that a line separates, without ridge).

    Args:
        features: shape (N, columns), finite.
        labels: shape (N,), finite; 0 or 1 for the logistic loss.
        loss: of one row: ``squared``, ``huber`` or ``logistic``.
        intercept: whether a column of ones is put first.
        ridge: λ of λ/2·|w|², ≥ 0.
        width: where Huber's loss turns straight, > 0.
        columns: names of the columns, for the title.

    Raises:
        DataError: shapes that do not fit, numbers that are missing, or labels that the loss cannot take.
        SpecError: a setting outside its range.

    >>> line = empirical_surface([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> tuple(round(at, 9) for at in line.minima[0].at), line.dimension
    ((1.0, 2.0), 2)
    """
    kind = lookup(loss, ROW_LOSSES, "loss")
    _check_settings(ridge, width)
    x, y = _checked(features, labels, loss)
    if intercept:
        x = np.concatenate([np.ones((len(x), 1)), x], axis=1)
    rows = FiniteSum(np.ascontiguousarray(x), y, loss, ridge, width)
    best = _minimiser(rows)
    centre = np.zeros(x.shape[1]) if best is None else best
    low, high = _domain(centre)
    named = f" over {', '.join(columns)}" if 0 < len(columns) <= 4 else ""
    tail = r" + \tfrac{\lambda}{2}\lVert w\rVert^2" if ridge > 0.0 else ""
    minima = () if best is None else (Minimum(tuple(best.tolist()), float(rows.value(*best))),)
    return Surface(
        name=f"{loss}_loss",
        title=f"{kind.title}{named}",
        formula=rf"f(w) = \tfrac{{1}}{{N}}\sum_i {kind.tex}{tail}",
        source=Source(*kind.source),
        domain=tuple(zip(low.tolist(), high.tolist(), strict=True)),
        start=tuple((low + 0.15 * (high - low)).tolist()),
        minima=minima,
        value_rule=rows.value,
        gradient_rule=rows.gradient,
        hessian_rule=rows.hessian,
        levels="log",
        rate=_rates(rows, centre),
        quadratic=loss == "squared",
        block=block_of_rows(rows),
        minima_are="known" if best is not None else "found",
    )


def _check_settings(ridge: float, width: float) -> None:
    if not 0.0 <= ridge < np.inf:
        raise SpecError("ridge", ridge, "a finite number of at least 0")
    if not 0.0 < width < np.inf:
        raise SpecError("width", width, "a finite number above 0")


def over_rows(surface: Surface, taken: NDArray[np.int64]) -> Surface:
    """Returns an empirical surface over some of its rows, as a mini-batch sees it; its minima are not computed.

    Args:
        surface: a sum over rows.
        taken: which rows, shape (m,).

    Raises:
        SpecError: it is no sum over rows.
    """
    rows = surface.block.rows if surface.block is not None else None
    if rows is None:
        raise SpecError("surface", surface.name, "a sum over the rows of a table")
    part = replace(rows, features=rows.features[taken], labels=rows.labels[taken])
    return replace(
        surface,
        value_rule=part.value,
        gradient_rule=part.gradient,
        hessian_rule=part.hessian,
        block=block_of_rows(part),
        minima=(),
        minima_are="found",
    )


def _checked(features: ArrayLike, labels: ArrayLike, loss: str) -> tuple[Array, Array]:
    x, y = np.asarray(features, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    if x.ndim != 2 or y.shape != (len(x),) or not len(x) or not 1 <= x.shape[1] <= MOST_COLUMNS:
        raise DataError(
            f"Features of shape {x.shape} and labels of shape {y.shape} do not fit: a row for each label, and "
            f"from 1 to {MOST_COLUMNS} columns."
        )
    if x.size > MOST_NUMBERS:
        raise DataError(f"{x.size:,} numbers are more than a surface holds: take at most {MOST_NUMBERS:,}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        bad = int(np.flatnonzero(~(np.isfinite(x).all(axis=1) & np.isfinite(y)))[0])
        raise DataError(f"Row {bad + 1} holds no number somewhere: leave such rows out, or fill them in.")
    if loss == "logistic" and not np.isin(y, (0.0, 1.0)).all():
        raise DataError("The logistic loss takes labels 0 and 1; these hold other numbers.")
    return x, y


def _minimiser(rows: FiniteSum) -> Array | None:
    """Newton's method with halved steps; None where it does not come to rest, or only where the curvature has gone."""
    w = np.zeros(rows.features.shape[1])
    for _ in range(200):
        gradient = np.array(rows.gradient(*w), dtype=np.float64)
        step = np.linalg.lstsq(_hessian(rows, w), gradient, rcond=None)[0]
        if np.linalg.norm(step) <= 1e-13 * (1.0 + np.linalg.norm(w)):
            return None if _flat(rows, w) else w - step
        value, share = float(rows.value(*w)), 1.0
        allowed = value + 1e-14 * (1.0 + abs(value))  # beside the minimum two losses differ by rounding alone
        while share > 1e-4 and float(rows.value(*(w - share * step))) > allowed:
            share *= 0.5
        if share <= 1e-4:
            return w if np.linalg.norm(gradient) < 1e-9 and not _flat(rows, w) else None
        w = w - share * step
    return None


def _flat(rows: FiniteSum, w: Array) -> bool:
    """Whether a direction has lost its curvature: classes that a plane separates drive the weights along it."""
    here, first = (np.linalg.eigvalsh(_hessian(rows, at))[0] for at in (w, np.zeros_like(w)))
    return bool(rows.loss == "logistic" and rows.ridge == 0.0 and here < 1e-9 * first)


def _hessian(rows: FiniteSum, w: Array) -> Array:
    hessian = np.zeros((len(w), len(w)))
    hessian[np.triu_indices(len(w))] = rows.hessian(*w)
    return np.asarray(hessian + np.triu(hessian, 1).T)


def _domain(centre: Array) -> tuple[Array, Array]:
    """A box around the minimum and the origin, with room on every side."""
    low, high = np.minimum(centre, 0.0), np.maximum(centre, 0.0)
    room = np.maximum(high - low, max(1.0, float(np.abs(centre).max()) * 0.25))
    return np.asarray(centre - 1.5 * room), np.asarray(centre + 1.5 * room)


def _rates(rows: FiniteSum, w: Array) -> RateRange:
    """From a thousandth to three halves of the limit 2/λmax at the minimum."""
    limit = 2.0 / max(float(np.linalg.eigvalsh(_hessian(rows, w))[-1]), 1e-12)
    low, high, default = (float(f"{share * limit:.2g}") for share in (1e-3, 1.5, 0.4))
    return RateRange(low, high, default)
