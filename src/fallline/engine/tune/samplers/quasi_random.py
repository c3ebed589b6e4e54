"""Points that fill a space more evenly than chance: the Sobol sequence and Latin hypercubes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial

Floats = NDArray[np.float64]


class Numbered(Sampler):
    """Gives the n-th trial the n-th point of a sequence; what the constraints do not allow becomes a random point."""

    @abstractmethod
    def rows(self, width: int, start: int, count: int) -> Floats:
        """Returns the points from number `start` on, in the unit cube, shape (count, width)."""

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns the next n points."""
        coding = Coding(space)
        if not coding.width:
            return [space.sample(rng) for _ in range(n)]
        start = max((trial.number + 1 for trial in trials), default=0)
        found = [coding.params(row) for row in self.rows(coding.width, start, n)]
        return [params if space.allows(params) else space.sample(rng) for params in found]


@dataclass(frozen=True)
class Sobol(Numbered):
    """The Sobol sequence (Sobol 1967), scrambled (Owen 1998).

    Attributes:
        scramble: the seed of the scrambling; the same for all trials of a study.
    """

    scramble: int = 0

    def rows(self, width: int, start: int, count: int) -> Floats:
        """Returns points of the sequence, one by one: SciPy warns where a count is no power of two."""
        from scipy.stats import qmc  # half a second that a look-up does not wait for

        sequence = qmc.Sobol(width, scramble=True, rng=np.random.default_rng(self.scramble))
        if start:  # SciPy cannot go forward by none
            sequence.fast_forward(start)
        return np.vstack([sequence.random(1) for _ in range(count)])


@dataclass(frozen=True)
class LatinHypercube(Numbered):
    """Latin hypercubes, one after another (McKay, Beckman and Conover 1979): each level of each parameter once.

    Attributes:
        size: trials of one hypercube, ≥ 2.
        scramble: seed of the hypercubes; the same for all trials of a study.
    """

    size: int = 16
    scramble: int = 0

    def rows(self, width: int, start: int, count: int) -> Floats:
        """Returns points of the hypercubes, each drawn from a stream of its own."""
        return np.array([self._row(width, number) for number in range(start, start + count)])

    def _row(self, width: int, number: int) -> Floats:
        cube, place = divmod(number, self.size)
        rng = np.random.default_rng([self.scramble, cube])
        levels = rng.permuted(np.tile(np.arange(self.size), (width, 1)), axis=1)[:, place]
        row: Floats = (levels + rng.random((width, self.size))[:, place]) / self.size
        return row
