"""Points that fill a space more evenly than chance: the Sobol sequence and Latin hypercubes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial


@dataclass(frozen=True)
class Sobol:
    """The Sobol sequence (Sobol 1967), scrambled (Owen 1998); the n-th trial takes the n-th point.

    What the constraints do not allow is replaced by a random point that they do.

    Attributes:
        scramble: the seed of the scrambling; the same for all trials of a study.
    """

    scramble: int = 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> Params:
        """Returns the next point of the sequence."""
        return self.suggest_batch(space, trials, rng, 1)[0]

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns the next n points."""
        from scipy.stats import qmc  # half a second that a look-up does not wait for

        coding = Coding(space)
        if not coding.width:
            return [space.sample(rng) for _ in range(n)]
        sequence = qmc.Sobol(coding.width, scramble=True, rng=np.random.default_rng(self.scramble))
        past = max((trial.number + 1 for trial in trials), default=0)
        if past:  # SciPy cannot go forward by none
            sequence.fast_forward(past)
        found = [coding.params(row) for row in _points(sequence, n)]
        return [params if space.allows(params) else space.sample(rng) for params in found]


@dataclass(frozen=True)
class LatinHypercube:
    """Latin hypercubes, one after another (McKay, Beckman and Conover 1979): each level of each parameter once.

    Attributes:
        size: trials of one hypercube, ≥ 2.
        scramble: seed of the hypercubes; the same for all trials of a study.
    """

    size: int = 16
    scramble: int = 0

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> Params:
        """Returns the next point."""
        return self.suggest_batch(space, trials, rng, 1)[0]

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns the next n points."""
        coding = Coding(space)
        if not coding.width:
            return [space.sample(rng) for _ in range(n)]
        start = max((trial.number + 1 for trial in trials), default=0)
        found = [coding.params(self._row(coding.width, number)) for number in range(start, start + n)]
        return [params if space.allows(params) else space.sample(rng) for params in found]

    def _row(self, width: int, number: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Returns the point of a number: its hypercube is drawn from the hypercube's own stream."""
        cube, place = divmod(number, self.size)
        rng = np.random.default_rng([self.scramble, cube])
        levels = rng.permuted(np.tile(np.arange(self.size), (width, 1)), axis=1)[:, place]
        row = (levels + rng.random((width, self.size))[:, place]) / self.size
        return np.asarray(row, dtype=np.float64)


def _points(sequence: object, n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Draws n points; SciPy warns where n is no power of two, which a search cannot promise."""
    return np.vstack([sequence.random(1) for _ in range(n)])  # type: ignore[attr-defined]
