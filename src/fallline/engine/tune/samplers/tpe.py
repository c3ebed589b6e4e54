"""The tree-structured Parzen estimator, over whole points (Bergstra et al. 2011; Watanabe 2023)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fallline.engine.fronts import dominance_ranks
from fallline.engine.tune.coding import Coding
from fallline.engine.tune.evidence import Evidence, evidence
from fallline.engine.tune.samplers.parzen import Parzen
from fallline.engine.tune.samplers.sampler import Sampler
from fallline.engine.tune.samplers.spread import row_of, spread_point
from fallline.engine.tune.space import Params, Space
from fallline.engine.tune.trial import Trial

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tpe(Sampler):
    """Draws where good trials are dense and takes the draw with the best ratio of good to bad.

    All parameters of a point are drawn together from one kernel, so that what goes together stays together. A parameter
    that a kernel's trial did not have is drawn evenly: an inactive one never influences the model.

    Attributes:
        startup: spread trials first.
        candidates: draws, of which the best ratio is taken.
        share: of the trials that counts as good: the best ⌈share · n⌉, at most `most`.
        most: good trials.
    """

    startup: int = 10
    candidates: int = 24
    share: float = 0.1
    most: int = 25

    def suggest_batch(self, space: Space, trials: Sequence[Trial], rng: np.random.Generator, n: int) -> list[Params]:
        """Returns parameters for n trials that go out together, each taking those before it for bad."""
        coding = Coding(space)
        if not coding.width:
            return [space.sample(rng) for _ in range(n)]
        seen = evidence(coding, trials)
        good = self.good(seen) if len(seen) else np.zeros(0, dtype=np.intp)
        rows = np.vstack([seen.rows, seen.running])
        start, early = len(rows), len(seen) < self.startup or not seen.complete.any()
        for _ in range(n):
            row = spread_point(coding, rows, rng) if early else self.next_row(coding, rows, good, rng)
            rows = np.vstack([rows, row])
        return [coding.params(row) for row in rows[start:]]

    def good(self, seen: Evidence) -> NDArray[np.intp]:
        """Returns the places of the good trials, the best first.

        Feasible ones come before the others, those by how far they are from feasible (Deb et al. 2002); of several
        objectives the rank of dominance decides.
        """
        count = min(math.ceil(self.share * len(seen)), self.most)
        excess = np.nansum(np.maximum(np.nan_to_num(seen.constraints, nan=np.inf), 0.0), axis=1)
        order = seen.losses[:, 0]
        if seen.losses.shape[1] > 1:
            order = np.asarray(dominance_ranks(seen.losses, ["minimize"] * seen.losses.shape[1]), dtype=np.float64)
        return np.lexsort((order, excess))[:count]

    def next_row(self, coding: Coding, rows: Floats, good: NDArray[np.intp], rng: np.random.Generator) -> Floats:
        """Returns the settled, allowed draw with the best ratio.

        Args:
            coding: of the space.
            rows: all that was tried, shape (n, width).
            good: places of the good ones.
            rng: stream of the draws.
        """
        bad = np.setdiff1d(np.arange(len(rows)), good)
        better, worse = Parzen.of(coding, rows[good]), Parzen.of(coding, rows[bad])
        drawn, active = coding.settle(better.draw(self.candidates, rng))
        allowed = coding.allowed(drawn)
        if not allowed.any():
            return row_of(coding.drawn(1, rng), 0)
        drawn, active = drawn[allowed], active[allowed]
        ratio = better.log_density(drawn, active) - worse.log_density(drawn, active)
        return row_of(drawn, int(ratio.argmax()))
