"""The noise floor: the mean loss above the minimum around which a constant rate settles on a noisy quadratic.

Count e = w − w* from the minimum, where the gradient is H·e plus noise ξ. Gradient descent, the heavy ball and
Nesterov's method are all

    m ← β·m + g,    e ← e − η·(a·g + c·m_before),    g = H·e + ξ,

with (a, c) = (1, 0), (1, β) and (1 + β, β²). In the long run E[e] = 0, and the second moments S of (e, m) reproduce
themselves: S = A·S·Aᵀ + b·bᵀ ⊗ cov ξ, a linear equation. The floor is ½·tr(H·E[e·eᵀ]). No small-rate limit is taken.

- Noise that does not depend on the place leaves the eigenvectors of H apart. With variance σ² along one of curvature λ,
  gradient descent is an autoregression of order one, e ← (1 − ηλ)·e − η·ξ, with variance η²σ²/(1 − (1 − ηλ)²), so
  that its share of the loss is η·σ²/(2·(2 − ηλ)). The heavy ball is one of order two,
  e_{t+1} = (1 + β − ηλ)·e_t − β·e_{t−1} − η·ξ; by the Yule–Walker equations its share is
  η·σ²·(1 + β)/(2·(1 − β)·(2·(1 + β) − ηλ)): at small rates 1/(1 − β) times that of gradient descent.
- Mini-batches drawn anew at every step also make H itself random. With hᵢ = xᵢxᵢᵀ, h their
  mean and B rows to a batch, cov ξ gains E[hᵢ·S·hᵢ] − h·S·h, and its own part is the covariance of the rows' gradients
  at the minimum. Both are multiplied by 1/B where rows are drawn one by one, with replacement, and by
  (N − B)/(B·(N − 1)) where the B rows of a batch are drawn together, without: the variance of a mean of B out of N
  (Cochran, 1977, chapter 2). Batches out of shuffled epochs remember each other: `floor_epochs` says where they settle.

Mandt, Hoffman and Blei (2017) give the small-rate limit; Polyak and Juditsky (1992) study the averages.
"""

from __future__ import annotations

import numpy as np

from fallline.engine.descent.floor_epochs import Epochs
from fallline.engine.descent.noise import Noise
from fallline.engine.descent.row_noise import MiniBatch
from fallline.engine.optim import GradientDescent, Momentum, Nesterov, Optimizer
from fallline.engine.surfaces import FiniteSum, Surface
from fallline.engine.surfaces.surface import Array

MOST_WEIGHTS = 10
"""Of a sum over rows: the moments of d weights and their momenta are 4d² unknowns."""


def noise_floor(surface: Surface, optimizer: Optimizer, rate: float, noise: Noise) -> float | None:
    """Returns the mean loss above the minimum in the long run; None where theory does not say.

    Args:
        surface: a quadratic with a minimum; None on any other.
        optimizer: gradient descent, momentum or Nesterov without decay; None for any other.
        rate: η, held constant; None where that is not stable.
        noise: of finite variance; None for batches out of shuffled epochs that are small or many, for which the sum of
            `floor_epochs` has not settled.

    >>> from fallline.engine.descent import Gaussian
    >>> from fallline.engine.surfaces import SURFACES
    >>> noise_floor(SURFACES["bowl"], GradientDescent(), 0.1, Gaussian(1.0))
    0.0555...
    """
    taken = _taken(optimizer)
    if taken is None or not (surface.quadratic and surface.bounded) or not rate > 0.0:
        return None
    hessian = surface.hessian(surface.minima[0].at)
    limit = optimizer.largest_stable_rate(float(np.linalg.eigvalsh(hessian)[-1]))
    if limit is None or rate >= limit:
        return None
    if isinstance(noise, MiniBatch):
        rows = surface.block.rows if surface.block is not None else None
        return None if rows is None else _of_rows(surface, rows, rate, taken, noise)
    covariance = noise.covariance(surface)
    return None if covariance is None else _of_modes(hessian, covariance, rate, taken)


