"""The default: a Gaussian process where it is at its best, Parzen densities where it is not, on one history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fallline.engine.tune.coding import Coding
from fallline.engine.tune.samplers.gaussian_process import GaussianProcessSampler
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.samplers.tpe import Tpe
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial


@dataclass(frozen=True)
class FallLine(Sampler):
    """Bayesian optimization; where a space has choices or conditions, every so often a draw from good trials instead.

    Attributes:
        process: who suggests most trials.
        parzen: who suggests the others.
        turn: in spaces with choices or conditions, every `turn`-th trial is the densities' own; 0 for none.
    """

    process: GaussianProcessSampler = field(default_factory=GaussianProcessSampler)
    parzen: Tpe = field(default_factory=Tpe)
    turn: int = 4

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together."""
        coding = Coding(space)
        start = max((trial.number + 1 for trial in trials), default=0)
        mixed = bool(coding.unordered.any()) or any(d.when is not None for d in space.dimensions.values())
        turns = [self.turn and mixed and (start + k) % self.turn == self.turn - 1 for k in range(n)]
        early = start < self.process.first(coding)
        if early or not any(turns):
            return self.process.suggest_batch(space, trials, rng, n)
        drawn = self.parzen.suggest_batch(space, trials, rng, sum(map(bool, turns)))
        modelled = self.process.suggest_batch(space, trials, rng, n - len(drawn)) if len(drawn) < n else []
        return [drawn.pop(0) if turn else modelled.pop(0) for turn in turns]
