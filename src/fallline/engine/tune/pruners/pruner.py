"""Pruner: says between folds whether a trial has fallen too far behind to be worth the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fallline.engine.tune.trial import Trial


class Pruner(Protocol):
    """A function of the running trial and the past ones alone."""

    def __call__(self, trial: Trial, trials: Sequence[Trial]) -> bool:
        """Says whether to stop this trial now.

        Args:
            trial: the running one, with the losses of the folds so far.
            trials: those that ended before.
        """
        ...


def never(trial: Trial, trials: Sequence[Trial]) -> bool:
    """Stops no trial."""
    del trial, trials
    return False


def of_family(trial: Trial, trials: Sequence[Trial], family: str) -> list[Trial]:
    """Returns the complete trials of the running one's family; of any, where trials have none.

    A family whose first trials are all stopped is judged by its worst settings: so none is stopped before the family
    has finished one.
    """
    return [past for past in trials if past.state == "complete" and past.params.get(family) == trial.params.get(family)]