def _taken(optimizer: Optimizer) -> tuple[float, float, float] | None:
    """β, a and c of the optimizer; None for one that is not linear in the gradient."""
    if getattr(optimizer, "decay", 1.0) != 0.0:
        return None
    if isinstance(optimizer, GradientDescent):
        return 0.0, 1.0, 0.0
    if isinstance(optimizer, Momentum):
        return optimizer.momentum, 1.0, optimizer.momentum
    if isinstance(optimizer, Nesterov):
        return optimizer.momentum, 1.0 + optimizer.momentum, optimizer.momentum**2
    return None


def _of_modes(hessian: Array, covariance: Array, rate: float, taken: tuple[float, float, float]) -> float:
    """The floor under noise that is the same everywhere: each eigenvector by itself."""
    curvatures, axes = np.linalg.eigh(hessian)
    variances = np.einsum("ji,jk,ki->i", axes, covariance, axes)
    one = np.zeros((1, 1, 1))
    shares = [
        0.5 * curvature * _moments(np.array([[curvature]]), one, np.array([[variance]]), rate, taken)[0, 0]
        for curvature, variance in zip(curvatures, variances, strict=True)
        if curvature > 0.0
    ]
    return float(sum(shares))


def _of_rows(
    surface: Surface, rows: FiniteSum, rate: float, taken: tuple[float, float, float], noise: MiniBatch
) -> float | None:
    """The floor of mini-batches: drawn anew at every step, or out of shuffled epochs."""
    count, size = len(rows.labels), noise.size
    if rows.loss != "squared" or surface.dimension > MOST_WEIGHTS or (size >= count and not noise.replacement):
        return None
    at = np.array(surface.minima[0].at)
    hessian, x = surface.hessian(at), rows.features
    slopes, terms = (x @ at - rows.labels)[:, None] * x + rows.ridge * at, x[:, :, None] * x[:, None, :]
    if noise.epochs and not noise.replacement:
        return Epochs(hessian, terms, slopes, size, rate, taken).floor()
    share = 1.0 / size if noise.replacement else (count - size) / (size * (count - 1))
    moments = _moments(hessian, terms * np.sqrt(share), slopes.T @ slopes / count * share, rate, taken)
    if not (np.isfinite(moments).all() and np.linalg.eigvalsh(moments)[0] > -1e-12 * np.trace(moments)):
        return None  # the equation's solution is no covariance: the true moments grow without end
    return float(0.5 * np.trace(hessian @ moments))


def _moments(hessian: Array, terms: Array, noise: Array, rate: float, taken: tuple[float, float, float]) -> Array:
    """E[e·eᵀ] in the long run, by solving S = A·S·Aᵀ + b·bᵀ ⊗ (E[hᵢ·S·hᵢ] − h·S·h + cov ξ) for all entries at once.

    Args:
        hessian: H, shape (d, d).
        terms: xᵢxᵢᵀ·√share of each row, shape (N, d, d); zeros where H is not random.
        noise: cov ξ.
        rate: η.
        taken: β, a and c.
    """
    beta, along, carried = taken
    d = len(hessian)
    eye = np.eye(d)
    into = np.array([-rate * along, 1.0])
    step = np.block([[eye - rate * along * hessian, -rate * carried * eye], [hessian, beta * eye]])
    random = np.einsum("nij,nkl->ikjl", terms, terms).reshape(d * d, d * d) / len(terms)
    if terms.any():
        mean = terms.mean(axis=0)
        random -= np.kron(mean, mean)
    pick = np.kron(np.eye(2 * d)[:d], np.eye(2 * d)[:d])
    spread = np.kron(np.kron(into[:, None], eye), np.kron(into[:, None], eye))
    system = np.eye(4 * d * d) - np.kron(step, step) - spread @ random @ pick
    solved = np.linalg.solve(system, spread @ noise.ravel()).reshape(2 * d, 2 * d)
    return np.asarray(0.5 * (solved + solved.T)[:d, :d])
