"""Median rule: stop what is worse than half of the past at the same fold (Golovin et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fallline.engine.tune.pruners.pruner import of_family
from fallline.engine.tune.trial import Trial


@dataclass(frozen=True)
class Median:
    """Compares mean losses over the folds so far.

    Attributes:
        startup: complete trials before it stops any.
        folds: folds before it stops any.
        family: the parameter that names the family; each finishes one trial first.
    """

    startup: int = 5
    folds: int = 1
    family: str = "family"

    def __call__(self, trial: Trial, trials: Sequence[Trial]) -> bool:
        """Says whether the mean so far is above the median of the complete trials' means at this fold."""
        so_far = len(trial.intermediate)
        if so_far < max(1, self.folds):
            return False
        past = [t.mean(so_far) for t in trials if t.state == "complete" and len(t.intermediate) >= so_far]
        if len(past) < max(1, self.startup):
            return False
        return bool(of_family(trial, trials, self.family)) and trial.mean(so_far) > median(past)
