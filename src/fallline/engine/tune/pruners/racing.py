"""Racing: stop what is behind the best by more than its paired differences can explain (Maron and Moore 1994).

Folds differ more from one another than settings do, so trials are compared fold by fold, as in F-race (Birattari et al.
2002) with a t test. A ratio of losses, by contrast, stops nearly everything on an easy table and nothing on a hard one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fallline.engine.tune.pruners.pruner import of_family
from fallline.engine.tune.trial import Trial, finished


@dataclass(frozen=True)
class Racing:
    """Races each trial against the best complete one.

    Attributes:
        level: confidence, one-sided, with which a trial must be behind to be stopped.
        folds: folds before it stops any, ≥ 2.
        family: the parameter that names the family; each finishes one trial first.
    """

    level: float = 0.95
    folds: int = 2
    family: str = "family"

    def __call__(self, trial: Trial, trials: Sequence[Trial]) -> bool:
        """Says whether the mean paired difference exceeds its standard error by the t quantile for so many folds."""
        so_far = len(trial.intermediate)
        rivals = [past for past in finished(list(trials)) if len(past.intermediate) >= so_far]
        if so_far < max(2, self.folds) or not rivals or not of_family(trial, trials, self.family):
            return False
        best = rivals[0].intermediate
        behind = [own - other for own, other in zip(trial.intermediate, best, strict=False)]
        mean = sum(behind) / so_far
        spread = math.sqrt(sum((difference - mean) ** 2 for difference in behind) / (so_far - 1))
        from scipy.special import stdtrit  # 0.1 s that a look-up does not wait for: it loads this room for its names

        return mean > float(stdtrit(so_far - 1, self.level)) * spread / math.sqrt(so_far)
