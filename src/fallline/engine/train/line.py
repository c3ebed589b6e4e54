"""A straight line by least squares: closed form, curvature, and descent on batches of rows.

With w = (intercept, slope) the mean squared error of a line is a quadratic in w, so all that theory says of gradient
descent on quadratics holds exactly (Polyak, 1987, chapter 1): it converges while η < 2/λmax, and fastest at
η = 2/(λmin + λmax).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LOST = 1e12
"""A weight beyond which a walk is given up."""


@dataclass(frozen=True, eq=False)
class LineFit:
    """Points to put a line through.

    Attributes:
        x: shape (n,), not all equal.
        y: shape (n,).
    """

    x: Array
    y: Array

    @cached_property
    def moments(self) -> tuple[float, float, float, float, float]:
        """Means of x, x², y, xy and y²."""
        x, y = self.x, self.y
        return float(x.mean()), float((x * x).mean()), float(y.mean()), float((x * y).mean()), float((y * y).mean())

    @cached_property
    def best(self) -> tuple[float, float]:
        """Intercept and slope in closed form: slope = cov(x, y) / var(x).

        >>> LineFit(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])).best
        (1.0, 2.0)
        """
        x, y = self.x - self.x.mean(), self.y - self.y.mean()
        slope = float((x * y).sum() / (x * x).sum())
        return float(self.y.mean() - slope * self.x.mean()), slope

    def loss(self, intercept: Array | float, slope: Array | float) -> Array:
        """Returns the mean squared error, for one line or for many."""
        b, m = np.asarray(intercept, dtype=np.float64), np.asarray(slope, dtype=np.float64)
        # around the best line, where the sum of squares is small, and not from five large moments that cancel
        db, dm = b - self.best[0], m - self.best[1]
        x1, x2, *_ = self.moments
        return np.asarray(self.lowest + db * db + 2.0 * x1 * db * dm + x2 * dm * dm)

    @cached_property
    def lowest(self) -> float:
        """The mean squared error of the best line."""
        return float(((self.y - self.best[0] - self.best[1] * self.x) ** 2).mean())

    @cached_property
    def curvature(self) -> tuple[float, float]:
        """λmin and λmax of the Hessian 2·[[1, mean x], [mean x, mean x²]]."""
        x1, x2, *_ = self.moments
        high = (1.0 + x2) + np.hypot(1.0 - x2, 2.0 * x1)
        # the product of the eigenvalues is 4·var(x): no cancellation where they are far apart
        return float(4.0 * self.x.var() / high), float(high)

    @property
    def limit(self) -> float:
        """The largest stable rate, 2/λmax."""
        return 2.0 / self.curvature[1]

    @property
    def goldilocks(self) -> float:
        """The rate that shrinks both directions by the same factor, 2/(λmin + λmax)."""
        return 2.0 / (self.curvature[0] + self.curvature[1])

    def walk(self, rate: float, steps: int, batch: int, rng: np.random.Generator) -> Array:
        """Descends from (0, 0), each step on the next `batch` rows of a deck that is shuffled anew when used up.

        Args:
            rate: η > 0.
            steps: how many.
            batch: rows in a step, 1 to n; n takes all of them and draws nothing.
            rng: shuffles.

        Returns:
            (intercept, slope) of each step, shape (kept + 1, 2); cut where the weights ran away.
        """
        n = len(self.x)
        if batch >= n:
            x1, x2, y1, xy, _ = self.moments
            sums = np.broadcast_to(np.array([x1, x2, y1, xy]), (steps, 4))
        else:
            deck = np.concatenate([rng.permutation(n) for _ in range(-(-steps * batch // n))])
            rows = deck[: steps * batch].reshape(steps, batch)
            x, y = self.x[rows], self.y[rows]
            sums = np.stack([x.mean(1), (x * x).mean(1), y.mean(1), (x * y).mean(1)], axis=1)
        b, m, path = 0.0, 0.0, [(0.0, 0.0)]
        for x1, x2, y1, xy in sums.tolist():
            b, m = b - 2.0 * rate * (b + m * x1 - y1), m - 2.0 * rate * (b * x1 + m * x2 - xy)
            if not (abs(b) < LOST and abs(m) < LOST):
                break
            path.append((b, m))
        return np.array(path)

    def steps_to(self, rates: Array, share: float, most: int) -> NDArray[np.int64]:
        """Runs full descent at every rate and counts the steps until the loss is within a share of the lowest.

        Args:
            rates: shape (R,).
            share: 0.01 is one per cent above the lowest.
            most: how many steps are tried.

        Returns:
            shape (R,); −1 for a rate that does not get there.
        """
        x1, x2, *_ = self.moments
        db, dm = np.full(rates.shape, -self.best[0]), np.full(rates.shape, -self.best[1])
        found = np.full(rates.shape, -1, dtype=np.int64)
        with np.errstate(all="ignore"):  # rates above the limit run away
            for step in range(most + 1):
                above = db * db + 2.0 * x1 * db * dm + x2 * dm * dm
                found[(found < 0) & (above <= share * self.lowest)] = step
                if (found >= 0).all():
                    break
                db, dm = db - 2.0 * rates * (db + dm * x1), dm - 2.0 * rates * (db * x1 + dm * x2)
        return found
