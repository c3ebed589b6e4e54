"""Grid search: every combination of a few values of each parameter, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from fallline.core.errors import FallLineError
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.space import Params, Space, key
from fallline.engine.tune.trial import Trial


@dataclass(frozen=True)
class Grid(Sampler):
    """Takes the first combination that no trial has tried.

    Attributes:
        points: values per number, ends included; every choice of a categorical parameter.
    """

    points: int = 4

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> Params:
        """Returns the next combination.

        Raises:
            FallLineError: all of them have been tried.
        """
        found = self.suggest_batch(space, trials, rng, 1)
        if not found:
            raise FallLineError(f"All combinations of {self.points} points have been tried: raise points or stop here.")
        return found[0]

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns the next n combinations, or as many as are left."""
        del rng
        tried = {key(trial.params) for trial in trials}
        return list(islice((params for params in self.combinations(space) if key(params) not in tried), n))

    def combinations(self, space: Space, chosen: Params | None = None, place: int = 0) -> Iterator[Params]:
        """Yields every combination; under a condition that does not hold a parameter adds none."""
        params = chosen or {}
        if place == len(space.order):
            yield dict(params)
            return
        name = space.order[place]
        if not space.active(name, params):
            yield from self.combinations(space, params, place + 1)
            return
        for value in space.dimensions[name].grid(self.points):
            yield from self.combinations(space, {**params, name: value}, place + 1)
