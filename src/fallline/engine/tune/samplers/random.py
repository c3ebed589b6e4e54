"""Random search: every trial drawn anew (Bergstra and Bengio 2012)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial


@dataclass(frozen=True)
class Random(Sampler):
    """Draws from the space and looks at no trial."""

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns n random points."""
        del trials
        return [space.sample(rng) for _ in range(n)]
