"""Sampler: suggests what to try next from what was tried before. It keeps nothing between calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial


class Sampler(ABC):
    """What every sampler answers: a function of the space, the past trials and the stream alone."""

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> Params:
        """Returns the next parameters, allowed by the space.

        Raises:
            FallLineError: nothing is left to try.
        """
        return self.suggest_batch(space, trials, rng, 1)[0]

    @abstractmethod
    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together; fewer, or none, when that is all there is left."""
