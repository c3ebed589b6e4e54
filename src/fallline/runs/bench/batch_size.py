"""What walks at one batch size did: where they are late, when they arrived, and what theory says of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fallline.engine.descent.row_moments import RowMoments
from fallline.engine.descent.row_walks import RowWalks
from fallline.runs.bench.short import short

Array = NDArray[np.float64]
HALF = float(np.sqrt(2.0 * np.log(2.0)))
"""Half of a normal cloud in the plane lies within so many deviations."""
ROUND = np.linspace(0.0, 2.0 * np.pi, 49)
SMALLEST = 1e-16
"""A loss above the lowest that is not told from 0."""


@dataclass(frozen=True, eq=False)
class BatchSize:
    """Walks at one size.

    Attributes:
        size: rows to a batch.
        rate: η.
        moments: of the rows.
        walks: what was walked.
        late: which of the kept steps belong to the last part of the budget, shape (S,).
        stable: whether the spread stays bounded at this rate.
    """

    size: int
    rate: float
    moments: RowMoments
    walks: RowWalks
    late: NDArray[np.bool_]
    stable: bool

    @property
    def excess(self) -> Array:
        """The loss above the lowest, shape (R, S); infinite once a walk has run away."""
        away = self.walks.weights - self.moments.lowest
        with np.errstate(over="ignore", invalid="ignore"):
            found = 0.5 * np.einsum("rsi,ij,rsj->rs", away, self.moments.hessian, away)
        return np.asarray(np.where(np.isfinite(found), np.maximum(found, SMALLEST), np.inf))

    @property
    def ends(self) -> Array:
        """The mean of the late losses of each walk, shape (R,)."""
        return np.asarray(self.excess[:, self.late].mean(axis=1))

    @property
    def arrived(self) -> int | None:
        """The median step of arriving; None where fewer than half of the walks arrive."""
        arrived = self.walks.arrived
        steps = np.sort(arrived[arrived >= 0])
        middle = (len(arrived) - 1) // 2
        return int(steps[middle]) if middle < len(steps) else None

    def summary(self) -> dict[str, Any]:
        """Returns the numbers of the size."""
        expected = self.moments.excess(self.rate, self.size, self.walks.steps[self.late]).mean()
        noisy = self.stable and self.size < len(self.moments.labels)
        return {
            "size": self.size,
            "steps": int(self.walks.steps[-1]),
            "late": _quartiles(self.ends),
            "theory": float(max(expected, SMALLEST)) if self.stable and np.isfinite(expected) else None,
            "floor": _told(self.moments.floor(self.rate, self.size)) if noisy else None,
            "stable": self.stable,
            "lost": int((self.walks.lost >= 0).sum()),
            "arrived": self.arrived,
            "arrived_reads": None if self.arrived is None else self.arrived * self.size,
        }

    def curves(self) -> dict[str, Any]:
        """Returns what is drawn: the first walk, the band of losses, where all end, and the ball by theory."""
        low, middle, high = np.quantile(self.excess, (0.25, 0.5, 0.75), axis=0, method="nearest")
        whole = int(np.argmin(np.isfinite(high))) if not np.isfinite(high).all() else len(high)
        path = self.walks.weights[0]
        there = path[np.isfinite(path).all(axis=1)]
        last = self.walks.weights[:, -1]
        return {
            "step": self.walks.steps.tolist(),
            "path": short(there),
            "low": short(low[:whole]),
            "median": short(middle[:whole]),
            "high": short(high[:whole]),
            "ends": short(last[np.isfinite(last).all(axis=1)]),
            **self._ball(last),
        }

    def _ball(self, last: Array) -> dict[str, Any]:
        """The ellipse in which theory sees half of the weights in the long run, and how many walks end in it."""
        spread = self.moments.settled(self.rate, self.size) if self.stable else None
        if spread is None or not np.linalg.eigvalsh(spread)[0] > SMALLEST:
            return {"ball": None, "inside": None}
        root = np.linalg.cholesky(spread)
        ellipse = self.moments.lowest + HALF * np.stack([np.cos(ROUND), np.sin(ROUND)], axis=1) @ root.T
        away = np.linalg.solve(root, (last - self.moments.lowest).T)
        return {"ball": short(ellipse), "inside": int((np.hypot(*away) <= HALF).sum())}


def _told(floor: float | None) -> float | None:
    """A floor that is not told from 0 is none: every row is fitted exactly."""
    return 0.0 if floor is not None and floor < SMALLEST else floor


def _quartiles(values: Array) -> dict[str, float | None]:
    found = np.quantile(values, (0.25, 0.5, 0.75), method="nearest")
    return {
        name: float(value) if np.isfinite(value) else None
        for name, value in zip(("low", "median", "high"), found, strict=True)
    }
