"""Sampler: suggests what to try next from what was tried before. It keeps nothing between calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial


class Sampler(Protocol):
    """What every sampler answers: a function of the space, the past trials and the stream alone."""

    def suggest(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator) -> Params:
        """Returns the next parameters, allowed by the space.

        Raises:
            FallLineError: nothing is left to try.
        """
        ...

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together; fewer, or none, when that is all there is left."""
        ...
