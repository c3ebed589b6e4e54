"""Gaussian process regression, exact, for tens to some hundreds of points (Rasmussen and Williams 2006, chapter 2).

Matérn 5/2 kernel with a length scale per dimension, on the unit cube, over standardised losses. Length scales, signal
and noise are the most probable ones under log-normal priors, so that a handful of points gives a sensible curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fallline.core.errors import DataError
from fallline.engine.tune.bfgs import bfgs

Floats = NDArray[np.float64]
ROOT5 = math.sqrt(5.0)
JITTER = 1e-8
"""Added to the kernel's diagonal, so that points tried twice do not stop the factorisation."""
LOWEST, HIGHEST = np.array([-5.0, -7.0, -20.0]), np.array([4.0, 5.0, 2.0])
"""Bounds of a log length scale, log signal and log noise."""


@dataclass(frozen=True)
class Hyper:
    """The kernel's own parameters, for losses of mean 0 and standard deviation 1.

    Attributes:
        lengths: length scale of each dimension.
        signal: variance of the function.
        noise: variance of an evaluation.
    """

    lengths: tuple[float, ...]
    signal: float = 1.0
    noise: float = 1e-6


@dataclass(frozen=True)
class GaussianProcess:
    """What is believed of a function after some evaluations.

    Attributes:
        x: points evaluated, shape (n, d).
        hyper: the kernel's parameters.
        offset: mean loss, taken off before and added after.
        scale: standard deviation of the losses.
        whiten: inverse of the lower Cholesky factor of kernel plus noise, shape (n, n).
        alpha: (kernel + noise)⁻¹ times the standardised losses, shape (n,).
    """

    x: Floats
    hyper: Hyper
    offset: float
    scale: float
    whiten: Floats
    alpha: Floats

    def posterior(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """Returns mean and standard deviation of the function (without an evaluation's noise) at points.

        Args:
            points: shape (m, d), or (m,) for one dimension.
        """
        cross = kernel(as_points(points), self.x, self.hyper)
        mean = self.offset + self.scale * (cross @ self.alpha)
        known = self.whiten @ cross.T
        variance = np.maximum(self.hyper.signal - np.einsum("ij,ij->j", known, known), 0.0)
        return mean, self.scale * np.sqrt(variance)

    @property
    def best(self) -> float:
        """The lowest mean at a point evaluated: the incumbent, with the noise smoothed out."""
        return float(self.posterior(self.x)[0].min())


def fit_gp(x: ArrayLike, y: ArrayLike, *, hyper: Hyper | None = None, noise: float | None = None) -> GaussianProcess:
    """Conditions a Gaussian process on evaluations.

    Args:
        x: points in the unit cube, shape (n, d), or (n,) for one dimension.
        y: losses, shape (n,).
        hyper: the kernel's parameters; the most probable ones when None.
        noise: standard deviation of an evaluation in units of the losses, where it is known; else it is found too.

    Raises:
        DataError: no point, other shapes, or a value that is not finite.

    >>> gp = fit_gp([0.0, 0.5, 1.0], [1.0, 0.0, 1.0], noise=0.0)
    >>> mean, sd = gp.posterior([0.5, 0.75])
    >>> bool(abs(mean[0]) < 1e-3), bool(sd[0] < 1e-3 < sd[1])
    (True, True)
    """
    points, losses = as_points(x), np.asarray(y, dtype=np.float64)
    if losses.shape != (len(points),) or not losses.size or not bool(np.isfinite(losses).all()):
        raise DataError(f"Losses of shape {losses.shape} for {len(points)} points: expected one finite loss per point.")
    offset, spread = float(losses.mean()), float(losses.std())
    scale = spread if spread > 0 else 1.0
    z = (losses - offset) / scale
    known = None if noise is None else (noise / scale) ** 2
    found = hyper or most_probable((points.T[:, :, None] - points.T[:, None, :]) ** 2, z, known)
    factor = _factor(_noisy(kernel(points, points, found), found.noise))
    if factor is None:
        raise DataError(f"The kernel {found} cannot be factorised on these points: give it some noise.")
    from scipy.linalg.lapack import (
        dpotrs,
        dtrtri,
    )  # 0.1 s that a look-up does not wait for: it loads this room for its names

    alpha = dpotrs(factor, z, lower=1)[0]
    return GaussianProcess(points, found, offset, scale, dtrtri(factor, lower=1)[0], alpha)


def as_points(points: ArrayLike) -> Floats:
    """Returns points of shape (m, d).

    Raises:
        DataError: more dimensions, or a value that is not finite.
    """
    array = np.asarray(points, dtype=np.float64)
    shaped = array[:, None] if array.ndim == 1 else array
    if shaped.ndim != 2 or not bool(np.isfinite(shaped).all()):
        raise DataError(f"Points have the shape {array.shape}: expected (points, dimensions), finite.")
    return shaped


def kernel(a: Floats, b: Floats, hyper: Hyper) -> Floats:
    """Returns σ² (1 + √5 r + 5 r² / 3) e^(−√5 r), shape (len(a), len(b)): Matérn 5/2, equation 4.17."""
    scaled_a, scaled_b = a / np.array(hyper.lengths), b / np.array(hyper.lengths)
    squared = ((scaled_a[:, None, :] - scaled_b[None, :, :]) ** 2).sum(axis=2)
    r = ROOT5 * np.sqrt(squared)
    out: Floats = hyper.signal * (1.0 + r + r**2 / 3.0) * np.exp(-r)
    return out


def negative_log_posterior(theta: Floats, squares: Floats, z: Floats, known: float | None) -> tuple[float, Floats]:
    """Returns −log p(z | θ) − log p(θ) and its gradient (equation 5.9 and the priors).

    Args:
        theta: log length scales, log signal and, unless it is known, log noise.
        squares: squared differences of the points in each dimension, shape (d, n, n).
        z: standardised losses, shape (n,).
        known: noise variance, or None.
    """
    d = len(squares)
    lengths, signal = np.exp(theta[:d]), math.exp(theta[d])
    noise = math.exp(theta[d + 1]) if known is None else known
    scaled = squares / lengths[:, None, None] ** 2
    r = ROOT5 * np.sqrt(scaled.sum(axis=0))
    decay = np.exp(-r)
    plain = signal * (1.0 + r + r**2 / 3.0) * decay
    factor = _factor(_noisy(plain, noise))
    if factor is None:
        return 1e25, np.zeros_like(theta)
    from scipy.linalg.lapack import dpotrs, dtrtri  # as above

    whiten = dtrtri(factor, lower=1)[0]
    alpha = dpotrs(factor, z, lower=1)[0]
    value = 0.5 * float(z @ alpha) + float(np.log(factor.diagonal()).sum())
    inner = whiten.T @ whiten - alpha[:, None] * alpha
    slope = signal * (5.0 / 3.0) * (1.0 + r) * decay
    gradient = np.empty_like(theta)
    gradient[:d] = 0.5 * np.einsum("ij,dij->d", inner * slope, scaled)
    gradient[d] = 0.5 * float(np.vdot(inner, plain))
    if known is None:
        gradient[d + 1] = 0.5 * noise * float(np.trace(inner))
    centre, width = _priors(d)
    away = (theta - centre[: theta.size]) / width[: theta.size]
    return value + 0.5 * float(away @ away), gradient + away / width[: theta.size]


def _priors(d: int) -> tuple[Floats, Floats]:
    """Returns centre and width of the normal priors on log length scales, log signal and log noise.

    Length scales grow with the root of the dimension, as distances do (Hvarfner, Hellsten and Nardi 2024).
    """
    centre = np.r_[np.full(d, math.log(0.5) + 0.25 * math.log(d)), 0.0, math.log(1e-3)]
    return centre, np.r_[np.full(d, 0.5), 1.0, 2.0]


def most_probable(squares: Floats, z: Floats, known: float | None) -> Hyper:
    """Minimises the negative log posterior from the centre of the priors.

    Args:
        squares: what each dimension adds to squared distances, shape (d, n, n).
        z: standardised losses, shape (n,).
        known: noise variance, or None to find it too.
    """
    d = len(squares)
    size = d + 1 if known is not None else d + 2
    start = _priors(d)[0][:size]
    low, high = LOWEST[[0] * d + [1, 2]][:size], HIGHEST[[0] * d + [1, 2]][:size]
    best = np.exp(bfgs(lambda theta: negative_log_posterior(theta, squares, z, known), start, low, high))
    noise = float(best[d + 1]) if known is None else known
    return Hyper(tuple(float(length) for length in best[:d]), float(best[d]), noise)


def _factor(noisy: Floats) -> Floats | None:
    """Returns the lower Cholesky factor; None for a matrix that is not positive definite.

    LAPACK itself: at ten points the checks around it take longer than it does. What needs the inverse takes it by
    dtrtri: dpotri and dtrtrs wake a second thread even for ten points, a millisecond each.
    """
    from scipy.linalg.lapack import dpotrf  # as above

    factor, failed = dpotrf(noisy, lower=1, overwrite_a=1)
    return None if failed else factor


def _noisy(plain: Floats, noise: float) -> Floats:
    """Returns the kernel with noise and jitter on its diagonal."""
    out = plain.copy()
    out.flat[:: len(out) + 1] += noise + JITTER * (1.0 + plain[0, 0])
    return out
